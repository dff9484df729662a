"""A saved body is judged as it is; what is known of its head is used, and what is not is said."""

from __future__ import annotations

import gzip
import zlib

import brotli  # type: ignore[import-untyped]  # it has no types
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
    assert any("status and headers are unknown" in note for note in found.notes)
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
    assert (call.how, call.error) == ("cut", "only 5 of 10 bytes (content-length) are present")


def test_a_body_saved_compressed_is_unpacked() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n"
    for data in (gzip.compress(BODY), head + gzip.compress(BODY)):
        assert only(saved.read(data, "-", None)).body == BODY


def test_a_body_that_cannot_be_unpacked_is_refused_with_a_next_step() -> None:
    with pytest.raises(RecordingError) as caught:
        saved.read(b"\x1f\x8bnothing", "x.gz", None)
    assert "curl --compressed" in caught.value.hint


def test_a_bomb_is_left_at_the_limit_by_its_name() -> None:
    found = saved.read(gzip.compress(b"data: 1\n\n" + bytes(20 * 1024 * 1024)), "x.gz", None)
    call = only(found)
    assert (len(call.body), call.how) == (16 * 1024 * 1024, "open")
    assert call.unread == "the limit of 16 MB for all bodies together"
    assert f"the body was not read completely: {call.unread}" in found.notes


def test_lines_without_an_end_are_left_at_the_limit_by_its_name() -> None:
    call = only(saved.read(b"\n\r\n\r" * 1_000_000, "-", None))
    assert call.body.count(b"\n") <= 200_000
    assert call.unread == "the limit of 200,000 lines for all bodies together"


PACKED = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}


def answer(coding: str, body: bytes, length: int | None = None) -> bytes:
    """What ``curl -i`` saves."""
    size = f"content-length: {length}\r\n" if length is not None else ""
    kind = "content-type: text/event-stream\r\n"
    return f"HTTP/1.1 200 OK\r\n{kind}content-encoding: {coding}\r\n{size}\r\n".encode() + body


@pytest.mark.parametrize("coding", PACKED)
def test_a_body_is_unpacked_as_its_head_says(coding: str) -> None:
    packed: bytes = PACKED[coding](BODY)
    found = saved.read(answer(coding, packed, len(packed)), "-", None)
    call = only(found)
    assert (call.body, call.how, call.error) == (BODY, "finished", "")
    assert "the body was saved compressed, and was decompressed" in found.notes


@pytest.mark.parametrize("coding", PACKED)
def test_a_head_that_contradicts_the_body_is_told_by_its_name(coding: str) -> None:
    """The body is as long as the head says: curl has unpacked nothing."""
    call = only(saved.read(answer(coding, BODY, len(BODY)), "-", None))
    assert (call.status, call.how, call.body) == (200, "cut", b"")
    assert "content-encoding" in call.error
    assert call.error.startswith("net::ERR_CONTENT_DECODING_FAILED")


@pytest.mark.parametrize("length", [None, 40, 10_000])
def test_what_curl_has_unpacked_is_no_fault(length: int | None) -> None:
    """``curl --compressed -i`` leaves the head as it came."""
    found = saved.read(answer("gzip", BODY, length), "-", None)
    call = only(found)
    assert (call.body, call.how, call.error) == (BODY, "finished", "")
    assert any("content-encoding" in note for note in found.notes)


def test_a_packed_body_that_was_cut_is_cut() -> None:
    packed = gzip.compress(BODY)
    call = only(saved.read(answer("gzip", packed[:-20], len(packed)), "-", None))
    assert call.how == "cut"
    assert call.body == BODY[: len(call.body)]


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 2_000_000,
        b"HTTP/1.1 200 OK\r\n\r\n" * 500_000,
        b"HTTP/1.1 200 " + b"x" * 5_000_000,
        b"HTTP/" + b"1" * 5_000_000,
        b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5_000 + b"\r\n\r\nx",
        "HTTP/1.1 200 OK\r\ncontent-length: \u0663\r\n\r\nx".encode(),
    ],
    ids=["endless-head", "many-heads", "long-status", "long-version", "long-length", "strange-length"],
)
def test_a_strange_head_is_read_in_no_time(data: bytes) -> None:
    assert only(saved.read(data, "-", None)).op == "threads.create"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_what_powershell_saves_is_read(encoding: str) -> None:
    found = saved.read(("\ufeff" + BODY.decode()).encode(encoding), "-", None)
    assert only(found).body == BODY
    assert any("UTF-16" in note for note in found.notes)
