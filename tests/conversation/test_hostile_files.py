"""Files of strangers: each is a conversation or one sentence, within bounds, and never a traceback."""

from __future__ import annotations

import copy
import gzip
import json
import math
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.cli import main as command
from chatkit_doctor.conversation import body_limits, har, sources
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.sources import read_file
from chatkit_doctor.errors import RecordingError, UsageError
from tests.chatkit_events import created, done, reply, user
from tests.conversation.made import sse
from tests.conversation.test_har import Entry, entry
from tests.examples import examples

BODY: Final = b"".join(sse([created(), done(user()), done(reply())]))
THREAD: Final = json.dumps({"id": "thr_1", "items": {"data": []}})
GOOD: Final[dict[str, Any]] = {
    "log": {
        "version": "1.2",
        "entries": [
            {**entry(), "request": {**entry()["request"], "method": "OPTIONS", "postData": {}}},
            entry(content={"text": BODY.decode()}),
            entry(
                "threads.get_by_id",
                {"thread_id": "thr_1"},
                at="10:00:05.000",
                life="two",
                content={"text": "e30=", "encoding": "base64"},
            ),
            entry("threads.list", {}, at="10:00:06.000", status=307, content={"text": THREAD}),
            entry(
                "threads.add_user_message",
                {"thread_id": "thr_1"},
                at="10:00:07.000",
                content={"size": 0},
                _eventSourceMessages=[{"time": 1.0, "eventName": "message", "eventId": "", "data": "{}"}],
                _error="net::ERR_CONTENT_DECODING_FAILED",
            ),
        ],
    }
}


def assert_sound(conversation: Conversation) -> None:
    """Everything in it is of its type, and can be written down."""
    for call in conversation.calls:
        assert call.status is None or 100 <= call.status <= 999
        times = (call.t_ms, call.answered_ms, call.ended_ms, *(chunk.t_ms for chunk in call.chunks))
        assert all(math.isfinite(t) and t >= 0 for t in times)
        assert all(chunk.data for chunk in call.chunks)
        texts: list[object] = [call.error, call.url, call.op]
        texts += [text for pair in (*call.headers.items(), *call.request_headers.items()) for text in pair]
        assert all(isinstance(text, str) for text in texts)
    assert len(conversation.calls) <= har.MAX_CALLS
    assert sum(len(call.body) for call in conversation.calls) <= body_limits.MAX_BYTES


def read_or_refuse(read: Callable[[], Conversation]) -> None:
    """Either there is a sound conversation, or an error that says what to do."""
    refused: RecordingError | None = None
    try:
        assert_sound(read())
    except RecordingError as error:
        refused = error
    assert refused is None or refused.hint


ODD: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -1, 0, 2**63, "", "\0", "x" * 5_000, "\ud800", "é", [], {}, [[]], {"": ""}]),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01", "now"]),
)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A good HAR with some of its values replaced, removed, doubled or wrapped."""
    document: Any = copy.deepcopy(GOOD)
    for _ in range(draw(st.integers(1, 5))):
        at: Any = document
        parent: Any = None
        key: Any = None
        while isinstance(at, dict | list) and at and (parent is None or draw(st.integers(0, 5))):
            key = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
            parent, at = at, at[key]
        if parent is None:
            return draw(ODD)
        how = draw(st.sampled_from(["replace", "remove", "wrap", "double"]))
        if how == "replace":
            parent[key] = draw(ODD)
        elif how == "remove":
            del parent[key]
        elif how == "wrap":
            parent[key] = draw(st.sampled_from([[at], {"": at}, [at, at]]))
        elif isinstance(parent, list):
            parent.append(copy.deepcopy(at))
    return document


@examples(300)
@given(damaged())
def test_a_har_with_wrong_values_is_read_or_refused(document: Any) -> None:
    read_or_refuse(lambda: har.read(document, "a.har", None))


@pytest.mark.parametrize(
    "wrong",
    [
        {"response": {"status": 10**400}},
        {"response": {"status": []}},
        {"response": {"status": {}}},
        {"response": {"status": 1e300}},
        {"time": math.inf},
        {"time": 10**308, "timings": {"receive": math.nan}},
        {"startedDateTime": "0001-01-01T00:00:00+23:59"},
        {"request": {"method": 7, "url": []}},
    ],
    ids=str,
)
def test_a_wrong_value_is_taken_for_none(wrong: dict[str, Any]) -> None:
    good = entry("threads.list", {}, content={"text": "{}"})
    odd = {**entry(), **wrong}
    read_or_refuse(lambda: har.read({"log": {"entries": [good, odd]}}, "a.har", None))


@examples(200)
@given(st.data())
def test_a_har_with_wrong_bytes_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    written = bytearray(json.dumps(GOOD).encode())
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(written) - 1))
        written[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.one_of(
                st.binary(max_size=3), st.sampled_from([b"NaN", b"\xff", b"\0", b"1e999", b"[" * 2_000])
            )
        )
    path = tmp_path / "a.har"
    path.write_bytes(written[: data.draw(st.integers(1, len(written)))])
    read_or_refuse(lambda: read_file(path))


@examples(200)
@given(
    st.lists(
        st.sampled_from(
            [
                b"HTTP/1.1 200 OK",
                b"\r\n",
                b"\n",
                b":",
                b"\0",
                b"\xff\xfe",
                b"\x1f\x8b",
                b"gzip",
                b"content-encoding: br",
                b"content-length: 5",
                b"data: {}",
                b"PK",
                b"{",
                b"x" * 300,
            ]
        ),
        max_size=12,
    ).map(b"".join)
)
def test_a_saved_answer_of_any_bytes_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "answer.txt"
    path.write_bytes(data)
    read_or_refuse(lambda: read_file(path))


# Bodies beside the HAR


def attached(name: object) -> Entry:
    return entry(content={"_file": name, "mimeType": "text/event-stream"})


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def out_of_the_folder(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [fifo, device, out_of_the_folder, folder])
def test_what_is_no_file_of_the_har_is_never_opened(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "body")
    path = tmp_path / "a.har"
    path.write_text(json.dumps({"log": {"entries": [attached("body")]}}), encoding="utf-8")
    assert "is a ChatKit request with its response" in said(path)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a", "x" * 5_000, "a\0b", "", ".", "\ud800", 7, None, ["body"], "/dev/zero"]
)
def test_a_strange_name_of_a_body_is_none(name: object, tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        har.read({"log": {"entries": [attached(name)]}}, "a.har", tmp_path)


def test_one_body_for_many_requests_is_counted_each_time(tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"data: " + b"x" * 3_000_000 + b"\n\n")
    found = har.read({"log": {"entries": [attached("body")] * 50}}, "a.har", tmp_path)
    assert_sound(found)
    assert any(call.unread for call in found.calls)


def test_more_requests_than_a_session_has_are_left_out_and_said_to_be() -> None:
    found = har.read({"log": {"entries": [entry()] * 600}}, "a.har", None)
    assert_sound(found)
    assert len(found.calls) == 500
    assert any(note.startswith("100 ChatKit requests were ignored: the limit of 500") for note in found.notes)


def test_half_a_document_is_none() -> None:
    long = json.dumps({"data": ["x" * (17 * 1024 * 1024)]})
    found = har.read(
        {"log": {"entries": [entry(), entry("threads.list", {}, content={"text": long})]}}, "a", None
    )
    assert [call.op for call in found.calls] == ["threads.create"]


# The command


def said(path: Path, memory: int = 2 * 1024**3) -> str:
    """What the command says of a file that it cannot use. It ends by itself, and within the memory."""
    done = run(path, memory)
    assert done.returncode == command.UNABLE, done.stderr
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) <= 2
    assert all(c.isprintable() for c in done.stderr.replace("\n", ""))
    return done.stderr


def run(path: Path, memory: int = 2 * 1024**3) -> subprocess.CompletedProcess[str]:
    output = path.parent / "reports"
    return subprocess.run(
        [sys.executable, "-m", command.__name__, "lint", str(path), "--output", str(output)],
        capture_output=True,
        check=False,
        timeout=300,
        text=True,
        encoding="utf-8",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    )


MEGABYTE: Final = 1024 * 1024
REFUSED: Final[dict[str, Callable[[], bytes]]] = {
    "empty": lambda: b"",
    "only-line-ends": lambda: b"\r\n" * 30 * MEGABYTE,
    "zip": lambda: b"PK\x03\x04",
    "har-cut": lambda: b'{"log": {"entries": [',
    "har-deep": lambda: b'{"log": {"entries": ' + b"[" * 100_000,
    "har-deep-and-closed": lambda: (
        b'{"log": {"entries": [' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]}}"
    ),
    "har-nan": lambda: b'{"log": {"entries": [NaN]}}',
    "har-of-nothing": lambda: b'{"log": {"entries": 7}}',
    "har-of-20-million-lists": lambda: b'{"log":{"entries":[' + b"[]," * 20 * MEGABYTE + b"[]]}}",
    "har-of-7-million-objects": lambda: b'{"log":{"entries":[' + b'{"a":1},' * 7 * MEGABYTE + b"{}]}}",
    "har-not-utf-8": lambda: b'{"log": {"entries": [{"\xff\xfe": "\xc3"}]}}',
    "har-with-names-of-5000-characters": lambda: b'{"log": {"entries": [{"' + b"n" * 5_000 + b'": 1}]}}',
    "no-gzip": lambda: b"\x1f\x8bnothing",
    "too-large": lambda: b"x" * 65 * MEGABYTE,
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_command_refuses_it_in_one_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31mstrange\u202e.har"
    path.write_bytes(REFUSED[name]())
    assert "strange" in said(path)


def many(number: int) -> bytes:
    """As many entries, of which one is ChatKit's."""
    small = b'{"request":{"method":"GET"},"response":{}},'
    return b'{"log":{"entries":[' + small * number + json.dumps(entry()).encode() + b"]}}"


