"""Whether operations that carry no message were answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable
from chatkit_doctor.audits.responses import what_it_says
from chatkit_doctor.audits.single_answers import refusal, seen_at
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges
from chatkit_doctor.vocabulary import JSON_OPS, READING_OPS

_EFFECT: Final = {
    "items.feedback": "The button stays pressed, and the user sees no error.",
    "threads.update": "The dialog stays open and reports the failure.",
    "threads.delete": "The dialog stays open and reports the failure, but the thread disappears from the "
    "screen.",
    "attachments.create": "The file disappears from the composer, and a notice says that the upload failed.",
    "attachments.delete": "The file disappears from the composer anyway, but stays on the backend.",
    "threads.sync_custom_action": "The widget stays as it is, and a notice says that the action could not be "
    "completed.",
    "input.transcribe": "The composer stays empty, with a notice.",
}
"""What the component does, by operation (measured)."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per operation that was refused or got no response."""
    asked = [exchange for exchange in exchanges(recording) if exchange.op in JSON_OPS - READING_OPS]
    if not asked:
        raise NotApplicable("no such operation was requested")
    for exchange in asked:
        if what := refusal(exchange):
            yield _failure(recording, exchange, what)


def _failure(recording: Recording, exchange: Exchange, what: str) -> Failure:
    return Failure(
        (seen_at(exchange, f"{exchange.op}: {what}"),),
        turn=exchange.turn,
        t_ms=exchange.t,
        title=f"{exchange.op} failed",
        why=f"The component requested {exchange.op}, and {what}.{what_it_says(recording, exchange)} "
        f"{_EFFECT.get(exchange.op, '')}".rstrip(),
        details={"op": exchange.op, "status": exchange.status or 0},
    )


AUDIT = Audit(
    id="operation-failed",
    passes="Every operation without a message was answered.",
    why="The backend rejected an operation that the user triggered with a button.",
    fix="Handle every operation that the page offers, at the same URL as all others: route by the type in "
    "the body. With openai-chatkit: await server.process(await request.body(), context), and override what "
    "the operation needs (add_feedback, action, sync_action, transcribe, an AttachmentStore). Remove "
    "features that the backend does not support from the page's options.",
    judge=judge,
    explains=frozenset({"error-shown"}),
)
