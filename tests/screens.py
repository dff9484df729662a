"""Recordings of conversations of which a user sees what :mod:`tests.panel` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chatkit_doctor.recording.reader import Recording
from tests.audits.protocol.cases import Sent
from tests.chatkit_events import HELLO, Event
from tests.conversations import Handed, exchange, recorded, written
from tests.panel import Panel, Shown, events_of, read_back
from tests.recordings import Made, Part, entry, item, opened, reloaded, send, state

Body = bytes | Sequence[Sent]

_READ_BACK = 2_000
"""Keys from here on are those of items that a reload has brought back."""


def seen(
    *bodies: Body,
    alerts: Sequence[tuple[str, str]] = (),
    handed: Body | None = None,
    stored: Sequence[Event] = (),
) -> Recording:
    """A page that opens, a message for each body it is answered with, and a reload where items are stored.

    ``alerts`` are shown at the end of the last turn beside what the events cause. ``handed`` is what
    the page's own fetch makes of the last body. A user who has nothing to write into any more, or is not
    answered to the end, does not go on.
    """
    panel = Panel()
    parts: list[Part] = [opened()]
    for turn, body in enumerate(bodies, start=1):
        is_last = turn == len(bodies)
        made = Handed(body=_bytes(handed)) if is_last and handed is not None else None
        parts += _turn(panel, turn, _bytes(body), made, alerts if is_last else ())
        if panel.stuck or panel.dead or panel.thread is None:
            break
    if stored:
        parts += _reload(1_000.0 * (len(bodies) + 1), stored)
    return recorded(*parts)


def _bytes(body: Body) -> bytes:
    return body if isinstance(body, bytes) else written(body)


def _turn(
    panel: Panel, turn: int, body: bytes, made: Handed | None, more: Sequence[tuple[str, str]]
) -> Iterator[Part]:
    begin = 1_000.0 * turn
    params: dict[str, Any] = {"input": {"content": [{"type": "input_text", "text": HELLO}]}}
    op = "threads.create"
    if turn > 1:
        op, params = "threads.add_user_message", {**params, "thread_id": "thr_1"}
    reached = body if made is None or made.body is None else made.body
    states = list(_states(panel, begin, reached, more))
    yield send(begin, HELLO, turn=turn, until=begin + 900, limit="turn" if panel.stuck else "")
    yield exchange(begin + 20, op, body, params=params, at=(60.0, 120.0, 180.0), custom=made)
    yield entry(begin + 25, "component", "component.event", name="response.start", detail=None)
    yield from states
    if not panel.stuck:
        yield entry(begin + 700, "component", "component.event", name="response.end", detail=None)
    yield entry(begin + 800, "paint", "paint.box", at="settled", width=420, height=640, in_viewport=True)


def _states(panel: Panel, begin: float, body: bytes, more: Sequence[tuple[str, str]]) -> Iterator[Made]:
    panel.send(HELLO)
    yield _state(panel, begin + 40, responding=True)
    events = events_of(body)
    for number, event in enumerate(events):
        panel.take(event)
        yield _state(panel, begin + 210 + 400 * number / len(events), responding=True)
    panel.end()
    panel.alerts += more
    yield _state(panel, begin + 700, responding=panel.stuck)


def _state(panel: Panel, t: float, *, responding: bool) -> Made:
    view = panel.view(responding=responding)
    items = [_item(each) for each in panel.on_screen] if view == "thread" else []
    alerts = [] if panel.dead else panel.banners
    return state(t, *items, view=view, responding=responding if view == "thread" else None, alerts=alerts)


def _item(shown: Shown, first_key: int = 0) -> dict[str, Any]:
    return item(first_key + shown.key, shown.kind.replace("_", "-"), shown.text)


def _reload(begin: float, stored: Sequence[Event]) -> Iterator[Part]:
    """The page is reloaded and reads its thread."""
    yield reloaded(begin, *(_item(each, _READ_BACK) for each in read_back(stored).on_screen))
    yield entry(begin + 30, "page", "page.options", options={"initialThread": "thr_1"}, threw=None)
    thread = {"id": "thr_1", "created_at": "2026-01-01T00:00:00", "status": {"type": "active"}}
    answer = {**thread, "items": {"data": list(stored), "has_more": False}}
    json = "application/json"
    yield exchange(begin + 40, "threads.get_by_id", answer, mime=json, params={"thread_id": "thr_1"})
