"""What a proof costs: a failed session on a warm browser, and then what its replays take.

The seed attempts are carried out, judged and proven as the engine does it. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.session import SessionOptions
from chatkit_doctor.browser.warm import WarmProfile
from chatkit_doctor.engine.drive import Browsing
from chatkit_doctor.engine.environment import open_environment
from chatkit_doctor.engine.events import Judgement, SessionRef
from chatkit_doctor.engine.halting import Halt
from chatkit_doctor.engine.pipeline import judge_received
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.engine.proof import Proof, Replay
from chatkit_doctor.engine.prove import prove
from chatkit_doctor.engine.setup import Setup, setup_of
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.scenario.select import select

ATTEMPTS: Final = ("seed/attempt-1", "seed/attempt-2", "seed/attempt-3")
PROOF_S: Final = 2.0
"""What one proof, with its two replays, may take."""


class Bench:
    """A warm browser, and sessions in it one after the other."""

    def __init__(self, browsing: Browsing, folder: Path) -> None:
        self._browsing = browsing
        self._folder = folder
        self._halt = Halt(asyncio.Event(), None)
        self._count = 0

    async def session(self, drive: Drive) -> tuple[Judgement, float]:
        """A session, judged; and how many seconds it took."""
        begun = time.perf_counter()
        closed: list[Journal] = []
        await self._browsing.record(drive, self._ref(), lambda _: None, self._halt, closed.append)
        judgement = await asyncio.to_thread(judge_received, closed[0], drive.named.scenario.expect)
        return judgement, time.perf_counter() - begun

    async def proof(self, drive: Drive, judgement: Judgement) -> tuple[Proof, float]:
        """What replays show of a judgement; and how many seconds they took."""

        async def carry(setup: Setup, causes: tuple[str, ...], _number: int) -> Replay | None:
            journal = await self._browsing.replay(drive, setup, self._ref(), self._halt)
            if journal is None:
                return None
            found = await asyncio.to_thread(judge_received, journal, None)
            return Replay(causes, "", found.recording, found.diagnosis)

        begun = time.perf_counter()
        symptoms = [symptom.id for symptom in judgement.diagnosis.symptoms]
        setup = setup_of(drive.named.scenario, judgement.recording, symptoms)
        proof = (await prove(judgement, setup, carry)).proof
        if proof is None:
            raise RuntimeError("there was nothing to prove")
        return proof, time.perf_counter() - begun

    def _ref(self) -> SessionRef:
        self._count += 1
        return SessionRef(self._count, "bench", self._folder / str(self._count))


async def main(runtime_name: str | None, runs: int) -> None:
    """Measure each attempt, after one that warms the cache."""
    runtime = await asyncio.to_thread(choose, runtime_name)
    print(f"Runtime: {runtime.why}")
    drives = [Drive(named) for named in select(ATTEMPTS)]
    with tempfile.TemporaryDirectory() as folder:
        async with open_environment(drives, runtime, WarmProfile(choose_browser())) as environment:
            bench = Bench(Browsing(environment, SessionOptions(trace=False)), Path(folder))
            await bench.session(drives[0])
            for drive in drives:
                print(await measured(bench, drive, runs))


async def measured(bench: Bench, drive: Drive, runs: int) -> str:
    """What a proof of one scenario takes, beside a session of it, in words."""
    sessions, proofs, told = [], [], ""
    for _ in range(runs):
        judgement, session_s = await bench.session(drive)
        proof, proof_s = await bench.proof(drive, judgement)
        sessions.append(session_s)
        proofs.append(proof_s)
        told = f"{len(proof.replays)} replays, {proof.outcome}"
    low, middle, high = min(proofs), statistics.median(proofs), max(proofs)
    return (
        f"{drive.named.name:18} {middle:6.3f} s  (min {low:.3f}, max {high:.3f}, {runs} proofs; {told}; "
        f"a session {statistics.median(sessions):.3f} s, target {PROOF_S:g} s)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    asyncio.run(main(options.runtime, options.runs))
