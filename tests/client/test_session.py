"""The live client plays the component's part against real backends on real sockets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from chatkit_doctor.client.probes import Probe
from chatkit_doctor.client.session import MESSAGES, MOST_TOOL_CALLS, UNKNOWN_THREAD
from chatkit_doctor.errors import TargetError, UsageError
from chatkit_doctor.host.server import Host
from tests.client.backends import backend, ops, probed, scripted, sent, talk, the

GOOD: dict[str, Any] = {"stream": [{"good_turn": {"reply": "Hi.", "stream_ms": 0}}]}
TOOL_CALL: dict[str, Any] = {
    "event": {
        "type": "thread.item.done",
        "item": {
            "id": "ctc_1",
            "type": "client_tool_call",
            "thread_id": "${thread_id}",
            "created_at": "2026-01-01T00:00:00",
            "status": "pending",
            "call_id": "call_1",
            "name": "get_time",
            "arguments": {},
        },
    }
}


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The client's own waits in seconds, none of which is really waited. Those of the servers are."""
    found: list[float] = []
    client, sleep = threading.current_thread(), asyncio.sleep

    async def skipped(delay: float) -> None:
        if threading.current_thread() is not client:
            await sleep(delay)
        elif delay > 0:
            found.append(delay)

    monkeypatch.setattr(asyncio, "sleep", skipped)
    return found


def test_the_requests_are_those_of_the_component(host: Host) -> None:
    with scripted(host, any=GOOD) as url:
        found = talk(url)
    assert ops(found) == [
        "threads.list",
        "threads.create",
        "threads.add_user_message",
        "threads.get_by_id",
        "threads.list",
    ]
    assert sent(the(found, "threads.list"))["params"] == {"limit": 9999, "order": "desc"}
    assert sent(the(found, "threads.create")) == {
        "type": "threads.create",
        "params": {
            "input": {
                "content": [{"type": "input_text", "text": MESSAGES[0]}],
                "quoted_text": "",
                "attachments": [],
                "inference_options": {},
            }
        },
    }
    later = sent(the(found, "threads.add_user_message"))["params"]
    assert later["thread_id"] == "thr_1"
    assert later["input"]["content"][0]["text"] == MESSAGES[1]
    create = the(found, "threads.create")
    assert create.request_headers["accept"] == "text/event-stream"
    assert create.request_headers["content-type"] == "application/json"
    assert len({call.request_headers["chatkit-frame-instance-id"] for call in found.calls}) == 1


def test_only_what_follows_the_turns_stands_for_a_reload(host: Host) -> None:
    with scripted(host, any=GOOD) as url:
        found = talk(url)
    reloads = {(call.op, call.reload) for call in found.calls if not call.probe and call.reload}
    assert reloads == {("threads.get_by_id", True), ("threads.list", True)}
    assert not the(found, "threads.list").reload


def test_the_real_server_gives_back_what_it_streamed_and_answers_every_probe(host: Host) -> None:
    with backend(host, {"kind": "sdk", "stream_ms": 0}) as url:
        found = talk(url, probes=frozenset(Probe))
    assert b"And a second message" in the(found, "threads.get_by_id").body
    probes = probed(found)
    assert set(probes) == set(Probe)
    assert {name: probe.status for name, probe in probes.items()} == {
        "unknown-thread": 404,
        "empty-body": 500,
        "rename-thread": 200,
        "list-items": 200,
        "aborted-stream": 200,
    }
    assert sent(probes["unknown-thread"])["params"] == {"thread_id": UNKNOWN_THREAD}
    assert probes["empty-body"].request == b"{}"
    assert found.notes == ()


def test_the_aborted_stream_is_left_after_its_first_event(host: Host) -> None:
    slow = {"stream": [{"event": {"type": "thread.created"}}, {"delay_ms": 20_000}, {"event": {}}]}
    with scripted(host, threads_create=[GOOD, slow], threads_add_user_message=GOOD) as url:
        found = talk(url, probes=frozenset({Probe.ABORTED_STREAM}))
    aborted = probed(found)["aborted-stream"]
    assert aborted.how == "aborted"
    assert aborted.body == b'data: {"type": "thread.created"}\n\n'


