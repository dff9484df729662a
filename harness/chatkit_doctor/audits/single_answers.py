"""Operations whose response is a single document, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatkit_doctor.audits.audit import Evidence, absent, seen
from chatkit_doctor.protocol.payload import JsonObject, as_object
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange

NEEDED: Final = {
    "attachments.create": "an attachment with id, mime_type and upload_descriptor.url",
    "threads.sync_custom_action": "the changed item under the key updated_item, or null there",
    "input.transcribe": "the text under the key text",
}
"""What the component needs from a response, by operation (measured). It ignores all other responses."""


def refusal(exchange: Exchange) -> str:
    """Why an operation failed on the network; empty if it did not, or if the browser blocked it."""
    if exchange.status is None:
        failed = exchange.last.failed if exchange.last is not None else None
        is_held_back = failed is None or failed.data.blocked or failed.data.cors.strip()
        return "" if failed is None or is_held_back else f"it got no response ({failed.data.error})"
    return f"it was answered with {exchange.status}" if exchange.status >= 400 else ""


def seen_at(exchange: Exchange, text: str) -> Evidence:
    """Evidence that rests on what came of an operation, or else on its request."""
    last = exchange.last
    entry = (last.response or last.failed or last.sent) if last is not None else exchange.asked
    return seen(entry, text) if entry is not None else absent(exchange.t, text)


def is_misshapen(recording: Recording, exchange: Exchange) -> bool:
    """Whether a response was read and lacks what the component needs."""
    last = exchange.last
    is_unknown = last is not None and last.size and not last.body(recording)
    if exchange.op not in NEEDED or exchange.status is None or exchange.status >= 400 or is_unknown:
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
