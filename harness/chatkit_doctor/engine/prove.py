"""Proves a cause by experiment: the session is replayed as it was, and with one fault repaired."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis
from chatkit_doctor.diagnosis.experiment import loss
from chatkit_doctor.diagnosis.layers import layer_states
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.proof import Proof, ProofOutcome, Replay
from chatkit_doctor.engine.setup import Setup, continued, repaired
from chatkit_doctor.repairs.registry import NO_REPAIR, REPAIRS
from chatkit_doctor.vocabulary import Confidence, Verdict

MOST_REPLAYS: Final = 6
"""Replays of one session, the one as recorded included."""
LIMIT_S: Final = 90.0
"""How long all of them may take; a stream that never ends takes the whole limit of its turn."""

Carry = Callable[[Setup, tuple[str, ...], int], Awaitable[Replay | None]]
"""Replays a session with these causes repaired, as number n; None when it had to stop."""


async def prove(judgement: Judgement, setup: Setup, carry: Carry, limit_s: float = LIMIT_S) -> Judgement:
    """The judgement with what replays say of its cause; the same one where there is nothing to prove.

    All of them may take ``limit_s``.
    """
    cause = judgement.diagnosis.cause
    if judgement.diagnosis.verdict is not Verdict.FAIL or cause is None:
        return judgement
    trial = _Trial(judgement.diagnosis, setup, carry)
    try:
        async with asyncio.timeout(limit_s):
            proof = await trial.proof()
    except TimeoutError:
        proof = trial.broken_off(f"the limit of {limit_s:g} s for replays was reached")
    diagnosis = _diagnosis(judgement, proof)
    return replace(
        judgement, diagnosis=diagnosis, drift=_drift(judgement, cause, diagnosis.cause), proof=proof
    )


def why_not_tried(setup: Setup, cause: str) -> str:
    """Why the repair of a cause cannot be tried out on a session, in words."""
    if cause not in REPAIRS:
        return NO_REPAIR.get(cause, "There is no repair for it.")
    if repaired(setup, (cause,)) is not setup:
        return "The recording does not contain the backend's responses to the repaired page."
    if REPAIRS[cause].unless:
        return REPAIRS[cause].unless
    if REPAIRS[cause].conversation is None:
        return "The page's set-up does not contain the fault: the repair finds nothing to change there."
    return "The repair finds nothing to change in what was recorded."


class _Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Raised when a replay had to stop."""


class _Trial:
    def __init__(self, diagnosis: Diagnosis, setup: Setup, carry: Carry) -> None:
        self._diagnosis = diagnosis
        self._setup = setup
        self._carry = carry
        self._replays: list[Replay] = []
        self._disproven: list[str] = []

    def broken_off(self, note: str) -> Proof:
        """What there is when no more may be tried."""
        return self._proof(ProofOutcome.BROKEN_OFF, note)

    async def proof(self) -> Proof:
        """Replay until something is proven or nothing is left to try."""
        suspected = list(self._suspected())
        if not suspected:
            return self._proof(ProofOutcome.NOT_TRIED, self._why_not())
        try:
            before = await self._replay(self._setup, ())
            missing = _losses(s.id for s in self._diagnosis.symptoms) - _losses(before.symptoms)
            if missing:
                return self._proof(ProofOutcome.NOT_REPRODUCIBLE, _difference(missing, before))
            anew: list[tuple[tuple[str, ...], Setup, Replay]] = []
            for causes in islice(suspected, MOST_REPLAYS - 1):
                setup = repaired(self._setup, causes)
                after = await self._replay(setup, causes)
                if after.diagnosis.verdict is Verdict.PASS:
                    return self._proven(causes, setup)
                if not setup.is_replayed:
                    anew.append((causes, setup, after))
                elif len(causes) == 1:
                    self._disproven += causes
            for causes, setup, after in anew:
                if (proof := await self._behind(causes, setup, after)) is not None:
                    return proof
                if len(causes) == 1:
                    self._disproven += causes
        except _Stopped:
            return self.broken_off("the run had to stop")
        root = self._diagnosis.cause
        if root is None or not self._changes((root.id,)):
            return self._proof(ProofOutcome.NOT_TRIED, self._why_not())
        return self._proof(ProofOutcome.DISPROVEN, _still(self._replays[-1]))

    async def _behind(self, causes: tuple[str, ...], setup: Setup, after: Replay) -> Proof | None:
        """The proof with what shows in answers that had never been asked for, or been kept back.

        What the first repairs let through was in no recording, so that no simulation could look behind them.
        """
        while len(self._replays) < MOST_REPLAYS:
            inner = tuple(each.id for each in after.diagnosis.causes if each.id not in causes)
            asked = continued(setup, after.recording)
            setup = repaired(asked, inner)
            if setup is asked:
                return None
            causes += inner
            after = await self._replay(setup, causes)
            if after.diagnosis.verdict is Verdict.PASS:
                return self._proven(causes, setup)
        return None

    async def _replay(self, setup: Setup, causes: tuple[str, ...]) -> Replay:
        replay = await self._carry(setup, causes, len(self._replays))
        if replay is None:
            raise _Stopped
        self._replays.append(replay)
        return replay

    def _suspected(self) -> Iterator[tuple[str, ...]]:
        """What to repair, set after set: what simulations found, each alone, all of them together."""
        diagnosis = self._diagnosis
        found = tuple(each.id for each in diagnosis.causes if each.id in REPAIRS)
        causes = [each for each in (diagnosis.cause, *diagnosis.contributing) if each is not None]
        able = tuple(each.id for each in causes if self._changes((each.id,)))
        sets = dict.fromkeys((found, *((each,) for each in able), able))
        yield from (each for each in sets if each and self._changes(each))

    def _changes(self, causes: tuple[str, ...]) -> bool:
        """Whether something can be repaired, and a page that is repaired gets its answers."""
        setup = repaired(self._setup, causes)
        return setup is not self._setup and (setup.scenario is self._setup.scenario or setup.is_answered)

    def _why_not(self) -> str:
        cause = self._diagnosis.cause
        return why_not_tried(self._setup, cause.id if cause is not None else "")

    def _proven(self, causes: tuple[str, ...], setup: Setup) -> Proof:
        found = self._proof(ProofOutcome.PROVEN, "")
        does = tuple(REPAIRS[cause].does for cause in causes if cause in REPAIRS)
        return replace(found, causes=causes, does=does, scenario=setup.scenario, repaired=setup.conversation)

    def _proof(self, outcome: ProofOutcome, note: str) -> Proof:
        return Proof(
            outcome,
            note,
            replays=tuple(self._replays),
            disproven=tuple(self._disproven),
            scenario=self._setup.scenario,
            recorded=self._setup.conversation,
        )


