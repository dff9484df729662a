"""Whether every event that was meant for the transcript has a name ChatKit knows."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams, meant_event
from chatkit_doctor.audits.wording import counted, quoted
from chatkit_doctor.protocol.events import ITEM_TYPES, UPDATE_TYPES, member, type_of
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each unknown name in a stream that sounds like one of ChatKit's own.

    Unknown events without transcript content, such as a heartbeat, are ignored and do no harm (measured).
    """
    for stream in chatkit_streams(recording):
        by_name: dict[str, list[Event]] = {}
        for event in stream.events:
            # A bare update is an update without its event around it, and judged as such.
            if _meant(event) and event.type not in UPDATE_TYPES:
                by_name.setdefault(event.type, []).append(event)
        for name, events in by_name.items():
            yield _failure(stream, name, events)


def _failure(stream: Stream, name: str, events: list[Event]) -> Failure:
    meant = _meant(events[0])
    first = events[0]
    if not name:
        return _nameless(stream, events, meant)
    return Failure(
        (first.seen(f"event {first.number} has the type {quoted(name)}"),),
        turn=stream.turn,
        t_ms=first.received.t,
        title=f"There is no ChatKit event called {quoted(name)}",
        why=f"{counted(len(events), 'event')} of the type {quoted(name)} came. ChatKit ignores types it does "
        "not know, without a word in the console, so what they carried never reached the transcript.",
        fix=f"Send {meant} instead.",
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
        why=f"{counted(len(events), 'event')} came without a type at the top of the object. ChatKit ignores "
        "them, without a word in the console, so what they carried never reached the transcript.",
        fix=f'Put a type beside what the event carries: {{"type": "{meant}", …}}. The types of the '
        "openai-chatkit package (chatkit.types) do so by themselves.",
        details={"type": "", "meant": meant, "count": len(events)},
    )


AUDIT = Audit(
    id="unknown-event",
    passes="Every event has a name ChatKit knows.",
    why="ChatKit ignores event types it does not know, without a word in the console.",
    fix="Use the event names of the ChatKit protocol.",
    judge=judge,
    explains=EVENTS_LOST,
)