def test_a_healthy_backend_is_not_waited_for(host: Host, waits: list[float]) -> None:
    with backend(host, {"kind": "sdk", "stream_ms": 0}) as url:
        talk(url)
    assert waits == []


def test_a_server_error_is_asked_for_six_times_and_ends_the_conversation(host: Host) -> None:
    with scripted(host, any={"status": 500, "text": "oops"}) as url:
        found = talk(url)
    assert ops(found) == ["threads.list", *["threads.create"] * 6]
    assert len({call.request for call in found.calls if call.op == "threads.create"}) == 1
    assert any(note.startswith("message 1 led to no finished turn") for note in found.notes)


def test_a_server_error_that_passes_is_followed_by_the_rest(host: Host) -> None:
    answers = [{"status": 503, "text": "later"}, {"status": 200, "text": "no stream"}, GOOD]
    with scripted(host, threads_create=answers, threads_add_user_message=GOOD) as url:
        found = talk(url)
    assert ops(found)[:5] == ["threads.list", *["threads.create"] * 3, "threads.add_user_message"]


def test_the_waits_before_repetitions_are_the_middle_of_the_measured_ranges(
    host: Host, waits: list[float]
) -> None:
    with scripted(host, any={"status": 500, "text": "oops"}) as url:
        talk(url, longest_wait_s=60.0)
    # From 2 s on doubled up to 10 s, each shortened at random by up to a half.
    assert waits == [1.5, 3.0, 6.0, 7.5, 7.5]