def _losses(symptoms: Iterable[str]) -> set[str]:
    return set(map(loss, symptoms))


def _still(replay: Replay) -> str:
    """What is left once the repairs are made, and what brings that about where it has no repair."""
    left = ", ".join(sorted(replay.symptoms)) or replay.diagnosis.reason
    cause = replay.diagnosis.cause
    because = NO_REPAIR.get(cause.id, "") if cause is not None else ""
    return f"with the repair there is still: {left}" + (
        f" ({cause.id}: {because})" if cause and because else ""
    )


def _difference(missing: Iterable[str], replay: Replay) -> str:
    shown = ", ".join(sorted(replay.symptoms)) or replay.diagnosis.reason or "no symptom"
    return f"replayed as recorded there was {shown}, but not: {', '.join(sorted(missing))}"


def _diagnosis(judgement: Judgement, proof: Proof) -> Diagnosis:
    """The diagnosis with a cause that is proven, or one that is less sure than before."""
    diagnosis, root = judgement.diagnosis, judgement.diagnosis.cause
    if root is None:
        return diagnosis
    if proof.outcome is ProofOutcome.DISPROVEN and root.id in proof.disproven:
        unsure = replace(root, confidence=Confidence.LIKELY)
        causes = tuple(unsure if each.id == root.id else each for each in diagnosis.causes)
        return replace(diagnosis, cause=unsure, causes=causes)
    if proof.outcome is not ProofOutcome.PROVEN:
        return diagnosis
    known = [root, *diagnosis.contributing]
    proven = [_as_proven(each) for each in known if each.id in proof.causes]
    # Whose repair alone did not help is not a cause of what was seen.
    contributing = [each for each in known if each.id not in {*proof.causes, *proof.disproven}]
    demoted = [each for each in known if each.id in proof.disproven and each.id not in proof.causes]
    behind = (*proven[1:], *contributing)
    return replace(
        diagnosis,
        cause=proven[0],
        causes=tuple(proven),
        contributing=behind,
        warnings=(*demoted, *diagnosis.warnings),
        layers=layer_states(judgement.recording, diagnosis.findings, proven[0], behind),
    )


def _drift(judgement: Judgement, before: Cause, after: Cause | None) -> tuple[str, ...] | None:
    """How the session led elsewhere: by a cause that gave way, too, since nobody expected that."""
    if judgement.drift is None or after is None or after.id == before.id:
        return judgement.drift
    return (*judgement.drift, f"The cause {before.id} gave way to {after.id}, which replays have proven.")


def _as_proven(cause: Cause) -> Cause:
    return replace(cause, confidence=Confidence.PROVEN)
