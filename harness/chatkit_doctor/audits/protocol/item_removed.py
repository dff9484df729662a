"""Whether the backend took back a message it had sent."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.protocol.events import item_id, named_id, text_of, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each message that was removed and not followed by another one in its place."""
    known: dict[object, tuple[Stream, JsonObject]] = {}
    for stream in chatkit_streams(recording):
        if stream.new_thread:
            known.clear()
        for event in stream.events:
            if event.item is not None:
                known[item_id(event.item)] = (stream, event.item)
            elif event.type == "thread.item.removed":
                sent_in, removed = known.pop(named_id(event.value), (stream, {}))
                if _is_missed(stream, event, removed, of_this_turn=sent_in is stream):
                    yield _failure(stream, event, removed)


def _is_missed(stream: Stream, removal: Event, removed: JsonObject, *, of_this_turn: bool) -> bool:
    kind = type_of(removed)
    if kind not in {"user_message", "assistant_message"}:
        return False
    if not of_this_turn:
        return True
    later = (e.item for e in stream.events if e.number > removal.number and e.item is not None)
    return not any(type_of(item) == kind for item in later)


def _failure(stream: Stream, removal: Event, removed: JsonObject) -> Failure:
    whose = "the reply" if type_of(removed) == "assistant_message" else "the user's message"
    text = text_of(removed)
    said = f" {quoted(text, 80)}" if text else ""
    tripwire = (
        " An error follows: a guardrail of the Agents SDK removes everything that was produced when it trips."
        if any(event.type == "error" and event.number > removal.number for event in stream.events)
        else ""
    )
    return Failure(
        (removal.seen(f"event {removal.number} removes {whose}{said}"),),
        turn=stream.turn,
        t_ms=removal.received.t,
        why=f"The backend sent thread.item.removed for {whose}{said} and nothing to replace it.{tripwire}",
        details={"item": str(removed.get("id")), "type": type_of(removed)},
    )


AUDIT = Audit(
    id="item-removed",
    passes="No message was removed.",
    why="The backend sent thread.item.removed for a message and nothing to replace it.",
    fix="Remove an item only if something else takes its place. To change an item, use "
    "thread.item.replaced; if a guardrail trips, catch it in respond() and answer with a separate message.",
    judge=judge,
    explains=frozenset(
        {
            "reply-vanished",
            "reply-missing",
            "user-message-vanished",
            "user-message-missing",
            "history-altered",
            "history-lost",
        }
    ),
)
