"""What a session waits for, as it follows from what is recorded."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from chatkit_doctor.gather.session_state import BrokeOff, SessionState
from chatkit_doctor.recording.journal import Clock
from tests.recordings import Made, Part, entry, flat, reply, state, user

STREAM = {"id": "r1", "op": "threads.create"}
SENT = entry(10, "request", "request.sent", **STREAM)


class StoppedClock(Clock):
    """A clock on which it is always the same time."""

    def __init__(self, now: float) -> None:
        super().__init__()
        self._now = now

    def now(self) -> float:
        return self._now


def after(*parts: Part, now: float = 0.0) -> SessionState:
    """The state when these entries have been written."""
    found = SessionState(StoppedClock(now))
    for made in flat(parts):
        found.on_entry(made.t, made.data)
    return found


# Streams


@pytest.mark.parametrize(
    ("kind", "layer"), [("request.failed", "request"), ("wire.end", "wire")], ids=["failed", "ended"]
)
def test_a_stream_is_open_until_it_fails_or_ends(kind: str, layer: str) -> None:
    assert after(SENT).open_operations == 1
    assert after(SENT, entry(20, layer, kind, **STREAM)).open_operations == 0


@pytest.mark.parametrize(
    ("kind", "layer"), [("request.failed", "request"), ("wire.end", "wire")], ids=["failed", "ended"]
)
def test_an_answer_is_under_way_from_its_headers_until_it_fails_or_ends(kind: str, layer: str) -> None:
    answered = entry(15, "wire", "wire.response", **STREAM)
    beside = entry(16, "wire", "wire.response", id="r2", op="threads.list")
    assert after(SENT).answering == set()
    assert after(SENT, answered, beside).answering == {"r1"}
    assert after(SENT, answered, beside, entry(20, layer, kind, **STREAM)).answering == set()


def test_each_repetition_is_a_stream_of_its_own() -> None:
    again = entry(30, "request", "request.sent", **{**STREAM, "id": "r2"})
    failed = entry(20, "request", "request.failed", **STREAM)
    assert after(SENT, failed, again).open_operations == 1


def test_what_does_not_stream_is_waited_for_as_well() -> None:
    asked = entry(10, "request", "request.sent", id="r1", op="items.feedback")
    assert after(asked).open_operations == 1
    assert after(asked, entry(20, "wire", "wire.end", id="r1", op="items.feedback")).open_operations == 0


@pytest.mark.parametrize(
    ("op", "count"), [("threads.create", 1), ("threads.add_user_message", 1), ("threads.list", 0)]
)
def test_requests_that_answer_a_message_are_counted(op: str, count: int) -> None:
    assert after(entry(10, "request", "request.asked", op=op)).counts["turn-request"] == count


# The screen


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([], False),
        ([user(1, "Hi")], False),
        ([user(1, "Hi"), reply(2, "", shown=False)], False),
        ([user(1, "Hi"), reply(2, "")], False),
        ([user(1, "Hi"), reply(2, "Good")], True),
        ([reply(2, "Good"), user(3, "And?")], False),
    ],
)
def test_a_reply_is_shown_when_it_is_the_newest(items: Sequence[Mapping[str, Any]], shown: bool) -> None:
    assert after(state(10, *items)).reply_shown == shown


def vanishes(*parts: Part) -> bool:
    """Whether the last of these entries takes something away that was shown."""
    *before, last = flat(parts)
    found, called = after(*before), []
    found.vanished = lambda: called.append(True)
    found.on_entry(last.t, last.data)
    return bool(called)


def test_what_was_painted_and_is_gone_has_vanished() -> None:
    both = state(10, user(1, "Hi"), reply(2, "Good"))
    assert vanishes(both, state(20, user(1, "Hi")))
    assert vanishes(both, state(20, view="start"))
    assert not vanishes(both, state(20, user(1, "Hi"), reply(2, "Good to see you")))


def test_an_element_that_takes_the_place_of_another_and_says_the_same_takes_nothing_away() -> None:
    sent = state(10, user(1, "Hi"))
    assert not vanishes(sent, state(20, user(2, "Hi"), reply(3, "Good")))
    assert vanishes(sent, state(20, user(2, "Hello"), reply(3, "Good")))
    assert vanishes(sent, state(20, reply(2, "Hi")))
    assert vanishes(state(10, user(1, "Hi"), user(2, "Hi")), state(20, user(3, "Hi")))


def test_what_an_element_says_is_known_from_its_changes() -> None:
    growing = [state(10, reply(1, "Go")), state(20, reply(1, "Good"))]
    assert not vanishes(*growing, state(30, reply(2, "Good")))
    assert vanishes(*growing, state(30, reply(2, "Go")))


def test_what_was_never_painted_cannot_vanish() -> None:
    assert not vanishes(state(10, user(1, "Hi"), by="mutation"), state(20))
    assert not vanishes(state(10, user(1, "Hi", shown=False)), state(20))


# Parts of the component


def asset(*, status: int | None = 200, error: str = "", kind: str = "script") -> Made:
    url = "https://cdn.platform.openai.com/assets/ck1/icon.js"
    return entry(120, "frame", "frame.asset", url=url, status=status, error=error, type=kind)


@pytest.mark.parametrize(
    "lost",
    [asset(status=404), asset(status=403, kind="stylesheet"), asset(status=None, error="net::ERR_FAILED")],
)
def test_a_part_of_the_component_that_cannot_be_had_is_noted(lost: Made) -> None:
    assert after(lost).part_lost_ms == 120.0


@pytest.mark.parametrize(
    "other", [asset(), asset(status=404, kind="image"), asset(status=None, error="net::ERR_ABORTED")]
)
def test_what_comes_is_decoration_or_is_given_up_is_no_lost_part(other: Made) -> None:
    assert after(other).part_lost_ms == -math.inf


# Waiting


def test_a_wait_ends_with_what_it_waits_for() -> None:
    assert asyncio.run(after(SENT).until(lambda: True, 0.0))


def test_a_wait_ends_at_its_limit() -> None:
    assert not asyncio.run(after(SENT).until(lambda: False, 0.0))


def test_a_wait_ends_with_the_news() -> None:
    found = after(SENT)

    async def wait() -> bool:
        waiting = asyncio.ensure_future(found.until(lambda: found.open_operations == 0, 60_000.0))
        await asyncio.sleep(0)
        found.on_entry(20, entry(20, "wire", "wire.end", **STREAM).data)
        return await waiting

    assert asyncio.run(wait())


def test_it_is_quiet_when_nothing_has_changed_for_long_enough() -> None:
    assert asyncio.run(after(now=1_000.0).quiet(0.0, 0.0))
    assert not asyncio.run(after(now=1_000.0).quiet(100.0, 0.0))


def test_a_session_that_broke_off_ends_every_wait_with_its_first_reason() -> None:
    found = after(SENT)
    found.broke_off("the browser was closed")
    found.broke_off("the page is gone")
    for wait in (found.until(lambda: True, 0.0), found.quiet(0.0, 0.0)):
        with pytest.raises(BrokeOff, match="the browser was closed"):
            asyncio.run(wait)
