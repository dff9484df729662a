"""Where a page reads a thread in its own words, a HAR is read by what it was answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.conversation import har
from chatkit_doctor.conversation.conversation import Conversation
from tests.chatkit_events import AT, good, reply, user
from tests.conversation.made import judged, sse
from tests.conversation.test_har import Entry, entry, named

SENT: Final = "http://localhost:3000/api/chat"
READ: Final = "http://localhost:3000/api/threads/thr_1"
ITEMS: Final = [user(item_id="u1"), reply(item_id="a1")]


def thread(items: list[dict[str, Any]], id_: str = "thr_1") -> dict[str, Any]:
    """A thread as the component reads it."""
    page = {"data": items, "has_more": False}
    return {"id": id_, "created_at": AT, "status": {"type": "active"}, "items": page}


def sent(document: str = "page_1", headers: Mapping[str, str] | None = None) -> Entry:
    """A message in the page's own words, which is answered with a good turn."""
    body = b"".join(sse(good())).decode()
    made = entry(content={"text": body}, pageref=document)
    request = {"method": "POST", "url": SENT, "postData": {"text": '{"message": "Hello there"}'}}
    return made | {"request": request | {"headers": named(headers or {})}}


def read_back(answer: object, *, document: str = "page_2", mime: str = "application/json") -> Entry:
    """A plain GET, and what it was answered with."""
    made = entry(at="10:00:05.000", mime=mime, content={"text": json.dumps(answer)}, pageref=document)
    return made | {"request": {"method": "GET", "url": READ, "headers": []}}


def read(*entries: Entry) -> Conversation:
    """The conversation in a HAR of these."""
    return har.read({"log": {"entries": list(entries)}}, "a.har", None)


def test_a_thread_that_is_read_by_a_new_document_is_a_reload() -> None:
    found = read(sent(), read_back(thread(ITEMS)))
    (_, call) = found.calls
    assert (call.op, call.reload) == ("threads.get_by_id", True)
    assert json.loads(call.request) == {"type": "threads.get_by_id", "params": {"thread_id": "thr_1"}}
    assert (
        f"1 read is not ChatKit's own, and recognised by the thread in the response: GET {READ}"
        in found.notes
    )


@pytest.mark.parametrize("headers", [{}, {"chatkit-frame-instance-id": "one"}])
def test_one_that_the_same_document_reads_is_none(headers: dict[str, str]) -> None:
    found = read(sent(headers=headers), read_back(thread(ITEMS), document="page_1"))
    assert [(call.op, call.reload) for call in found.calls][1:] == [("threads.get_by_id", False)]


def test_what_the_store_kept_passes_and_what_it_lost_fails(tmp_path: Path) -> None:
    kept = judged(read(sent(), read_back(thread(ITEMS))), tmp_path / "kept")
    assert (kept.verdict, kept.warnings) == ("pass", [])
    lost = judged(read(sent(), read_back(thread(ITEMS[:1]))), tmp_path / "lost")
    assert lost.cause is not None
    assert (lost.verdict, lost.cause.id) == ("fail", "store-lost-items")


@pytest.mark.parametrize(
    ("answer", "op"),
    [
        ({"data": ITEMS, "has_more": False}, "items.list"),
        ({"data": [thread([])], "has_more": False}, "threads.list"),
    ],
)
def test_lists_are_known_by_what_they_list(answer: object, op: str) -> None:
    assert [call.op for call in read(sent(), read_back(answer)).calls][1:] == [op]


@pytest.mark.parametrize(
    "other",
    [
        read_back(thread(ITEMS, "thr_of_nobody")),
        read_back({"id": "thr_1", "messages": ["Hello there"]}),
        read_back({"id": "thr_1", "items": {"data": [{"type": "message"}]}}),
        read_back({"data": [], "has_more": False}),
        read_back({"data": [{"id": "7", "name": "Jane"}], "has_more": False}),
        read_back(["thr_1"]),
        read_back(thread(ITEMS), mime="text/plain"),
    ],
)
def test_what_the_component_could_not_have_been_given_is_left_alone(other: Entry) -> None:
    assert len(read(sent(), other).calls) == 1


def test_before_any_thread_was_streamed_nothing_is_taken_for_its_read() -> None:
    early = read_back(thread(ITEMS)) | {"startedDateTime": "2026-01-01T09:00:00.000Z"}
    assert len(read(early, sent()).calls) == 1
