"""Whether operations that are answered with one document got one of the right shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.protocol.payload import JsonObject, as_object
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges

_SHAPE: Final = {
    "attachments.create": "an attachment with id, mime_type and upload_descriptor.url",
    "threads.sync_custom_action": "the changed item under the key updated_item, or null there",
    "input.transcribe": "the text under the key text",
}
"""What the component needs of the answer, by operation (measured). It reads nothing of the others."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per answer in which the component finds nothing of what it needs."""
    asked = [exchange for exchange in exchanges(recording) if exchange.op in _SHAPE]
    if not asked:
        raise NotApplicable("no such operation was asked for")
    for exchange in asked:
        if _is_wrong(recording, exchange):
            yield _failure(exchange)


def _is_wrong(recording: Recording, exchange: Exchange) -> bool:
    last = exchange.last
    if exchange.status is None or exchange.status >= 400 or (last and last.size and not last.body(recording)):
        return False
    try:
        answer = exchange.answer(recording)
    except ValueError:
        return True
    return not isinstance(answer, Mapping) or not _fits(exchange.op, as_object(answer))


def _fits(op: str, answer: JsonObject) -> bool:
    match op:
        case "attachments.create":
            place = as_object(answer.get("upload_descriptor")).get("url") or answer.get("upload_url")
            return bool(answer.get("id") and answer.get("mime_type") and place)
        case "threads.sync_custom_action":
            return "updated_item" in answer
        case _:
            return isinstance(answer.get("text"), str)


def _failure(exchange: Exchange) -> Failure:
    last = exchange.last
    entry = (last.response or last.sent) if last is not None else exchange.asked
    said = f"{exchange.op} is not answered with {_SHAPE[exchange.op]}"
    return Failure(
        (seen(entry, said),) if entry is not None else (),
        turn=exchange.turn,
        t_ms=exchange.t,
        title=f"The answer to {exchange.op} has another shape",
        why=f"The component needs {_SHAPE[exchange.op]}, and the answer has nothing of the kind.",
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
