"""A replayed backend answers as the recorded one did, over a real socket."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation, Preflight
from chatkit_doctor.host.body import Ending, Wait
from chatkit_doctor.host.replay_timing import COMPRESSED, REAL
from chatkit_doctor.host.server import Host
from chatkit_doctor.host.site import Site
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.read import scenario_from

STREAM = {"content-type": "text/event-stream"}
JSON = {"content-type": "application/json"}
Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


@contextmanager
def replayed(host: Host, *calls: Call) -> Iterator[Site]:
    scenario = scenario_from({"title": "x", "backend": {"kind": "replay", "recording": "unused"}})
    with host.site(scenario, LOADER_URL, replayed=Conversation("recording", "", calls)) as site:
        yield site


@pytest.fixture
def ask(host: Host) -> Iterator[Ask]:
    """Sends one operation to a site; the connections stay open until the test is over."""
    connections: list[http.client.HTTPConnection] = []

    def send(site: Site, op: str, *, method: str = "POST", **params: Any) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
        connections.append(connection)
        body = json.dumps({"type": op, "params": params})
        connection.request(method, urlsplit(site.api_url).path, body, {"content-type": "application/json"})
        return connection.getresponse()

    yield send
    for connection in connections:
        connection.close()


def call(op: str, body: bytes | list[bytes] = b"", **more: Any) -> Call:
    pieces = [body] if isinstance(body, bytes) else body
    chunks = tuple(Chunk(2.0 + number, piece) for number, piece in enumerate(pieces))
    params = more.pop("params", {})
    made: dict[str, Any] = {"status": 200, "headers": STREAM, "answered_ms": 1.0, "ended_ms": 9.0, **more}
    return Call(op, "http://localhost:1/chatkit", 0.0, asked(op, **params), chunks=chunks, **made)


def asked(op: str, **params: Any) -> bytes:
    return json.dumps({"type": op, "params": params}).encode()


def test_status_headers_and_the_bytes_of_the_body_are_those_of_the_recording(host: Host, ask: Ask) -> None:
    headers = {"content-type": "text/plain", "x-why": "because", "content-length": "4000"}
    with replayed(host, call("threads.create", b"\xff no\r\n", status=418, headers=headers)) as site:
        response = ask(site, "threads.create")
        assert (response.status, response.getheader("x-why"), response.read()) == (
            418,
            "because",
            b"\xff no\r\n",
        )


def test_each_turn_gets_the_answer_of_its_own_turn(host: Host, ask: Ask) -> None:
    first, second = call("threads.create", b"one"), call("threads.add_user_message", b"two")
    with replayed(host, first, second) as site:
        assert [ask(site, op).read() for op in ("threads.create", "threads.add_user_message")] == [
            b"one",
            b"two",
        ]


def test_the_same_request_again_gets_the_answer_to_the_repetition(host: Host, ask: Ask) -> None:
    failed = call("threads.create", b"down", status=500)
    again = call("threads.create", b"up", attempt=2)
    with replayed(host, failed, again, call("threads.add_user_message", b"next")) as site:
        bodies = [ask(site, "threads.create", input="Hi").read() for _ in range(2)]
        assert [*bodies, ask(site, "threads.add_user_message").read()] == [b"down", b"up", b"next"]


def test_a_repetition_that_is_not_needed_any_more_is_left_out(host: Host, ask: Ask) -> None:
    repaired = call("threads.create", b"good")
    again = call("threads.create", b"as good", attempt=2)
    with replayed(host, repaired, again, call("threads.add_user_message", b"next")) as site:
        ask(site, "threads.create").read()
        assert ask(site, "threads.add_user_message").read() == b"next"


def test_a_thread_that_is_begun_only_once_now_takes_the_second_turn_up(host: Host, ask: Ask) -> None:
    begun = [b'data: {"type":"thread.created","thread":{"id":"t2"}}\n\n', b'data: {"thread_id":"t2"}\n\n']
    with replayed(host, call("threads.create", b"one"), call("threads.create", begun)) as site:
        ask(site, "threads.create").read()
        second = ask(site, "threads.add_user_message", thread_id="t1").read()
    assert second == b'data: {"thread_id":"t1"}\n\n'


def test_a_request_that_a_page_rewrites_gets_its_answer_in_the_words_of_the_page(host: Host) -> None:
    words = {"message": "Hi"}
    rewritten = json.dumps(words).encode()
    recorded = call("threads.create", b"{}", headers=JSON, rewritten=rewritten)
    with replayed(host, recorded) as site:
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
        headers = {"content-type": "application/json"}
        connection.request("POST", urlsplit(site.api_url).path, json.dumps(words), headers)
        response = connection.getresponse()
        answer = (response.status, response.getheader("content-type"), response.read())
        connection.close()
    assert answer == (200, "application/json", b"{}")


def test_a_body_that_broke_off_breaks_off(host: Host, ask: Ask) -> None:
    with replayed(host, call("threads.create", b"data: half", how="cut")) as site:
        with pytest.raises(http.client.IncompleteRead) as caught:
            ask(site, "threads.create").read()
        assert caught.value.partial == b"data: half"


def test_a_body_that_never_ended_stays_open(host: Host, ask: Ask) -> None:
    with replayed(host, call("threads.create", b"data: all\n", how="open")) as site:
        response = ask(site, "threads.create")
        assert response.readline() == b"data: all\n"
        assert response.fp is not None
        response.fp.raw._sock.settimeout(0.3)  # type: ignore[attr-defined]
        with pytest.raises(TimeoutError):
            response.readline()


def test_a_request_without_an_answer_gets_none(host: Host, ask: Ask) -> None:
    unanswered = call("threads.create", status=None, how="cut", error="net::ERR_CONNECTION_RESET")
    with replayed(host, unanswered) as site, pytest.raises(http.client.RemoteDisconnected):
        ask(site, "threads.create")


def test_reads_are_answered_by_what_they_ask_for(host: Host, ask: Ask) -> None:
    reads = [
        call("threads.get_by_id", name.encode(), headers=JSON, params={"thread_id": name}) for name in "ab"
    ]
    with replayed(host, *reads) as site:
        bodies = [ask(site, "threads.get_by_id", thread_id=name).read() for name in ("b", "a", "b")]
    assert bodies == [b"b", b"a", b"b"]


def test_a_thread_that_was_never_read_is_made_of_what_was_sent(host: Host, ask: Ask) -> None:
    item = {"id": "m1", "type": "user_message"}
    events = [{"type": "thread.created", "thread": {"id": "t1"}}, {"type": "thread.item.done", "item": item}]
    stream = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    with replayed(host, call("threads.create", stream)) as site:
        ask(site, "threads.create").read()
        thread = json.loads(ask(site, "threads.get_by_id", thread_id="t1").read())
    assert (thread["id"], thread["items"]["data"]) == ("t1", [item])


def test_a_turn_that_was_not_recorded_is_refused(host: Host, ask: Ask) -> None:
    with replayed(host, call("threads.create", b"one")) as site:
        ask(site, "threads.create").read()
        assert ask(site, "threads.add_user_message").status == 400


def test_a_request_that_the_page_put_in_other_words_gets_the_answer_to_those_words(
    host: Host, ask: Ask
) -> None:
    own = replace(call("threads.create", b"one"), request=asked("chat", message="Hi"))
    with replayed(host, call("threads.list", b"{}", headers=JSON), own) as site:
        assert ask(site, "chat", message="Hi").read() == b"one"
        assert ask(site, "chat", message="Bye").status == 400


def test_a_preflight_is_answered_as_recorded_with_the_origin_of_now(host: Host, ask: Ask) -> None:
    allowed = {"access-control-allow-origin": "http://localhost:3000", "access-control-allow-headers": "x-a"}
    sent = {"origin": "http://localhost:3000"}
    answer = {**STREAM, "access-control-allow-origin": "http://localhost:3000"}
    preflight = Preflight(204, allowed, "x-a")
    crossing = call("threads.create", b"one", request_headers=sent, headers=answer, preflight=preflight)
    with replayed(host, crossing) as site:
        options, post = ask(site, "", method="OPTIONS"), ask(site, "threads.create")
        found = [response.getheader("access-control-allow-origin") for response in (options, post)]
        assert site.api_url.startswith(f"http://127.0.0.1:{host.port}/")
        assert (options.status, options.getheader("access-control-allow-headers")) == (204, "x-a")
        assert found == [site.origin, site.origin]


def test_what_was_not_recorded_can_be_read_from_another_origin(host: Host, ask: Ask) -> None:
    sent = {"origin": "http://localhost:3000"}
    with replayed(host, call("threads.create", b"one", request_headers=sent)) as site:
        answer = ask(site, "threads.get_by_id", thread_id="t1")
        assert answer.getheader("access-control-allow-origin") == site.origin


def test_a_backend_on_the_origin_of_its_page_stays_there(host: Host) -> None:
    own = call("threads.create", b"one", request_headers={"origin": "http://localhost:1"})
    with replayed(host, own) as site:
        assert site.api_url.startswith("/")


def late(*times: float, ended: float, op: str = "threads.create", how: str = "finished") -> Call:
    chunks = tuple(Chunk(t, b"x") for t in times)
    return Call(op, "", 0.0, status=200, answered_ms=times[0], chunks=chunks, ended_ms=ended, how=how)  # type: ignore[arg-type]


def waits(pieces: Iterator[object]) -> list[float]:
    return [piece.ms for piece in pieces if isinstance(piece, Wait)]


def test_real_time_is_that_of_the_recording() -> None:
    slow = late(5_000, 5_400, 9_000, ended=9_100)
    assert REAL.before(slow) == 5_000
    assert waits(REAL.pieces(slow)) == [0, 400, 3_600, 100]


def test_short_waits_in_a_body_stay_as_they_were_in_compressed_time() -> None:
    assert waits(COMPRESSED.pieces(late(10, 60, 90, ended=100))) == [50, 30, 10]


def test_a_long_live_body_stays_live_in_compressed_time() -> None:
    long = late(*range(100, 60_100, 100), ended=60_100)
    assert sum(waits(COMPRESSED.pieces(long))) == pytest.approx(860)


def test_a_silence_in_a_body_takes_none_of_the_time_of_its_text() -> None:
    silent = late(10, 30_010, 30_110, 30_210, ended=30_210)
    assert waits(COMPRESSED.pieces(silent)) == [60, 60, 60, 0]


def test_what_was_held_back_is_held_back_for_as_long_as_counts() -> None:
    assert COMPRESSED.before(late(30_000, ended=30_001)) == 1_600


def test_a_short_wait_for_the_first_byte_is_shortened_and_a_read_of_any_length() -> None:
    assert COMPRESSED.before(late(1_400, ended=1_401)) == 60
    assert COMPRESSED.before(late(30_000, ended=30_001, op="threads.list")) == 60


def test_a_body_that_was_given_up_is_not_ended_by_the_backend() -> None:
    assert list(COMPRESSED.pieces(late(10, ended=900, how="aborted")))[-1] == Ending("hang")
