"""What a report tells of the replays that were made to prove a cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.engine.proof import Proof, Replay
from chatkit_doctor.report.build import messages_of, screenshots_of
from chatkit_doctor.report.model import ProofModel, ReplayModel
from chatkit_doctor.report.remedies import diff_model

if TYPE_CHECKING:
    from chatkit_doctor.repairs.difference import AnswerChange


def proof_model(proof: Proof, changes: Sequence[AnswerChange] = ()) -> ProofModel:
    """A proof as the report tells it, with what the repair changed in the answers."""
    return ProofModel(
        outcome=proof.outcome,
        note=proof.note,
        causes=list(proof.causes),
        does=list(proof.does),
        disproven=list(proof.disproven),
        replays=[_replay(replay) for replay in proof.replays],
        diff=[diff_model(change) for change in changes],
    )


def _replay(replay: Replay) -> ReplayModel:
    shots = screenshots_of(replay.recording)
    return ReplayModel(
        repaired=list(replay.repaired),
        verdict=replay.diagnosis.verdict,
        symptoms=sorted(replay.symptoms),
        folder=replay.place,
        messages=messages_of(replay.recording),
        screenshots=[shot.model_copy(update={"file": f"{replay.place}/{shot.file}"}) for shot in shots],
    )
