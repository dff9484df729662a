"""From when on it is known what a turn will come to."""

from __future__ import annotations

import json
import math

import pytest

from chatkit_doctor.gather.foreseen import Foreseen
from tests.recordings import Made, entry

EVENTS = "text/event-stream"


def sent(t: float, stream: str = "r1", op: str = "threads.create") -> Made:
    return entry(t, "request", "request.sent", id=stream, op=op)


def answered(
    t: float, status: int = 200, mime: str = EVENTS, stream: str = "r1", op: str = "threads.create"
) -> Made:
    return entry(
        t,
        "wire",
        "wire.response",
        id=stream,
        op=op,
        url="/chat",
        status=status,
        headers={"content-type": mime},
    )


def chunk(t: float) -> Made:
    return entry(t, "wire", "wire.chunk", id="r1", size=10, at=0)


def event(t: float, kind: str, item: str, of: str = "assistant_message", stream: str = "r1") -> Made:
    data = json.dumps({"type": kind, "item": {"id": item, "type": of}})
    return entry(t, "sse", "sse.parsed", id=stream, index=0, event="", data=data, at=0)


def added(t: float, item: str = "msg_1") -> Made:
    return event(t, "thread.item.added", item)


def done(t: float, item: str = "msg_1", of: str = "assistant_message") -> Made:
    return event(t, "thread.item.done", item, of)


def after(*entries: Made) -> Foreseen:
    found = Foreseen()
    for made in entries:
        found.on_entry(made.t, made.data)
    return found


@pytest.mark.parametrize(
    ("status", "mime", "count"),
    [(500, "", 1), (503, EVENTS, 1), (200, "application/json", 1), (200, EVENTS, 0), (404, "", 0)],
)
def test_what_is_asked_again_is_a_refusal(status: int, mime: str, count: int) -> None:
    assert after(sent(1), answered(2, status, mime)).refusals == count


def test_refusals_count_in_a_row() -> None:
    refused = (sent(1), answered(2, 500), sent(3, "r2"), answered(4, 500, stream="r2"))
    assert after(*refused).refusals == 2
    assert after(*refused, sent(5, "r3"), answered(6, stream="r3")).refusals == 0


def test_what_does_not_stream_is_no_refusal() -> None:
    assert after(sent(1, op="threads.list"), answered(2, 500, op="threads.list")).refusals == 0


def test_a_stream_whose_items_are_done_has_said_all_with_its_last_bytes() -> None:
    said = (sent(1), answered(2), chunk(5), added(5), done(6))
    assert after(*said).said_all_ms == 5
    assert after(*said, chunk(40)).said_all_ms == 40


@pytest.mark.parametrize(
    "kind", ["assistant_message", "widget", "structured_input", "generated_image", "end_of_turn"]
)
def test_what_can_be_the_last_of_a_turn_ends_it(kind: str) -> None:
    assert after(sent(1), answered(2), chunk(5), done(5, of=kind)).said_all_ms == 5


@pytest.mark.parametrize(
    "other",
    [
        sent(9, "r2", "threads.list"),
        entry(9, "wire", "wire.chunk", id="r2", size=10, at=0),
        entry(9, "wire", "wire.end", id="r2", op="threads.list"),
        entry(9, "request", "request.failed", id="r2", op="threads.list"),
        event(9, "thread.item.added", "msg_2", stream="r2"),
    ],
    ids=["a question beside", "its bytes", "its end", "its failure", "an event of another stream"],
)
def test_what_goes_on_beside_a_stream_changes_nothing(other: Made) -> None:
    assert after(sent(1), answered(2), chunk(5), done(6), other).said_all_ms == 5


@pytest.mark.parametrize("kind", ["workflow", "task", "client_tool_call", "hidden_context_item"])
def test_after_work_there_is_more_to_come_however_long_that_takes(kind: str) -> None:
    worked = (sent(1), answered(2), chunk(5), done(5, of=kind))
    assert after(*worked).said_all_ms == math.inf
    assert after(*worked, chunk(7), done(7, "msg_2")).said_all_ms == 7
    assert after(*worked, done(7, "msg_2"), done(8, "x", of=kind)).said_all_ms == math.inf


def test_a_backend_that_tells_of_its_progress_has_not_said_all() -> None:
    data = json.dumps({"type": "progress_update", "text": "Looking"})
    progress = entry(6, "sse", "sse.parsed", id="r1", index=1, event="", data=data, at=9)
    assert after(sent(1), answered(2), chunk(5), done(5), progress).said_all_ms == math.inf


@pytest.mark.parametrize(
    "entries",
    [
        (sent(1), answered(2)),
        (sent(1), answered(2), chunk(5), done(5, "msg_0", "user_message")),
        (sent(1), answered(2), chunk(5), added(5)),
        (sent(1), answered(2), chunk(5), added(5), added(6, "msg_2"), done(7)),
        (sent(1), answered(2), chunk(5), done(5), entry(9, "wire", "wire.end", id="r1", op="threads.create")),
        (sent(1), answered(2), chunk(5), done(5), sent(9, "r2")),
    ],
    ids=[
        "nothing came",
        "only the user's message",
        "an item is open",
        "one of two is open",
        "it has ended",
        "another request is under way",
    ],
)
def test_there_is_more_to_come(entries: tuple[Made, ...]) -> None:
    assert after(*entries).said_all_ms == math.inf
