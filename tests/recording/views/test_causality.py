"""Things are told in the order in which they bring each other about, whatever clock saw them."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.causality import told_times
from chatkit_doctor.recording.views.exchanges import streams
from tests.recordings import Part, asked, entry, good_turn, opened, recording

ABOUT = {"id": "r1", "op": "threads.create", "url": "http://localhost:1/chatkit"}


def _answered(
    *, sent: float, answered: float, chunk: float, posted: float, ended: float, data: str = "{}"
) -> Sequence[Part]:
    head = {"content-type": "text/event-stream"}
    return [
        asked(10.0, "threads.create", nonce="n1"),
        entry(sent, "request", "request.sent", **ABOUT, method="POST"),
        entry(answered, "wire", "wire.response", **ABOUT, status=200, headers=head, mime="text/event-stream"),
        entry(chunk, "wire", "wire.chunk", id="r1", size=10, at=0),
        entry(chunk, "sse", "sse.parsed", id="r1", index=0, data=data),
        entry(posted, "sse", "sse.posted", nonce="n1", data=data),
        entry(ended, "wire", "wire.end", id="r1", op="threads.create", how="finished", size=10),
    ]


def _told(made: Recording) -> list[str]:
    told = made.derive(told_times)
    return [each.kind for each in sorted(made.entries, key=lambda each: told.get(each.n, each.t))]


IN_ORDER = [
    "request.asked",
    "request.sent",
    "wire.response",
    "wire.chunk",
    "sse.parsed",
    "sse.posted",
    "wire.end",
]


def test_what_was_seen_in_order_is_told_when_it_was_seen() -> None:
    made = recording(opened(), good_turn(100.0, "Hello", "Hi there, you."))
    assert made.derive(told_times) == {}


def test_an_answer_does_not_end_before_its_last_bytes() -> None:
    made = recording(_answered(sent=11, answered=20, chunk=30, posted=31, ended=24))
    assert made.derive(told_times).keys() == {7}
    assert 30 < made.derive(told_times)[7] < 30.001


def test_an_answer_does_not_begin_before_it_was_asked_for() -> None:
    made = recording(_answered(sent=4, answered=6, chunk=7, posted=12, ended=14))
    assert _told(made) == IN_ORDER


def test_each_step_of_a_chain_is_moved_behind_the_one_before_it() -> None:
    made = recording(_answered(sent=9.0, answered=8.0, chunk=7.0, posted=6.0, ended=20.0))
    assert _told(made) == IN_ORDER


def test_an_event_reaches_the_component_after_it_came_over_the_network() -> None:
    made = recording(_answered(sent=11, answered=20, chunk=30, posted=26, ended=40))
    assert streams(made)[0].received[0].n == 6
    assert 30 < made.derive(told_times)[6] < 30.001


def test_when_an_event_was_read_off_the_wire_says_nothing_of_when_it_came() -> None:
    late = list(_answered(sent=11, answered=20, chunk=25, posted=26, ended=40))
    late[4] = entry(500.0, "sse", "sse.parsed", id="r1", index=0, data="{}")
    assert recording(late).derive(told_times) == {}


def test_a_step_does_not_end_before_it_began() -> None:
    begun = {"index": 0, "do": "send"}
    made = recording(
        entry(50.0, "page", "step.begin", **begun, turn=1, text="Hello"),
        entry(49.0, "page", "step.end", **begun, turn=1, waited_ms=0),
    )
    assert _told(made) == ["step.begin", "step.end"]


def test_what_a_fetch_returned_comes_after_it_was_called() -> None:
    made = recording(
        entry(20.0, "fetch", "fetch.call", call="c", custom=True, op="threads.list", url="u", method="POST"),
        entry(19.0, "fetch", "fetch.returned", call="c", what="response", status=200),
        entry(18.0, "fetch", "fetch.end", call="c", how="finished", size=0),
    )
    assert _told(made) == ["fetch.call", "fetch.returned", "fetch.end"]
