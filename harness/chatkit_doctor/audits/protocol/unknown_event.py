"""Whether every event that was meant for the transcript has a name ChatKit knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams, meant_event
from chatkit_doctor.audits.wording import counted, listed, quoted
from chatkit_doctor.protocol.dialects import CARRIES_NOTHING
from chatkit_doctor.protocol.dialects.recognition import LOOSE, claim
from chatkit_doctor.protocol.events import (
    ITEM_TYPES,
    UPDATE_TYPES,
    delta_of,
    is_bare_item,
    member,
    type_of,
)
from chatkit_doctor.recording.reader import Recording

_HEARTBEATS: Final = frozenset(
    {"ping", "pong", "heartbeat", "keepalive", "keep-alive", "keep_alive", "noop", "comment"}
)
_ERROR_FIX: Final = (
    'Send it as ChatKit\'s own: {"type": "error", "code": "custom", "message": "…", "allow_retry": true}. In '
    "a ChatKitServer raise CustomStreamError with a message for the user."
)


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each name that sounds like one of ChatKit's own, and one for all other strays.

    ChatKit ignores them without harm (measured), so that strays are only warned of, unless they bring text or
    the backend's error in place of a reply. Heartbeats are meant to be ignored.
    """
    for stream in chatkit_streams(recording):
        by_name: dict[str, list[Event]] = {}
        strays: list[Event] = []
        for event in stream.events:
            if event.known or is_bare_item(event.value) or event.type in UPDATE_TYPES:
                continue  # What is bare is judged as such.
            if _meant(event):
                by_name.setdefault(event.type, []).append(event)
            elif event.type not in _HEARTBEATS and (event.type or event.told_error):
                strays.append(event)
        for name, events in by_name.items():
            yield _failure(stream, name, events)
        if strays:
            yield _stray(stream, strays)


def _stray(stream: Stream, events: list[Event]) -> Failure:
    """Events that ChatKit has no counterpart of."""
    error = stream.foreign_error
    first = error if error is not None and error in events else events[0]
    claimed = claim(first.received.frame)
    of = f", as {claimed[0].title} has it," if claimed is not None and claimed[0].id not in LOOSE else ""
    names = listed(dict.fromkeys(quoted(event.type) if event.type else "no type" for event in events))
    said = first.told_error
    told = f" It says: {quoted(said)}." if said else ""
    title = f"There is no ChatKit event called {quoted(first.type)}"
    if said:
        title = "The backend reports an error in an event that ChatKit does not know"
    lost = error is not None or any(delta_of(event.value) for event in events)
    return Failure(
        (first.seen(f"event {first.number} has {_type(first)}{f': {quoted(said)}' if said else ''}"),),
        turn=stream.turn,
        t_ms=first.received.t,
        title=title,
        why=f"{counted(len(events), 'event')} with {_type(first)}{of} and the like arrived ({names}). "
        f"ChatKit ignores events it does not know and logs nothing.{told}",
        fix=_ERROR_FIX if said else "Drop them and send nothing instead: ChatKit ignores them.",
        warns_only=not lost,
        details={"type": first.type, "meant": "error" if said else "", "count": len(events), "says": said},
    )


def _type(event: Event) -> str:
    return f"the type {quoted(event.type)}" if event.type else "no type"


def _failure(stream: Stream, name: str, events: list[Event]) -> Failure:
    meant = _meant(events[0])
    first = events[0]
    if not name:
        return _nameless(stream, events, meant)
    carried = "so what they carried never reached the transcript."
    fix = f"Send {meant} instead."
    if is_empty := meant in CARRIES_NOTHING:
        carried = "and nothing was lost: the content of such an event does not belong in the transcript."
        fix = f"Send {meant.replace('nothing', 'nothing for it', 1)}."
    return Failure(
        (first.seen(f"event {first.number} has the type {quoted(name)}"),),
        turn=stream.turn,
        t_ms=first.received.t,
        title=f"There is no ChatKit event called {quoted(name)}",
        why=f"{counted(len(events), 'event')} of the type {quoted(name)} arrived. ChatKit ignores types it "
        f"does not know and logs nothing, {carried}",
        fix=fix,
        warns_only=is_empty,
        details={"type": name, "meant": meant, "count": len(events)},
    )


def _meant(event: Event) -> str:
    """What an event was meant to be; one without any type is known by what it carries."""
    if event.type:
        return meant_event(event)
    if type_of(member(event.value, "item")) in ITEM_TYPES:
        return "thread.item.done"
    if type_of(member(event.value, "update")) in UPDATE_TYPES:
        return "thread.item.updated"
    thread = member(event.value, "thread")
    return "thread.created" if "id" in thread and "type" not in thread else ""


def _nameless(stream: Stream, events: list[Event], meant: str) -> Failure:
    first = events[0]
    return Failure(
        (first.seen(f"event {first.number} has no type"),),
        turn=stream.turn,
        t_ms=first.received.t,
        title="An event has no type",
        why=f"{counted(len(events), 'event')} arrived without a type at the top level of the object. "
        "ChatKit ignores them and logs nothing, so what they carried never reached the transcript.",
        fix=f'Add a type at the top level: {{"type": "{meant}", …}}. The types of the '
        "openai-chatkit package (chatkit.types) do this automatically.",
        details={"type": "", "meant": meant, "count": len(events)},
    )


AUDIT = Audit(
    id="unknown-event",
    passes="Every event has a name ChatKit knows.",
    why="ChatKit ignores event types it does not know and logs nothing.",
    fix="Use the event names of the ChatKit protocol.",
    judge=judge,
    explains=EVENTS_LOST,
)
