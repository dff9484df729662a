"""A saved body is judged as it is; what is known of its head is used, and what is not is said."""

from __future__ import annotations

import gzip

import pytest

from chatkit_doctor.conversation import saved
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.errors import RecordingError
from tests.chatkit_events import created
from tests.conversation.made import sse

BODY = b"".join(sse([created()]))


def only(found: Conversation) -> Call:
    (call,) = found.calls
    return call


@pytest.mark.parametrize(
    "body",
    [BODY, b"<html><body>Not here</body></html>", b'{"type": "a"}\n{"type": "b"}\n', b'{"a": 1}'],
    ids=repr,
)
def test_bytes_stay_as_they_are_and_what_is_not_known_is_said(body: bytes) -> None:
    found = saved.read(body, "answer.txt", None)
    call = only(found)
    assert (found.kind, found.source, found.timed) == ("stream", "answer.txt", False)
    assert (call.op, call.status, call.headers, call.body) == (
        "threads.create",
        200,
        {"content-type": "text/event-stream"},
        body,
    )
    assert any("status and headers are not known" in note for note in found.notes)
    assert any("--op" in note for note in found.notes)


def test_the_operation_that_is_named_counts() -> None:
    found = saved.read(b"{}", "-", "threads.get_by_id")
    assert (only(found).op, only(found).headers) == (
        "threads.get_by_id",
        {"content-type": "application/json"},
    )
    assert not any("--op" in note for note in found.notes)


@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["crlf", "lf"])
def test_the_head_that_curl_saves_is_used(end: bytes) -> None:
    head = [b"HTTP/2 401 ", b"Content-Type: application/json", b"www-authenticate: Bearer x=1: 2", b"", b""]
    found = saved.read(end.join(head) + b"{}", "-", "threads.create")
    call = only(found)
    assert (call.status, call.body) == (401, b"{}")
    assert call.headers == {"content-type": "application/json", "www-authenticate": "Bearer x=1: 2"}
    assert not any("not known" in note for note in found.notes)


def test_of_several_heads_the_last_one_counts() -> None:
    heads = (
        b"HTTP/1.1 100 Continue\r\n\r\n"
        b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /chatkit/\r\n\r\n"
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    )
    call = only(saved.read(heads + BODY, "-", None))
    assert (call.status, call.headers, call.body) == (200, {"content-type": "text/event-stream"}, BODY)


def test_a_head_without_a_body_is_an_empty_answer() -> None:
    call = only(saved.read(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n", "-", None))
    assert (call.status, call.chunks, call.how) == (200, (), "finished")


def test_a_body_shorter_than_its_head_says_was_cut() -> None:
    call = only(saved.read(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345", "-", None))
    assert (call.how, call.error) == ("cut", "5 of 10 bytes (content-length) are there")


def test_a_body_saved_compressed_is_unpacked() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n"
    for data in (gzip.compress(BODY), head + gzip.compress(BODY)):
        assert only(saved.read(data, "-", None)).body == BODY


def test_a_body_that_cannot_be_unpacked_is_refused_with_a_next_step() -> None:
    with pytest.raises(RecordingError) as caught:
        saved.read(b"\x1f\x8bnothing", "x.gz", None)
    assert "curl --compressed" in caught.value.hint


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MAX_UNPACKED_BYTES", 1024 * 1024)
    with pytest.raises(RecordingError, match="larger than 1 MB"):
        saved.read(gzip.compress(b"x" * 2_000_000), "x.gz", None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_what_powershell_saves_is_read(encoding: str) -> None:
    found = saved.read(("\ufeff" + BODY.decode()).encode(encoding), "-", None)
    assert only(found).body == BODY
    assert any("UTF-16" in note for note in found.notes)
