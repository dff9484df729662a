"""Recordings of what a person saw of a conversation, its screen made from its events by the measured rules.

What the component does with each event is taken from the transcript's reducer and from the measured effects
of wrong shapes; what it does by itself is here: the message is shown at once, and taken away at the end
unless it was confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chatkit_doctor.protocol.payload import JsonObject, read_payload
from chatkit_doctor.protocol.schema import check_event
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.protocol.strictness import PANEL_CRASHES, TURN_CRASHES
from chatkit_doctor.protocol.transcript import Message, TranscriptReducer
from chatkit_doctor.recording.reader import Recording
from tests.audits.protocol.cases import Sent
from tests.chatkit_events import HELLO, Event
from tests.conversations import exchange, recorded, written
from tests.recordings import Made, Part, entry, item, opened, reloaded, send, state

Body = bytes | Sequence[Sent]

_OPTIMISTIC: Final = 1_000
"""Keys from here on are those of messages shown before they are confirmed."""
_STORED: Final = 2_000
_MESSAGES: Final = frozenset({"user_message", "assistant_message"})
"""Items that show their text; the others show something."""


@dataclass(slots=True)
class _Screen:
    """The transcript as the component keeps it over all turns."""

    reducer: TranscriptReducer = field(default_factory=TranscriptReducer)
    keys: dict[str, int] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    """Ids of items of which a part was finished."""
    blank: bool = False

    def apply(self, event: JsonObject) -> None:
        """One event."""
        self.reducer.apply(event)
        update = event.get("update")
        if isinstance(update, Mapping) and update.get("type") == "assistant_message.content_part.done":
            self.whole.add(str(event.get("item_id")))

    def items(self, turn: int, *, ended: bool) -> list[dict[str, Any]]:
        """What stands on screen in a turn, or once it has ended."""
        messages = self.reducer.transcript().messages
        shown = [self._item(message, turn, ended=ended) for message in messages]
        if not ended and not any(each["key"] == _OPTIMISTIC + turn for each in shown):
            shown.append(item(_OPTIMISTIC + turn, "user-message", HELLO))
        return shown

    def _item(self, message: Message, turn: int, *, ended: bool) -> dict[str, Any]:
        mine = message.kind == "user_message" and message.turn == turn
        fresh = _OPTIMISTIC + turn if mine else len(self.keys) + 1
        key = self.keys.setdefault(message.id, fresh)
        text = message.text if message.kind in _MESSAGES else message.kind
        streamed = message.kind == "assistant_message" and message.id not in self.whole
        if ended and streamed and not message.done:
            text = text.rpartition(" ")[0]  # The tail of a text that is never finished stays hidden.
        return item(key, message.kind.replace("_", "-"), text)


def seen(*bodies: Body, alerts: Sequence[tuple[str, str]] = (), stored: Sequence[Event] = ()) -> Recording:
    """A page that opens, a message for each body it is answered with, and a reload where items are stored.

    ``alerts`` are shown at the end of the last turn beside what the events bring about.
    """
    screen = _Screen()
    parts: list[Part] = [opened()]
    for turn, body in enumerate(bodies, start=1):
        more = alerts if turn == len(bodies) else ()
        parts += _turn(screen, turn, body if isinstance(body, bytes) else written(body), more)
    if stored:
        parts += _reload(1_000.0 * (len(bodies) + 1), stored)
    return recorded(*parts)


def _turn(screen: _Screen, turn: int, body: bytes, more: Sequence[tuple[str, str]]) -> Iterator[Part]:
    begin = 1_000.0 * turn
    first = turn == 1
    op = "threads.create" if first else "threads.add_user_message"
    params: dict[str, Any] = {"input": {"content": [{"type": "input_text", "text": HELLO}]}}
    events = _readable(body)
    stuck = first and len({_thread(e) for e in events if e.get("type") == "thread.created"} - {None}) > 1
    yield send(begin, HELLO, turn=turn, until=begin + 900, limit="turn" if stuck else "")
    params |= {} if first else {"thread_id": "thr_1"}
    yield exchange(begin + 20, op, body, params=params, at=(60.0, 120.0, 180.0))
    yield entry(begin + 25, "component", "component.event", name="response.start", detail=None)
    yield from _states(screen, turn, events, more, stuck=stuck)
    if not stuck:
        yield entry(begin + 700, "component", "component.event", name="response.end", detail=None)
    yield entry(begin + 800, "paint", "paint.box", at="settled", width=420, height=640, in_viewport=True)


def _states(
    screen: _Screen,
    turn: int,
    events: Sequence[JsonObject],
    more: Sequence[tuple[str, str]],
    *,
    stuck: bool,
) -> Iterator[Made]:
    begin = 1_000.0 * turn
    before = screen.items(turn - 1, ended=True)
    optimistic = item(_OPTIMISTIC + turn, "user-message", HELLO)
    yield state(begin + 40, *before, optimistic, responding=True)
    screen.reducer.begin(new_thread=turn == 1)
    alerts: list[tuple[str, str]] = []
    crashed = False
    for number, event in enumerate(events):
        screen.apply(event)
        effects = {problem.effect for problem in check_event(event) if not problem.tolerated}
        crashed = crashed or TURN_CRASHES in effects
        screen.blank = screen.blank or PANEL_CRASHES in effects
        alerts += [("error", "There was an error. Retry")] if event.get("type") == "error" else []
        adopted = screen.items(turn, ended=False) if screen.reducer.transcript().thread_id else [optimistic]
        if not crashed and not screen.blank:
            at = begin + 210 + 400 * number / len(events)
            yield state(at, *adopted, responding=True, alerts=alerts)
    alerts += more
    if crashed:
        alerts.append(("crash", "Something went wrong. Please try again later."))
    items = [] if crashed else screen.items(turn, ended=True)
    if screen.blank:
        yield state(begin + 700, view="blank")
    elif screen.reducer.transcript().thread_id is None:
        yield state(begin + 700, view="start", alerts=alerts)
    else:
        yield state(begin + 700, *items, responding=stuck, alerts=alerts)


def _reload(begin: float, stored: Sequence[Event]) -> Iterator[Part]:
    """The page is loaded anew and reads its thread."""
    reducer = TranscriptReducer()
    reducer.begin(new_thread=False)
    for each in stored:
        reducer.apply({"type": "thread.item.done", "item": each})
    shown = [
        item(_STORED + number, message.kind.replace("_", "-"), message.text)
        for number, message in enumerate(reducer.transcript().messages)
    ]
    yield reloaded(begin, *shown)
    yield entry(begin + 30, "page", "page.options", options={"initialThread": "thr_1"}, threw=None)
    thread = {"id": "thr_1", "created_at": "2026-01-01T00:00:00", "status": {"type": "active"}}
    answer = {**thread, "items": {"data": list(stored), "has_more": False}}
    json = "application/json"
    yield exchange(begin + 40, "threads.get_by_id", answer, mime=json, params={"thread_id": "thr_1"})


def _readable(body: bytes) -> list[JsonObject]:
    """The events that the component gets out of a body."""
    payloads = (read_payload(event.data) for event in parse(body)[0] if event.terminated)
    return [payload.value for payload in payloads if payload.value is not None]


def _thread(event: JsonObject) -> str | None:
    thread = event.get("thread")
    found = thread.get("id") if isinstance(thread, Mapping) else None
    return None if found is None else str(found)
