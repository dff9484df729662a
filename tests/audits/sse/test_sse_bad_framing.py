"""Bodies that do not split into the events that were meant."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.audits.sse.sse_bad_framing import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.chatkit_events import created, done, good, reply, user
from tests.conversations import Handed, exchange, recorded, written

LINES = [json.dumps(event) for event in good()]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("".join(f"data: {line}\n" for line in LINES), "no-blank-line"),
        ("".join(f"data: {line}\n" for line in LINES) + "\n", "no-blank-line"),
        ("".join(f"{line}\n" for line in LINES), "ndjson"),
        (json.dumps({"reply": "x"}), "json"),
        (json.dumps({"reply": "x"}, indent=2), "json"),
        ("<!doctype html><html></html>", "html"),
        ("Hello there, friend", "text"),
        ("".join(f"data: data: {line}\ndata: \n\n" for line in LINES), "data-twice"),
    ],
)
def test_the_format_of_the_body_is_named(body: str, kind: str) -> None:
    (failure,) = failing(AUDIT, recorded(exchange(100, body=body.encode())))
    assert failure.details["format"] == kind


def test_a_last_event_without_its_blank_line_fails_where_it_is_missed() -> None:
    body = written([created(), done(user()), done(reply())]).rstrip(b"\n")
    (failure,) = failing(AUDIT, recorded(exchange(100, body=body)))
    assert failure.details["format"] == "unterminated"


def test_a_last_event_without_its_blank_line_is_no_loss_where_all_was_said_before() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=written(good()).rstrip(b"\n"))))


def test_a_line_of_json_among_good_events_fails() -> None:
    body = written(good()[:2]) + LINES[2].encode() + b"\n\n" + written(good()[3:])
    assert failing(AUDIT, recorded(exchange(100, body=body)))


@pytest.mark.parametrize(
    "body",
    [
        written(good()),
        b"\xef\xbb\xbf: hi\n\nretry: 100\n\n" + written(good()),
        written(good()).replace(b"\n", b"\r\n"),
        written(good()).replace(b"\n", b"\r"),
        b"".join(b"event: x\nid: 1\n" + written([event]) for event in good()),
        written(good()[:2]) + b"Nonsense: yes\n\n" + written(good()[2:]),
        b'0:"Hello"\nd:{"finishReason":"stop"}\n',
        b"",
    ],
)
def test_legal_framing_harmless_lines_and_other_protocols_are_silent(body: bytes) -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=body)))


def test_a_cut_body_is_not_judged_by_its_half_event() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=written(good())[:-40], how="cut")))


def test_what_the_page_handed_over_is_judged_and_not_the_wire() -> None:
    made_up = Handed(body=b'{"type": "thread.created"}\n')
    assert failing(AUDIT, recorded(exchange(100, body=good(), custom=made_up)))
    assert_silent(AUDIT, recorded(exchange(100, body=b'{"x": 1}\n', custom=Handed(body=written(good())))))


def test_a_body_that_is_no_event_stream_by_its_label_is_another_cause() -> None:
    recording = recorded(exchange(100, body=LINES[0].encode(), mime="application/json"))
    assert ask(AUDIT, recording).status == "not-applicable"
