"""Replays of a session in a browser that is open, and what they say of its cause."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chatkit_doctor.engine.events import Judgement, SessionRef
from chatkit_doctor.engine.halting import Halt
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.engine.proof import Replay

if TYPE_CHECKING:
    from chatkit_doctor.diagnosis.diagnosis import Diagnosis
    from chatkit_doctor.engine.drive import Browsing
    from chatkit_doctor.engine.setup import Setup
    from chatkit_doctor.recording.reader import Recording

PROOF_FOLDER: Final = "proof"
"""Where the replays of a session lie, below its own folder."""


@dataclass(frozen=True, slots=True)
class Replaying:
    """Where and how a session is replayed; ``judges`` is where replays are judged, None for anywhere."""

    browsing: Browsing
    ref: SessionRef
    session: Drive
    halt: Halt
    judges: Executor | None = None

    def setup(self, recording: Recording, diagnosis: Diagnosis | None = None) -> Setup:
        """What is replayed of the session; without a diagnosis nothing was found in it yet."""
        from chatkit_doctor.engine.setup import in_place_of_a_page, setup_of

        on_own_page = self.session.target is not None
        symptoms = () if diagnosis is None else (symptom.id for symptom in diagnosis.symptoms)
        setup = setup_of(self.session.named.scenario, recording, symptoms, on_own_page=on_own_page)
        return in_place_of_a_page(setup, diagnosis) if on_own_page else setup

    async def carry(self, setup: Setup, causes: tuple[str, ...], number: int) -> Replay | None:
        """Replay the session and judge that; None when it had to stop."""
        from chatkit_doctor.engine.pipeline import judge_received

        place = f"{PROOF_FOLDER}/{number}"
        replayed = SessionRef(self.ref.index, self.ref.name, self.ref.directory / place, place)
        journal = await self.browsing.replay(self.session, setup, replayed, self.halt)
        if journal is None:
            return None
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self.judges, judge_received, journal, None)
        return Replay(causes, place, found.recording, found.diagnosis)

    async def proven(self, judgement: Judgement, limit_s: float) -> Judgement:
        """The judgement with what replays say of its cause, which may take so many seconds."""
        from chatkit_doctor.engine.prove import prove

        setup = self.setup(judgement.recording, judgement.diagnosis)
        return await prove(judgement, setup, self.carry, limit_s)