def test_no_wait_is_longer_than_is_allowed(host: Host, waits: list[float]) -> None:
    with scripted(host, any={"status": 500, "text": "oops"}) as url:
        talk(url, longest_wait_s=2.0)
    assert waits == [1.5, 2.0, 2.0, 2.0, 2.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_final_and_the_next_message_begins_a_new_thread(host: Host, status: int) -> None:
    with scripted(host, any={"status": status, "json": {"detail": "no"}}) as url:
        found = talk(url)
    assert ops(found) == ["threads.list", "threads.create", "threads.create"]
    assert the(found, "threads.create").status == status
    assert the(found, "threads.create").body == b'{"detail": "no"}'


def test_a_client_tool_is_answered_where_the_stream_asks_for_it(host: Host) -> None:
    asks = {"stream": [{"good_turn": {"without": ["reply"], "stream_ms": 0}}, TOOL_CALL]}
    with scripted(host, threads_create=asks, threads_add_client_tool_output=GOOD) as url:
        found = talk(url, messages=("Hello",))
    assert ops(found)[:4] == [
        "threads.list",
        "threads.create",
        "threads.add_client_tool_output",
        "threads.get_by_id",
    ]
    assert sent(the(found, "threads.add_client_tool_output"))["params"] == {
        "thread_id": "thr_1",
        "result": {},
    }


def test_a_client_tool_that_is_asked_for_again_and_again_meets_a_limit(host: Host) -> None:
    asks = {"stream": [{"good_turn": {"without": ["reply"], "stream_ms": 0}}, TOOL_CALL]}
    with scripted(host, any=asks) as url:
        found = talk(url, messages=("Hello",))
    assert ops(found).count("threads.add_client_tool_output") == MOST_TOOL_CALLS
    assert found.notes == (
        f"a client tool was not answered: the limit of {MOST_TOOL_CALLS} calls in one turn",
    )


def test_a_tool_call_before_its_thread_is_announced_counts_as_little_as_for_the_component(host: Host) -> None:
    with scripted(host, any={"stream": [TOOL_CALL]}) as url:
        found = talk(url, messages=("Hello",))
    assert ops(found) == ["threads.list", "threads.create"]


def test_a_thread_is_read_page_by_page(host: Host) -> None:
    def page(number: int, *, more: bool, **mark: str) -> dict[str, Any]:
        return {"data": [{"id": f"i{number}"}], "has_more": more, **mark}

    first = {"id": "thr_1", "items": page(1, more=True, after="mark_1")}
    pages = [{"json": page(2, more=True)}, {"json": page(3, more=False)}]
    with scripted(host, any=GOOD, threads_get_by_id={"json": first}, items_list=pages) as url:
        found = talk(url, messages=("Hello",))
    asked = [sent(call)["params"] for call in found.calls if call.op == "items.list" and not call.probe]
    assert asked == [
        {"thread_id": "thr_1", "limit": 9999, "order": "asc", "after": after} for after in ("mark_1", "i2")
    ]
    assert all(call.reload for call in found.calls if call.op == "items.list" and not call.probe)


def test_a_thread_without_an_end_meets_a_limit(host: Host) -> None:
    endless = {"data": [{"id": "i1"}], "has_more": True}
    read = {"json": {"id": "thr_1", "items": endless}}
    with scripted(host, any=GOOD, threads_get_by_id=read, items_list={"json": endless}) as url:
        found = talk(url, messages=("Hello",))
    assert found.notes == ("a thread was not read completely: the limit of 50 pages",)


def test_a_stream_that_never_ends_meets_the_limit_of_time(host: Host) -> None:
    endless = {"stream": [{"good_turn": {"reply": "Hi.", "stream_ms": 0}}, {"end": "hang"}]}
    with scripted(host, any=endless) as url:
        found = talk(url, turn_limit_s=2)
    create = the(found, "threads.create")
    assert (create.status, create.how) == (200, "open")
    assert b"Hi." in create.body
    assert "threads.create was aborted: the limit of 2 s" in found.notes
    assert ops(found) == ["threads.list", "threads.create"]


def test_an_answer_that_never_begins_meets_the_limit_of_time(host: Host) -> None:
    with scripted(host, any={"delay_ms": 60_000, "text": ""}) as url:
        found = talk(url, turn_limit_s=0.4)
    create = the(found, "threads.create")
    assert (create.status, create.how, create.error) == (None, "open", "")


def test_one_probe_that_hangs_is_given_up_by_its_name(host: Host) -> None:
    hangs = {"delay_ms": 60_000, "text": ""}
    with scripted(host, any=GOOD, threads_update=hangs) as url:
        found = talk(url, messages=("Hello",), turn_limit_s=2, probes=frozenset({Probe.RENAME_THREAD}))
    assert found.notes == ("rename-thread was aborted: the limit of 2 s",)


def test_an_integer_id_goes_back_as_it_came(host: Host) -> None:
    created = {"type": "thread.created", "thread": {"id": 7, "items": {"data": [], "has_more": False}}}
    with scripted(host, any={"stream": [{"event": created}]}) as url:
        found = talk(url)
    assert sent(the(found, "threads.add_user_message"))["params"]["thread_id"] == 7


def test_nothing_that_listens_is_told_with_a_next_step() -> None:
    with pytest.raises(TargetError) as caught:
        talk("http://localhost:9/chatkit")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("ftp://localhost/x", {}),
        ("http:///chatkit", {}),
        ("http://me:secret@localhost:1/chatkit", {}),
        ("http://localhost:1/chatkit", {"origin": "localhost:3000"}),
        ("http://localhost:1/chatkit", {"origin": "http://localhost:none"}),
    ],
    ids=str,
)
def test_what_cannot_be_asked_for_is_refused(url: str, options: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        talk(url, **{"origin": "http://localhost:3000", **options})
    assert "secret" not in str(caught.value)


def test_without_an_origin_no_rule_of_cors_applies_and_that_is_said(host: Host) -> None:
    with scripted(host, any=GOOD) as url:
        conversation = talk(url, origin="")
    assert conversation.calls[0].preflight is None
    assert any("--origin" in note for note in conversation.notes)
