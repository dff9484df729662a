"""Scripted faults happen on a real socket, as a real backend would make them."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chatkit_doctor.host.server import Host
from chatkit_doctor.host.site import Site
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.read import scenario_from

Post = Callable[[Site, object], http.client.HTTPResponse]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


@contextmanager
def scripted(host: Host, answers: dict[str, Any]) -> Iterator[Site]:
    scenario = scenario_from({"title": "x", "backend": {"kind": "script", "answers": answers}})
    with host.site(scenario, LOADER_URL) as site:
        yield site


@pytest.fixture
def post(host: Host) -> Iterator[Post]:
    """Sends one operation to a site; the connections stay open until the test is over."""
    connections: list[http.client.HTTPConnection] = []

    def send(site: Site, body: object) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
        connections.append(connection)
        payload = body if isinstance(body, str) else json.dumps(body)
        connection.request("POST", site.api_url, payload, {"content-type": "application/json"})
        return connection.getresponse()

    yield send
    for connection in connections:
        connection.close()


def create(text: str = "Hi") -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"type": "threads.create", "params": {"input": {"content": content}}}


def test_status_and_headers_are_sent_as_scripted(host: Host, post: Post) -> None:
    answers = {"threads.create": {"status": 422, "headers": {"x-why": "because"}, "json": {"detail": "no"}}}
    with scripted(host, answers) as site:
        response = post(site, create())
        assert (response.status, response.getheader("x-why"), json.loads(response.read())) == (
            422,
            "because",
            {"detail": "no"},
        )


def test_a_cut_breaks_the_connection_in_the_middle_of_the_body(host: Host, post: Post) -> None:
    answers = {"*": {"stream": [{"event": {"type": "thread.created"}}, {"end": "cut"}]}}
    with scripted(host, answers) as site:
        response = post(site, create())
        with pytest.raises(http.client.IncompleteRead) as caught:
            response.read()
        assert b"thread.created" in caught.value.partial


def test_a_hang_keeps_the_body_open_after_the_last_event(host: Host, post: Post) -> None:
    answers = {"*": {"stream": [{"event": {"type": "thread.created"}}, {"end": "hang"}]}}
    with scripted(host, answers) as site:
        response = post(site, create())
        assert b"thread.created" in response.readline()
        assert response.readline() == b"\n"
        assert response.fp is not None
        response.fp.raw._sock.settimeout(0.3)  # type: ignore[attr-defined]
        with pytest.raises(TimeoutError):
            response.readline()


def test_a_delay_really_passes_between_two_events(host: Host, post: Post) -> None:
    answers = {"*": {"stream": [{"event": {"n": 1}}, {"delay_ms": 150}, {"event": {"n": 2}}]}}
    with scripted(host, answers) as site:
        begun = time.monotonic()
        assert post(site, create()).read().count(b"data:") == 2
        assert time.monotonic() - begun >= 0.15


def test_a_buffered_body_comes_in_one_piece_after_all_its_delays(host: Host, post: Post) -> None:
    frames = [{"event": {"n": 1}}, {"delay_ms": 150}, {"event": {"n": 2}}]
    with scripted(host, {"*": {"buffered": True, "stream": frames}}) as site:
        begun = time.monotonic()
        response = post(site, create())
        first = response.readline()
        assert time.monotonic() - begun >= 0.15
        rest = response.read()
    assert first + rest == b'data: {"n": 1}\n\ndata: {"n": 2}\n\n'


def test_the_second_request_gets_the_second_answer_and_the_last_one_repeats(host: Host, post: Post) -> None:
    answers = {"threads.list": [{"status": 500}, {"json": {"data": []}}]}
    with scripted(host, answers) as site:
        statuses = [post(site, {"type": "threads.list", "params": {}}).status for _ in range(3)]
    assert statuses == [500, 200, 200]


def test_answers_to_every_streaming_operation_are_counted_through_all_of_them(host: Host, post: Post) -> None:
    with scripted(host, {"*": [{"status": 500}, {"status": 404}]}) as site:
        later = {"type": "threads.add_user_message", "params": {"thread_id": "thr_1"}}
        statuses = [post(site, create()).status, post(site, later).status]
    assert statuses == [500, 404]


def test_a_thread_that_was_streamed_can_be_read_again(host: Host, post: Post) -> None:
    with scripted(host, {"*": {"stream": [{"good_turn": {"reply": "Stored.", "stream_ms": 0}}]}}) as site:
        post(site, create("Keep this")).read()
        answer = post(site, {"type": "threads.get_by_id", "params": {"thread_id": "thr_1"}})
        items = json.loads(answer.read())["items"]["data"]
    assert [(item["type"], item["content"][0]["text"]) for item in items] == [
        ("user_message", "Keep this"),
        ("assistant_message", "Stored."),
    ]


@pytest.mark.parametrize("body", ["", "not json", "[1, 2]"])
def test_a_request_that_is_no_object_is_refused(host: Host, post: Post, body: str) -> None:
    with scripted(host, {"*": {"stream": []}}) as site:
        assert post(site, body).status == 400


def test_sessions_do_not_see_each_other(host: Host, post: Post) -> None:
    with scripted(host, {"*": {"stream": [{"good_turn": {"reply": "x"}}]}}) as first:
        post(first, create()).read()
        with scripted(host, {"*": {"stream": []}}) as second:
            listed = json.loads(post(second, {"type": "threads.list", "params": {}}).read())
    assert listed["data"] == []


def test_a_session_that_is_over_answers_404(host: Host, post: Post) -> None:
    with scripted(host, {"*": {"stream": []}}) as site:
        pass
    assert post(site, create()).status == 404


def test_the_host_listens_on_loopback_only(host: Host) -> None:
    assert host._server.address == ("127.0.0.1", host.port)


def test_a_page_that_leaves_in_the_middle_of_a_burst_is_logged_nowhere(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    burst = [{"event": {"type": "noise", "number": number}} for number in range(20_000)]
    with scripted(host, {"*": {"stream": burst}}) as site:
        with socket.create_connection(("127.0.0.1", host.port), timeout=10) as page:
            body = b'{"type": "threads.create", "params": {}}'
            head = f"POST {site.api_url} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
            page.sendall(head.encode() + body)
            page.recv(64)
            # Closed at once, without a farewell, as a browser does with a page that is removed.
            page.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        later = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
        later.request("GET", "/")
        later.getresponse().read()
        later.close()
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []
