"""Which entries belong to one request of the component, and what the component got in the end."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges, streams
from tests.chatkit_events import HELLO, good
from tests.conversations import Handed, exchange, recorded, written
from tests.recordings import URL, Part, entry, reloaded, send, step


def only(recording: Recording) -> Exchange:
    """The one exchange of a recording."""
    (found,) = exchanges(recording)
    return found


def test_request_call_wire_and_events_belong_together() -> None:
    one = only(recorded(exchange(100, body=good())))
    assert one.op == "threads.create"
    assert [call.custom for call in one.calls] == [False]
    assert [(a.status, a.mime, a.how) for a in one.attempts] == [(200, "text/event-stream", "finished")]
    assert list(one.events) == good()


def test_the_body_can_be_read_from_the_recording() -> None:
    recording = recorded(exchange(100, body=good()))
    one = only(recording)
    assert one.last is not None
    assert one.last.body(recording) == written(good())


def test_retries_are_attempts_of_one_exchange() -> None:
    one = only(recorded(exchange(100, body=b"down", status=500, mime="text/plain", attempts=3)))
    assert [attempt.status for attempt in one.attempts] == [500, 500, 500]
    assert one.events == ()


@pytest.mark.parametrize("status", [200, 500])
def test_a_retry_that_is_on_its_way_at_the_end_takes_nothing_back(status: int) -> None:
    answered = exchange(100, body=b"Sorry.", mime="text/plain", status=status)
    about = {"url": URL, "op": "threads.create", "body": {"type": "threads.create", "params": {}}}
    again = entry(1_600, "request", "request.sent", id="again", method="POST", headers={}, auth={}, **about)
    nowhere = {"file": "", "bytes": 0, "truncated": False}
    open_ = entry(
        1_610, "wire", "wire.end", id="again", op="threads.create", how="open", size=0, body=nowhere
    )
    recording = recorded(answered, again, open_)
    (found,) = exchanges(recording)
    assert (len(found.attempts), found.status, found.mime) == (2, status, "text/plain")
    assert found.last is not None
    assert (found.how, found.last.body(recording)) == ("finished", b"Sorry.")


def test_the_same_message_sent_twice_is_two_exchanges() -> None:
    recording = recorded(exchange(100, body=good(), name="one"), exchange(900, body=good(), name="two"))
    assert [len(e.attempts) for e in exchanges(recording)] == [1, 1]
    assert [len(e.events) for e in exchanges(recording)] == [len(good())] * 2


def test_a_custom_fetch_and_its_request_belong_to_one_exchange() -> None:
    one = only(recorded(exchange(100, body=good(), custom=Handed())))
    assert [call.custom for call in one.calls] == [True, False]
    assert one.custom is not None
    assert len(one.attempts) == 1


def test_a_request_that_was_rewritten_belongs_to_the_fetch_it_was_made_in() -> None:
    rewritten = {"op": "", "url": "http://localhost:1/users/7/chat", "body": {"message": HELLO}}
    recording = recorded(
        exchange(50, "threads.list", {"data": []}, mime="application/json"),
        exchange(100, body=good(), custom=Handed(), sent=rewritten),
    )
    first, second = exchanges(recording)
    assert first.op == "threads.list"
    assert second.last is not None
    assert second.last.sent is not None
    assert second.last.sent.data.url == rewritten["url"]


def test_an_answer_without_network_has_no_attempt() -> None:
    recording = recorded(
        exchange(
            100,
            "threads.list",
            {"data": []},
            mime="application/json",
            custom=Handed(mime="application/json"),
            network=False,
        )
    )
    one = only(recording)
    assert (one.attempts, one.status, one.mime) == ((), 200, "application/json")
    assert one.answer(recording) == {"data": []}


def test_without_a_view_of_the_component_the_wire_is_enough() -> None:
    parts = [p for p in exchange(100, body=good(), observed=False) if getattr(p, "layer", "") != "fetch"]
    one = only(recorded(parts))
    assert (one.op, one.asked) == ("threads.create", None)
    assert list(one.events) == good()


def test_without_a_view_of_the_component_retries_are_told_from_new_messages() -> None:
    def wire(t: float, name: str) -> list[Part]:
        made = exchange(t, body=b"x", status=500, mime="text/plain", observed=False, name=name)
        return [p for p in made if getattr(p, "layer", "") != "fetch"]

    recording = recorded(
        send(0, HELLO, until=8000),
        wire(100, "a"),
        wire(1600, "b"),
        send(9000, HELLO, turn=2, until=9900),
        wire(9100, "c"),
    )
    assert [len(e.attempts) for e in exchanges(recording)] == [2, 1]


def test_events_are_those_the_page_handed_over_and_not_those_of_the_wire() -> None:
    half = written(good()[:3])
    one = only(recorded(exchange(100, body=good(), custom=Handed(body=half))))
    assert list(one.events) == good()[:3]


def test_events_of_a_body_the_component_does_not_read_are_none() -> None:
    one = only(recorded(exchange(100, body=good(), mime="text/plain")))
    assert one.events == ()


def test_an_event_without_its_blank_line_is_lost_and_kept_apart() -> None:
    body = written(good()).rstrip(b"\n")
    one = only(recorded(exchange(100, body=body)))
    assert list(one.events) == good()[:-1]
    assert one.lost_tail is not None
    assert one.lost_tail.payload.value == good()[-1]


def test_an_event_without_its_blank_line_is_lost_also_where_only_the_wire_was_seen() -> None:
    body = written(good()).rstrip(b"\n")
    parts = [p for p in exchange(100, body=body, observed=False) if getattr(p, "layer", "") != "fetch"]
    assert list(only(recorded(parts)).events) == good()[:-1]


def test_the_half_event_of_a_cut_body_is_no_lost_tail() -> None:
    one = only(recorded(exchange(100, body=written(good())[:-30], how="cut", error="net::ERR_X")))
    assert (one.how, one.lost_tail) == ("cut", None)
    assert one.framing == ()


def test_posted_events_take_their_names_from_the_wire() -> None:
    body = b'event: thread.message.created\ndata: {"object": "thread.message"}\n\n'
    one = only(recorded(exchange(100, body=body)))
    assert [received.name for received in one.received] == ["thread.message.created"]


def test_a_body_without_events_shows_its_beginning() -> None:
    one = only(recorded(exchange(100, body=b'{"type": "x"}\n{"type": "y"}\n')))
    assert one.received == ()
    assert one.body_text.startswith('{"type": "x"}')
    assert [problem.kind for problem in one.framing] == ["bare-json", "bare-json"]


@pytest.mark.parametrize(("t", "turn"), [(50, None), (150, 1), (1150, 2), (2150, None)])
def test_the_turn_is_that_of_the_last_message_sent(t: float, turn: int | None) -> None:
    steps: list[Part] = [
        step(0, "open", index=0, until=90),
        send(100, "one", until=900),
        step(950, "call", index=5, until=960),
        send(1100, "two", turn=2, until=1900),
        reloaded(2000),
    ]
    recording = recorded(steps, exchange(t, "threads.list", {"data": []}, mime="application/json"))
    assert only(recording).turn == turn


def test_preflight_and_failure_belong_to_the_request() -> None:
    asked = {"url": URL, "op": "threads.create", "body": {"type": "threads.create"}}
    recording = recorded(
        entry(100, "request", "request.asked", nonce="n", via="fetchEventSource", headers={}, **asked),
        entry(102, "request", "request.sent", id="r", method="POST", headers={}, auth={}, **asked),
        entry(
            103, "request", "request.preflight", url=URL, status=400, asked_headers="x", allowed_headers=""
        ),
        entry(
            105, "request", "request.failed", id="r", url=URL, op="threads.create", error="net::ERR_FAILED"
        ),
    )
    last = only(recording).last
    assert last is not None
    assert last.failed is not None
    assert last.preflight is not None


def test_a_body_sent_as_text_is_the_same_as_one_sent_as_json() -> None:
    body = {"type": "threads.create", "params": {"a": 1}}
    recording = recorded(
        entry(
            100,
            "request",
            "request.asked",
            nonce="n",
            via="fetch",
            url="/chatkit",
            op="threads.create",
            body=body,
        ),
        entry(120, "request", "request.sent", id="r", url=URL, op="threads.create", body=json.dumps(body)),
    )
    assert len(only(recording).attempts) == 1


def test_only_streaming_operations_are_streams() -> None:
    recording = recorded(
        exchange(50, "threads.list", {"data": []}, mime="application/json"), exchange(100, body=good())
    )
    assert [e.op for e in streams(recording)] == ["threads.create"]


def test_an_empty_recording_has_no_exchanges() -> None:
    assert exchanges(recorded()) == ()
