"""Streams are masked as wholes: what is in no event by itself, and in all of them together."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.recording.pieces import Stream, Streams, masked_body
from chatkit_doctor.recording.redaction import Redactor, mask_of

SECRET = "correct-horse-battery"
PARTS = ["correct-ho", "rse-bat", "tery"]
MASKED = [mask_of(part) for part in PARTS]


@pytest.mark.parametrize("space", ["", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_secret_in_pieces_of_plain_text_is_masked_in_the_body_and_nothing_else_changes(
    space: str, end: str
) -> None:
    body = "".join(f"data:{space}{part}{end}{end}" for part in [*PARTS, " over."])
    expected = "".join(f"data:{space}{part}{end}{end}" for part in [*MASKED, " over."])
    assert masked_body(body.encode(), Redactor([SECRET])).decode() == expected


def test_the_same_events_are_taken_apart_once() -> None:
    streams = Streams()
    assert streams.of(PARTS) is streams.of(tuple(PARTS))
    assert streams.of(PARTS) is not streams.of(PARTS[:2])


def test_a_stream_is_masked_anew_once_more_is_known() -> None:
    redactor, stream = Redactor(), Stream(PARTS)
    assert stream.masked(redactor) == PARTS
    redactor.add(SECRET)
    assert stream.masked(redactor) == MASKED


def test_a_body_is_masked_as_the_events_of_its_session_are() -> None:
    redactor, streams = Redactor([SECRET]), Streams()
    assert streams.of(PARTS).masked(redactor) == MASKED
    body = b"".join(f"data: {part}\n\n".encode() for part in PARTS)
    assert masked_body(body, redactor, streams) == masked_body(body, redactor)


def test_pieces_of_two_texts_that_come_by_turns_are_two_texts() -> None:
    def event(item: str, text: str) -> str:
        update = {"content_index": 0, "delta": text}
        return json.dumps({"item_id": item, "update": update}, separators=(",", ":"), ensure_ascii=False)

    def told(parts: list[str]) -> list[str]:
        return [each for part in parts for each in (event("a", part), event("b", "Well, "))]

    assert Stream(told(PARTS)).masked(Redactor([SECRET])) == told(MASKED)
