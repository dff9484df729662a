"""What a report tells of the replays that were made to prove a cause."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.engine.proof import Proof, Replay
from chatkit_doctor.report.build import messages_of, screenshots_of
from chatkit_doctor.report.model import DiffModel, ProofModel, ReplayModel

MOST_LINES: Final = 200
"""Lines of a diff that are shown."""
LONGEST_LINE: Final = 2_000
"""Characters of a line that are shown."""
_MOST_COMPARED: Final = 5_000
"""Lines of a body that are compared: the time it takes grows with their square."""
_CONTEXT: Final = 2


def proof_model(proof: Proof) -> ProofModel:
    """A proof as the report tells it."""
    recorded, repaired = proof.recorded, proof.repaired
    return ProofModel(
        outcome=proof.outcome,
        note=proof.note,
        causes=list(proof.causes),
        does=list(proof.does),
        disproven=list(proof.disproven),
        replays=[_replay(replay) for replay in proof.replays],
        diff=list(_diff(recorded, repaired)) if recorded is not None and repaired is not None else [],
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


def _diff(recorded: Conversation, repaired: Conversation) -> Iterator[DiffModel]:
    """The differences, answer by answer; a repair adds none and leaves none out."""
    for number, (before, after) in enumerate(zip(recorded.calls, repaired.calls, strict=False), start=1):
        lines = list(_changed(_lines(before), _lines(after)))
        if lines:
            shown = [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]
            left_out = len(lines) - len(shown)
            yield DiffModel(op=after.op, number=number, lines=shown, left_out=left_out)


def _changed(before: list[str], after: list[str]) -> list[str]:
    if before == after:
        return []
    # The first two lines name files.
    return list(difflib.unified_diff(before, after, lineterm="", n=_CONTEXT))[2:]


def _lines(call: Call) -> list[str]:
    """An answer as text: its status, its headers, its body, and how it ended."""
    status = "no answer" if call.status is None else f"HTTP {call.status}"
    headers = [f"{name}: {value}" for name, value in sorted(call.headers.items())]
    body = call.body.decode(errors="replace").splitlines()[:_MOST_COMPARED]
    return [status, *headers, "", *body, f"(the body is {call.how})"]
