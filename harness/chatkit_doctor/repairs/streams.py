"""The answers to streaming operations as repairs take and change them: event by event, each with its time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.protocol.dialects import Frame
from chatkit_doctor.protocol.payload import JsonObject, Payload, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.repairs.json_text import dumped
from chatkit_doctor.repairs.repair import RepairConversation
from chatkit_doctor.vocabulary import STREAMING_OPS

RepairCall = Callable[[Call], Call]


@dataclass(frozen=True)
class SentEvent:
    """One event of a stream, and when its last byte came, in ms."""

    t_ms: float
    data: str
    name: str = ""
    """The stream's own name for it, as in its ``event:`` line."""
    terminated: bool = True
    """Whether the blank line behind it came; without it nobody reads the event."""

    @cached_property
    def payload(self) -> Payload:
        """What the data holds."""
        return read_payload(self.data)

    @property
    def value(self) -> JsonObject:
        """The event as the component reads it; empty where it cannot."""
        return (self.payload.value if self.terminated else None) or {}

    @property
    def frame(self) -> Frame:
        """The event as dialects know it."""
        return Frame.of(self.name, self.data, self.payload)

    def saying(self, value: JsonObject) -> SentEvent:
        """The same event with other data; itself where it says that already."""
        return self if value == self.value else SentEvent(self.t_ms, dumped(value), self.name)


Events = Sequence[SentEvent]
RepairEvents = Callable[[Call, Events], Events]


def each_call(repair: RepairCall) -> RepairConversation:
    """A repair of conversations, from one of single calls. What changes nothing returns the same object."""

    def repaired(conversation: Conversation) -> Conversation:
        return with_calls(conversation, [repair(call) for call in conversation.calls])

    return repaired


def each_stream(repair: RepairEvents) -> RepairConversation:
    """A repair of conversations, from one of the events of each stream that the component reads."""

    def repaired(call: Call) -> Call:
        if not (was_accepted(call) and is_stream(call)):
            return call
        events = events_of(call)
        return with_events(call, events, repair(call, events))

    return each_call(repaired)


def with_calls(conversation: Conversation, calls: Sequence[Call]) -> Conversation:
    """The same conversation with other calls; itself where they are the same."""
    made = tuple(calls)
    return conversation if made == conversation.calls else replace(conversation, calls=made)


def was_accepted(call: Call) -> bool:
    """Whether a streaming operation was answered with a success."""
    return call.op in STREAMING_OPS and call.status is not None and 200 <= call.status < 300


def events_of(call: Call) -> list[SentEvent]:
    """The events of an answer's body, with one that the end of the body cut off."""
    when = arrivals(call)
    return [SentEvent(when(e.end), e.data, e.event, e.terminated) for e in parse(call.body)[0]]


def arrivals(call: Call) -> Callable[[int], float]:
    """For a place in a body, as an offset in bytes: when what is before it had come, in ms."""
    ends = list(accumulate(len(chunk.data) for chunk in call.chunks))
    return lambda at: (
        call.chunks[min(bisect_left(ends, at), len(ends) - 1)].t_ms if ends else call.answered_ms
    )


def with_events(call: Call, before: Events, after: Events) -> Call:
    """An answer with other events than it had; the same call where they are the same."""
    if list(before) == list(after):
        return call
    return replace(call, chunks=tuple(Chunk(event.t_ms, _written(event)) for event in after))


def _written(event: SentEvent) -> bytes:
    lines = [f"event: {event.name}"] if event.name else []
    lines += [f"data: {line}" for line in event.data.split("\n")]
    return ("\n".join(lines) + ("\n\n" if event.terminated else "")).encode(errors="replace")
