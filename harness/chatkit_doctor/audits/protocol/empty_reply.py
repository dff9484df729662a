"""Whether the reply says anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.component.strictness import event_violations
from chatkit_doctor.protocol.events import item_id, member, named_id, text_of, type_of
from chatkit_doctor.recording.reader import Recording

_ANSWERS: Final = frozenset({"assistant_message", "widget", "generated_image", "structured_input"})


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per answer whose assistant messages, or widgets, all end with nothing in them."""
    answered = [s for s in chatkit_streams(recording) if s.answers_message and s.complete]
    if not answered:
        raise NotApplicable("no response stream to a message ended")
    for stream in answered:
        final = [
            e for e in stream.events if e.type == "thread.item.done" and type_of(e.item or {}) in _ANSWERS
        ]
        if final and not any(_says_something(event) for event in final):
            yield _failure(stream, final[-1])


def _says_something(event: Event) -> bool:
    """A part of the wrong shape says something, too: that it cannot be shown is another cause."""
    item = event.item or {}
    if type_of(item) not in {"assistant_message", "widget"}:
        return True
    says = text_of(item) or member(item, "widget").get("children")
    return bool(says) or any(not each.tolerated for each in event_violations(event.value))


def _failure(stream: Stream, reply: Event) -> Failure:
    wiped = "".join(_delta(event, reply) for event in stream.events)
    why = (
        f"{quoted(wiped)} was streamed, but the final item has empty content. thread.item.done replaces "
        "whatever was streamed before it: the text is erased."
        if wiped
        else "The final assistant item is empty and nothing was streamed: only an empty bubble is shown."
    )
    return Failure(
        (reply.seen(f"event {reply.number} finishes the reply with empty content"),),
        turn=stream.turn,
        t_ms=reply.received.t,
        title="The final assistant item erases the streamed text" if wiped else "",
        why=why,
        details={"streamed": wiped[:200]},
    )


def _delta(event: Event, reply: Event) -> str:
    update = member(event.value, "update")
    mine = event.type == "thread.item.updated" and named_id(event.value) == item_id(reply.item)
    delta = update.get("delta")
    return delta if mine and type_of(update).endswith(".text_delta") and isinstance(delta, str) else ""


AUDIT = Audit(
    id="empty-reply",
    passes="Every reply contains text.",
    why="The final assistant item has no text: thread.item.done replaces whatever was streamed before it.",
    fix="Put the whole text into the final item: "
    '{"type": "thread.item.done", "item": {"type": "assistant_message", …, "content": [{"type": '
    '"output_text", "text": "the whole reply", "annotations": []}]}}.',
    judge=judge,
    explains=frozenset({"reply-missing", "reply-vanished", "reply-altered", "reply-truncated"}),
)
