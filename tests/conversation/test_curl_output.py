"""What curl prints is read as the answer in it, however much of its own stands between.

The samples are curl 7.88's, shortened.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.conversation import saved
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.conversation.curl_output import unmixed
from chatkit_doctor.errors import RecordingError
from tests.chatkit_events import good
from tests.conversation.made import conversation, judged, sse

PIECES: Final = sse(good())
BODY: Final = b"".join(PIECES)
HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
SHOWN: Final = b"".join(b"< " + line + b"\r\n" for line in HEAD.split(b"\r\n")[:-1])
ASKED: Final = (
    b"*   Trying 127.0.0.1:8765...\n"
    b"* Connected to 127.0.0.1 (127.0.0.1) port 8765 (#0)\n"
    b"> POST /chatkit HTTP/1.1\r\n> Host: 127.0.0.1:8765\r\n> Content-Length: 2\r\n> \r\n"
    b"} [2 bytes data]\n"
)
CAME: Final = b"{ [39 bytes data]\n"
INTACT: Final = b"* Connection #0 to host 127.0.0.1 left intact\n"
TITLE: Final = (
    b"  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    b"                                 Dload  Upload   Total   Spent    Left  Speed\n"
)
NOTHING_YET: Final = b"\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"
HALF_WAY: Final = b"\r100    35    0    33  100     2    164      9  0:00:01 --:--:--  0:00:01   174"
AT_THE_END: Final = b"\r100 2048k    0 2048k    0     2     47      0 --:--:--  0:00:02 --:--:--    47"


def only(data: bytes) -> Call:
    (call,) = saved.read(data, "answer.txt", "threads.create").calls
    return call


@pytest.mark.parametrize(
    "printed",
    [
        ASKED + SHOWN + CAME + BODY + INTACT,
        ASKED + SHOWN + CAME + INTACT + BODY,
        TITLE + NOTHING_YET + ASKED + SHOWN + CAME + BODY + AT_THE_END + b"\n" + INTACT,
        TITLE + NOTHING_YET + HEAD + PIECES[0] + HALF_WAY + b"".join(PIECES[1:]) + AT_THE_END + b"\n",
        ASKED + SHOWN + CAME + HEAD + BODY + INTACT,
    ],
    ids=["-sNv", "-sv", "-Nv", "-Ni", "-sNiv"],
)
def test_the_answer_is_taken_out_of_what_curl_printed(printed: bytes) -> None:
    call = only(printed)
    assert (call.status, call.headers["content-type"]) == (200, "text/event-stream")
    assert (call.body, call.how, call.error) == (BODY, "finished", "")


def test_a_head_that_was_both_shown_and_printed_counts_once() -> None:
    assert unmixed(ASKED + SHOWN + CAME + HEAD + BODY + INTACT).data == HEAD + BODY


def test_a_progress_without_a_head_is_no_part_of_the_body() -> None:
    assert only(TITLE + NOTHING_YET + PIECES[0] + HALF_WAY + PIECES[1]).body == PIECES[0] + PIECES[1]


def test_what_curl_printed_is_judged_as_the_live_answer_is(tmp_path: Path) -> None:
    printed = ASKED + SHOWN.replace(b"event-stream", b"plain") + CAME + BODY + INTACT
    report = judged(conversation(only(printed), kind="stream", timed=False), tmp_path)
    assert report.cause is not None
    assert report.cause.id == "wrong-content-type"


@pytest.mark.parametrize(
    "before",
    [
        b"< HTTP/1.1 100 Continue\r\n< \r\n* Done waiting for 100-continue\n} [2 bytes data]\n",
        b"< HTTP/1.1 307 Temporary Redirect\r\n* Please rewind output before next send\n"
        b"< location: /new\r\n< \r\n" + INTACT + b"* Issue another request to this URL: 'http://x/new'\n"
        b"* Something that a later curl says\n> POST /new HTTP/1.1\r\n> Host: x\r\n> \r\n",
        (
            b"< HTTP/2 401 \r\n< content-length: 0\r\n< \r\n* Ignoring the response-body\n"
            b"* Issue another request to this URL: 'http://x/'\n> POST / HTTP/2\r\n> \r\n"
        ),
    ],
    ids=["continue", "redirect", "challenge"],
)
def test_of_several_answers_that_are_shown_the_last_counts(before: bytes) -> None:
    call = only(ASKED + before + SHOWN + CAME + BODY + INTACT)
    assert (call.status, call.body) == (200, BODY)


def test_a_proxy_s_consent_is_no_answer() -> None:
    tunnel = (
        b"* Uses proxy env variable\n> CONNECT x:443 HTTP/1.1\r\n> Host: x:443\r\n> \r\n"
        b"< HTTP/1.1 200 Connection established\r\n< \r\n* CONNECT phase completed!\n"
        b"> POST / HTTP/2\r\n> \r\n"
    )
    call = only(tunnel + SHOWN.replace(b"HTTP/1.1 200 OK", b"HTTP/2 502 ") + CAME + b"bad\n" + INTACT)
    assert (call.status, call.body) == (502, b"bad\n")


@pytest.mark.parametrize("end", [INTACT, b"* Closing connection 0\n", b"* shutting down connection #0\n"])
def test_the_end_stands_right_behind_a_body_without_a_line_s_end(end: bytes) -> None:
    shown = b"< HTTP/1.1 422 Unprocessable Entity\r\n< content-type: application/json\r\n< \r\n"
    call = only(ASKED + shown + CAME + b'{"detail":"no"}' + end)
    assert (call.status, call.body) == (422, b'{"detail":"no"}')


@pytest.mark.parametrize(
    "end",
    [
        b"curl: (18) transfer closed with outstanding read data remaining\n",
        b"curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)\n",
        b"curl: (56) Recv failure: Connection reset by peer\n",
    ],
)
@pytest.mark.parametrize("head", [b"", HEAD])
def test_a_body_that_curl_says_was_cut_was_cut(head: bytes, end: bytes) -> None:
    call = only(head + PIECES[0] + b'data: {"ty' + end)
    assert (call.body, call.how) == (PIECES[0] + b'data: {"ty', "cut")
    assert end.decode().strip() in call.error


def test_a_cut_is_told_in_what_curl_does_as_well() -> None:
    end = b"* transfer closed with outstanding read data remaining\n* Closing connection 0\n"
    call = only(ASKED + SHOWN + CAME + PIECES[0] + b'data: {"ty' + end)
    assert (call.body, call.how) == (PIECES[0] + b'data: {"ty', "cut")


@pytest.mark.parametrize(
    "end",
    [
        b"curl: (28) Operation timed out after 1000 milliseconds with 66 bytes received\n",
        b"* Operation timed out after 1000 milliseconds with 66 bytes received\n* Closing connection 0\n",
    ],
)
def test_where_curl_stopped_waiting_the_rest_is_not_known(end: bytes) -> None:
    call = only(ASKED + SHOWN + CAME + PIECES[0] + end)
    assert (call.body, call.how) == (PIECES[0], "open")
    assert "Operation timed out" in call.unread


@pytest.mark.parametrize(
    "printed",
    [
        b"curl: (7) Failed to connect to 127.0.0.1 port 1: Couldn't connect to server\n",
        (
            b"*   Trying 127.0.0.1:1...\n* connect to 127.0.0.1 port 1 failed: Connection refused\n"
            b"* Closing connection 0\ncurl: (7) Failed to connect to 127.0.0.1 port 1\n"
        ),
        TITLE + NOTHING_YET + b"\ncurl: (7) Failed to connect to 127.0.0.1 port 1\n",
    ],
    ids=["-sS", "-v", "progress"],
)
def test_where_curl_got_no_answer_that_is_what_is_said(printed: bytes) -> None:
    with pytest.raises(
        RecordingError, match=r"curl got no response \(curl: \(7\) Failed to connect"
    ) as caught:
        only(printed)
    assert caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        b"* one\n* two\n> quoted\n",
        b"data: {}\n\n* not curl's\n",
        b"data: curl: (18) is an exit code\n\ndata: {}\n\n",
        b"data: a\rdata: b\r\r",
        b"< HTML",
    ],
)
def test_what_curl_did_not_print_stays(body: bytes) -> None:
    found = unmixed(body)
    assert (found.data, found.was_mixed) == (body, False)


def test_a_list_in_a_body_is_not_taken_for_what_curl_does() -> None:
    assert only(ASKED + SHOWN + CAME + b"* one\n> two\n" + INTACT).body == b"* one\n> two\n"


def test_of_lines_without_end_no_more_are_looked_at_than_of_any_body() -> None:
    found = unmixed(ASKED + SHOWN + b"\n" * 300_000 + CAME)
    assert found.data == HEAD + b"\n" * 300_000 + CAME
