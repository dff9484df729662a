"""The events that came, as a program reads them in the report."""

from __future__ import annotations

import json
from pathlib import Path

from chatkit_doctor import sync
from chatkit_doctor.report.model import StreamModel
from chatkit_doctor.report.streams import LONGEST, MOST_EVENTS
from tests.chatkit_events import created, good
from tests.conversation.made import sse


def streams(body: bytes, folder: Path) -> list[StreamModel]:
    saved = folder / "turn.sse"
    saved.write_bytes(body)
    return sync.lint(saved, output=folder / "reports").report.streams


def test_every_event_stands_as_it_was_sent(tmp_path: Path) -> None:
    sent = good()
    (stream,) = streams(b"".join(sse(sent)), tmp_path)
    assert [json.loads(event.data) for event in stream.events] == sent
    assert (stream.op, stream.status, stream.content_type) == ("threads.create", 200, "text/event-stream")
    assert (stream.left_out, stream.unread) == (0, "")


def test_of_very_many_the_first_are_kept_and_the_others_counted(tmp_path: Path) -> None:
    (stream,) = streams(b"".join(sse([created()] * (MOST_EVENTS + 3))), tmp_path)
    assert (len(stream.events), stream.left_out) == (MOST_EVENTS, 3)


def test_a_very_long_event_is_cut_and_says_so(tmp_path: Path) -> None:
    (stream,) = streams(b'data: {"type": "' + b"x" * (LONGEST + 50) + b'"}\n\n', tmp_path)
    (event,) = stream.events
    assert event.data.startswith('{"type": "xxx')
    assert event.data.endswith("characters more]")


def test_what_no_client_reads_as_an_event_stands_apart(tmp_path: Path) -> None:
    (stream,) = streams(b"".join(sse([created()])) + b'data: {"type": "lost"}\n', tmp_path)
    assert (len(stream.events), stream.unread) == (1, '{"type": "lost"}')
