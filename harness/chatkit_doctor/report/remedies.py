"""How the report tells of what a user gets to work with: corrected streams, commands, and differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatkit_doctor.report.model import CorrectionModel, DiffModel, RequestModel

if TYPE_CHECKING:
    from chatkit_doctor.repairs.corrected_streams import CorrectedStream
    from chatkit_doctor.repairs.curl import CurlCommand
    from chatkit_doctor.repairs.difference import AnswerChange

CORRECTED: Final = "corrected"
"""Where corrected streams are below the report's folder."""


def correction_model(stream: CorrectedStream) -> CorrectionModel:
    """One file per turn; a turn that takes several requests has several."""
    name = f"turn-{stream.turn}" + (f"-{stream.number}" if stream.number > 1 else "")
    return CorrectionModel(
        turn=stream.turn,
        op=stream.op,
        file=f"{CORRECTED}/{name}.sse",
        events=stream.events,
        text=stream.text,
    )


def request_model(command: CurlCommand) -> RequestModel:
    """A command as the report tells it."""
    return RequestModel(
        turn=command.turn,
        op=command.op,
        command=command.command,
        variables=list(command.variables),
        shortened=command.shortened,
    )


def diff_model(change: AnswerChange) -> DiffModel:
    """What a repair changed in one answer, as the report tells it."""
    return DiffModel(op=change.op, number=change.number, lines=list(change.lines), left_out=change.left_out)
