"""What has come of a session that goes on reads as it will when nobody waits for it any longer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.recording.entries import RequestSent, WireChunk, WireEnd, WireResponse
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.recording.so_far import OpenBody, body_name, so_far
from tests.chatkit_events import created, done, reply
from tests.conversation.made import sse
from tests.journals import HEADER

SECRET: Final = "s3cret-of-nobody-in-particular"
PIECES: Final = [b": a comment\r\n\r\n", *sse([created(), done(reply(f"It is {SECRET}."))])]
BODY: Final = b"".join(PIECES)


def under_way(folder: Path) -> Journal:
    """A session whose one answer goes on."""
    journal = Journal(folder, Redactor([SECRET]), HEADER)
    op, url = "threads.create", "http://localhost/chat"
    asked = {"type": op}
    journal.add(RequestSent(id="7.1", op=op, url=url, method="POST", body=asked, headers={}, auth={}), t=10)
    mime = "text/event-stream"
    headers = {"content-type": mime}
    journal.add(WireResponse(id="7.1", op=op, url=url, status=200, headers=headers, mime=mime), t=20)
    at = 0
    for number, piece in enumerate(PIECES):
        journal.add(WireChunk(id="7.1", size=len(piece), at=at), t=30 + number)
        at += len(piece)
    return journal


def calls(recording: Recording) -> list[Call]:
    """The conversation in a recording, but for how long it took."""
    return [replace(call, ended_ms=0.0) for call in conversation_of(recording).calls]


def test_an_answer_that_goes_on_is_what_it_will_be_when_it_is_given_up(tmp_path: Path) -> None:
    journal = under_way(tmp_path)
    early = calls(so_far(journal, journal.received(), [OpenBody("7.1", "threads.create", len(BODY), BODY)]))
    body = journal.body(body_name("7.1"), BODY)
    journal.add(WireEnd(id="7.1", op="threads.create", how="open", size=len(BODY), body=body))
    journal.close(finished=True)
    assert early == calls(load(tmp_path))
    assert b": a comment" in early[0].body
    assert SECRET.encode() not in early[0].body


def test_what_had_come_by_a_moment_stays_that_whatever_comes_after(tmp_path: Path) -> None:
    journal = under_way(tmp_path)
    received, open_ = journal.received(), [OpenBody("7.1", "threads.create", len(BODY), BODY)]
    early = calls(so_far(journal, received, open_))
    body = journal.body(body_name("7.1"), BODY)
    journal.add(WireEnd(id="7.1", op="threads.create", how="finished", size=len(BODY), body=body))
    journal.close(finished=True)
    later = so_far(journal, received, open_)
    assert (calls(later), later.finished) == (early, False)
    assert [end.data.how for end in later.of(WireEnd)] == ["open"]


def test_the_session_goes_on_as_if_nobody_had_looked(tmp_path: Path) -> None:
    journal = under_way(tmp_path)
    recording = so_far(journal, journal.received(), [OpenBody("7.1", "threads.create", len(BODY), BODY)])
    journal.close(finished=True)
    assert (len(recording.of(WireEnd)), recording.finished) == (1, False)
    assert not load(tmp_path).has(WireEnd)
