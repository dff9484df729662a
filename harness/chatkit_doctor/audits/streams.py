"""What the protocol audits look at: the streams that reached the component, event by event."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from chatkit_doctor.audits.audit import Evidence, NotApplicable
from chatkit_doctor.protocol.dialects import (
    CARRIES_NOTHING,
    Recognition,
    assistants,
    chatkit_invented,
    recognise,
)
from chatkit_doctor.protocol.dialects.dialect import END, REPLY
from chatkit_doctor.protocol.events import (
    CONTENT_EVENTS,
    EVENT_TYPES,
    SHOWN_REPLY_ITEMS,
    is_bare_item,
    item_of,
    member,
    nearest,
    type_of,
)
from chatkit_doctor.protocol.intended_replies import intended_replies
from chatkit_doctor.protocol.payload import JsonObject, PayloadKind
from chatkit_doctor.protocol.told_errors import told_error
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, Received, streams
from chatkit_doctor.vocabulary import GOING_ON_OPS, TURN_OPS

_ABOUT = frozenset(
    {"type", "id", "thread_id", "item_id", "run_id", "status", "created_at", "sequence_number"}
)
"""What an event reports itself: with nothing else in it, it carries no reply, whatever its name says."""


@dataclass(frozen=True, slots=True)
class Event:
    """One readable event of a stream: its place among the readable ones, from 1, and where it is recorded."""

    number: int
    value: JsonObject
    received: Received
    type: str = field(init=False)
    """The event's type; empty where it has none."""

    def __post_init__(self) -> None:
        """Every audit asks for the type of every event."""
        object.__setattr__(self, "type", type_of(self.value))

    @property
    def item(self) -> JsonObject | None:
        """The item it carries, if it carries one."""
        return item_of(self.value)

    @property
    def known(self) -> bool:
        """Whether ChatKit has an event of this type."""
        return self.type in EVENT_TYPES

    @property
    def told_error(self) -> str:
        """What it reports an error, in whatever form; empty where it reports none."""
        return told_error(self.value, self.received.name)

    def seen(self, text: str) -> Evidence:
        """Evidence that is based on this event."""
        return Evidence(self.received.n, self.received.t, text)


@dataclass(frozen=True, eq=False)
class Stream:
    """The events of one streaming operation as the component got them."""

    exchange: Exchange
    foreign: Recognition | None

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The readable events, in order."""
        readable = [r for r in self.exchange.received if r.payload.value is not None]
        return tuple(Event(i, r.payload.value or {}, r) for i, r in enumerate(readable, start=1))

    @cached_property
    def sent(self) -> tuple[Event, ...]:
        """The events, and the last one that the backend sent without completing it: lost, but not unsent."""
        tail = self.exchange.lost_tail
        if tail is None or tail.payload.value is None:
            return self.events
        return (*self.events, Event(len(self.events) + 1, tail.payload.value, tail))

    @cached_property
    def intended(self) -> tuple[str, ...]:
        """The replies that its events were meant to bring."""
        return tuple(intended_replies([event.value for event in self.events]))

    @property
    def turn(self) -> int | None:
        """The turn it answers, from 1."""
        return self.exchange.turn

    @property
    def op(self) -> str:
        """The operation it answers."""
        return self.exchange.op

    @property
    def new_thread(self) -> bool:
        """Whether the component waits for ``thread.created`` before it takes anything else."""
        return self.op == "threads.create"

    @property
    def answers_message(self) -> bool:
        """Whether a user's message is being answered."""
        return self.op in TURN_OPS

    @property
    def goes_on(self) -> bool:
        """Whether a reply has to come, though no message is answered."""
        return self.op in GOING_ON_OPS

    @property
    def answers_tool(self) -> bool:
        """Whether the turn goes on with what the page's own tool brought."""
        return self.op == "threads.add_client_tool_output"

    @cached_property
    def complete(self) -> bool:
        """Whether what is missing was never sent: the body ended well, all of it came and was recorded."""
        whole = self.exchange.how in {"finished", None} and not self.exchange.cut
        return whole and not self.is_shortened and not self._is_short

    @cached_property
    def is_shortened(self) -> bool:
        """Whether the recording holds only a part of some event: what else it said is not known."""
        return any(received.payload.kind is PayloadKind.SHORTENED for received in self.exchange.received)

    @property
    def _is_short(self) -> bool:
        """Whether the component got fewer events than the wire brought, as one that is removed does."""
        wire = self.exchange.last.parsed if self.exchange.last is not None else ()
        sent = sum(e.data.terminated and bool(e.data.data.strip()) for e in wire)
        return len(self.exchange.received) < sent

    @cached_property
    def foreign_error(self) -> Event | None:
        """The first event that reports an error in a form ChatKit does not know, where no reply came."""
        if self.has_reply:
            return None
        return next((event for event in self.events if event.told_error and not event.known), None)

    @property
    def end_t(self) -> float:
        """When the last event came, in ms."""
        return self.events[-1].received.t if self.events else self.exchange.t

    @cached_property
    def created(self) -> Event | None:
        """The first ``thread.created`` that names a thread."""
        found = (e for e in self.events if e.type == "thread.created")
        return next((e for e in found if member(e.value, "thread").get("id") is not None), None)

    @cached_property
    def has_user_item(self) -> bool:
        """Whether the user's own message is confirmed, well or badly."""
        return any(self._speaks_for(event, {"user_message"}, {"user", "human"}) for event in self.sent)

    @cached_property
    def has_reply(self) -> bool:
        """Whether there is anything of a reply, or a call of the page's own tool that puts it off.

        One that is already completed puts nothing off.
        """
        return self.says_something or any(_waits_for_tool(event) for event in self.sent)

    @cached_property
    def says_something(self) -> bool:
        """Whether there is anything of a reply: an item, bare or not, or an update of one.

        Workflows and tasks tell of work that is being done; by themselves they are none.
        """
        kinds = SHOWN_REPLY_ITEMS - {"workflow", "task"}
        return any(
            self._speaks_for(event, kinds, {"assistant", "ai", "bot"}) or _updates_reply(event)
            for event in self.sent
        )

    @cached_property
    def has_content(self) -> bool:
        """Whether any event could have put something into the transcript."""
        return any(e.type in CONTENT_EVENTS or is_bare_item(e.value) or brings(e) for e in self.sent)

    @property
    def names(self) -> list[str]:
        """The event types seen, each once, in order."""
        return list(dict.fromkeys(event.type or "(no type)" for event in self.events))

    def _speaks_for(self, event: Event, kinds: frozenset[str] | set[str], roles: set[str]) -> bool:
        item = event.item or {}
        kind, role = type_of(item), item.get("role")
        return kind in kinds or (bool(kind) and isinstance(role, str) and role in roles)


