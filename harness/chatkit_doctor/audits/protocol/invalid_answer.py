"""Whether operations that are answered with one document got one of the right shape."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.single_answers import NEEDED, is_misshapen
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per answer in which the component finds nothing of what it needs."""
    asked = [exchange for exchange in exchanges(recording) if exchange.op in NEEDED]
    if not asked:
        raise NotApplicable("no such operation was asked for")
    for exchange in asked:
        if is_misshapen(recording, exchange):
            yield _failure(exchange)


def _failure(exchange: Exchange) -> Failure:
    last = exchange.last
    entry = (last.response or last.sent) if last is not None else exchange.asked
    said = f"{exchange.op} is not answered with {NEEDED[exchange.op]}"
    return Failure(
        (seen(entry, said),) if entry is not None else (),
        turn=exchange.turn,
        t_ms=exchange.t,
        title=f"The answer to {exchange.op} has another shape",
        why=f"The component needs {NEEDED[exchange.op]}, and the answer has nothing of the kind.",
        details={"op": exchange.op},
    )


AUDIT = Audit(
    id="invalid-answer",
    passes="Every operation got an answer of the right shape.",
    why="The component finds nothing in the answer of what it needs.",
    fix="Answer with application/json as the SDK's types say: attachments.create with the attachment and "
    'its upload_descriptor, threads.sync_custom_action with {"updated_item": item or null}, input.transcribe '
    'with {"text": "…"}.',
    judge=judge,
    explains=frozenset({"error-shown"}),
)
