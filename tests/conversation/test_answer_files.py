"""A conversation that is written as a folder of answers is read as the same answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.conversation.answer_files import BETWEEN_EVENTS_MS, written
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.sources import read_file
from chatkit_doctor.errors import RecordingError
from tests.chatkit_events import good, reply, user
from tests.conversation.made import conversation, first, later, read_back


def through_files(made: Conversation, folder: Path) -> Conversation:
    folder.mkdir(exist_ok=True)
    for name, content in written(made).items():
        (folder / name).write_bytes(content)
    return read_file(folder)


def test_every_answer_comes_back_in_its_place(tmp_path: Path) -> None:
    failed = first([], status=503, headers={"content-type": "text/plain"})
    again = first(good(), attempt=2)
    made = conversation(failed, again, later(good()), read_back([user(), reply()]))
    read = through_files(made, tmp_path / "answers")
    told = [[(c.op, c.status, c.attempt, c.body) for c in each.calls] for each in (read, made)]
    assert told[0] == told[1]
    assert sorted(path.name for path in (tmp_path / "answers").iterdir()) == [
        "1-threads.create-attempt-2.http",
        "1-threads.create.http",
        "2-threads.add_user_message.http",
        "3-threads.get_by_id.http",
    ]


def test_events_come_one_after_the_other_as_live_ones_do(tmp_path: Path) -> None:
    (call,) = through_files(conversation(first(good())), tmp_path / "answers").calls
    times = [chunk.t_ms for chunk in call.chunks]
    assert times == [call.t_ms + n * BETWEEN_EVENTS_MS for n in range(len(good()))]


def test_a_request_that_was_never_answered_has_no_file() -> None:
    assert written(conversation(first([], status=None, headers={}))) == {}


def test_headers_cannot_end_early(tmp_path: Path) -> None:
    hostile = {"content-type": "text/event-stream\r\n\r\ndata: {}", "set-cookie": "a=b"}
    (content,) = written(conversation(first(good(), headers=hostile))).values()
    head, _, body = content.partition(b"\n\n")
    assert head == b"HTTP/1.1 200\ncontent-type: text/event-stream data: {}"
    assert body.startswith(b"data: {")


def test_a_file_that_answers_nothing_of_chatkit_is_named(tmp_path: Path) -> None:
    (tmp_path / "1-threads.invent.http").write_bytes(b"HTTP/1.1 200\n\n")
    with pytest.raises(RecordingError, match=r"threads\.invent is not a ChatKit operation"):
        read_file(tmp_path)