def _waits_for_tool(event: Event) -> bool:
    item = event.value if is_bare_item(event.value) else member(event.value, "item")
    return type_of(item) == "client_tool_call" and item.get("status") != "completed"


def _updates_reply(event: Event) -> bool:
    kind = type_of(member(event.value, "update"))
    return event.known and "update" in event.value and not kind.startswith("workflow.")


def reached(recording: Recording) -> tuple[Stream, ...]:
    """Every stream of which at least one event reached the component."""
    return recording.derive(_reached)


def chatkit_streams(recording: Recording) -> tuple[Stream, ...]:
    """The streams that speak ChatKit, however badly. Raises NotApplicable when there is none."""
    found = reached(recording)
    if not found:
        raise NotApplicable("no event reached the component")
    spoken = tuple(stream for stream in found if stream.foreign is None and stream.events)
    if not spoken:
        foreign = next((stream.foreign for stream in found if stream.foreign is not None), None)
        what = f"the backend speaks {foreign.dialect.title}" if foreign else "no event could be parsed"
        raise NotApplicable(what)
    return spoken


def meant_event(event: Event) -> str:
    """What an event of unknown type was meant to be, in words; empty for known and unrelated ones."""
    if event.type in EVENT_TYPES or is_bare_item(event.value):
        return ""
    # The Assistants API has names that begin like ChatKit's own, and what they mean is known.
    if name := assistants.DIALECT.own(event.received.frame):
        return assistants.DIALECT.chatkit_event(name)
    if near := nearest(event.type, EVENT_TYPES):
        kind = type_of(member(event.value, "item"))
        return f"{near} with an item of type {kind}" if kind else near
    name = chatkit_invented.DIALECT.own(event.received.frame)
    meant = chatkit_invented.DIALECT.chatkit_event(name) if name else ""
    return END if meant == REPLY and _ABOUT.issuperset(event.value) else meant


def brings(event: Event) -> str:
    """As ``meant_event``, and empty where nothing that belongs into the transcript was meant."""
    meant = meant_event(event)
    return "" if meant in CARRIES_NOTHING else meant


def _reached(recording: Recording) -> tuple[Stream, ...]:
    return tuple(
        Stream(exchange, recognise([received.frame for received in exchange.received]))
        for exchange in streams(recording)
        if exchange.received
    )