JUDGED: Final[dict[str, Callable[[], bytes]]] = {
    "600,000-entries": lambda: many(600_000),
    # Too many bytes; too many lines come in tests/cli/test_floods.py.
    "bomb": lambda: gzip.compress((b": " + b"x" * 8_000 + b"\n\n") * 7_000),
    "deep-event": lambda: b"data: " + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n\n",
    "noise": lambda: bytes(range(256)) * 2_000,
}


@pytest.mark.parametrize("name", JUDGED)
def test_the_command_judges_it_within_bounds(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(JUDGED[name]())
    done = run(path)
    assert done.returncode in {0, 1, 2}, done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stderr.startswith("Error: ")


def test_a_socket_is_no_file_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        with pytest.raises(UsageError, match="cannot be read"):
            read_file(tmp_path / "socket")


def test_a_pipe_that_nobody_writes_to_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "PIPE_LIMIT_S", 0.05)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RecordingError, match="no data arrived through this pipe"):
        read_file(tmp_path / "pipe")


def test_what_comes_through_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + b": x\n" * 100_000
    with ThreadPoolExecutor(1) as writer:
        written = writer.submit((tmp_path / "pipe").write_bytes, answer)
        (call,) = read_file(tmp_path / "pipe", op="threads.create").calls
        assert written.result() == len(answer)
    assert len(call.body) == 400_000


MANY_FILES: Final = 1_100
"""More than select() can tell apart."""


def test_a_pipe_is_read_by_a_process_that_has_many_files_open(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] != resource.RLIM_INFINITY and before[1] < MANY_FILES + 100:
        pytest.skip("this system allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], MANY_FILES + 100), before[1]))
    os.mkfifo(tmp_path / "pipe")
    with ExitStack() as files, ThreadPoolExecutor(1) as writer:
        files.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        for _ in range(MANY_FILES):
            files.enter_context(Path(os.devnull).open("rb"))
        written = writer.submit((tmp_path / "pipe").write_bytes, b"data: {}\n\n")
        (call,) = read_file(tmp_path / "pipe", op="threads.create").calls
        written.result()
    assert call.body == b"data: {}\n\n"


def test_a_device_without_an_end_is_left_at_the_limit() -> None:
    with pytest.raises(RecordingError, match="larger than 64 MB"):
        read_file(Path("/dev/zero"))


def test_a_name_that_no_file_can_have_is_said_to_be_none() -> None:
    for name in ("a\0b", "x" * 5_000):
        with pytest.raises(UsageError, match="cannot be read"):
            read_file(Path(name))
