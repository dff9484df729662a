"""What of a connection falls into the time of a call, and how much of it is kept."""

from __future__ import annotations

from chatkit_doctor.gather.connection import (
    LONGEST_MESSAGE,
    LONGEST_TEXT,
    MOST_CHARACTERS,
    MOST_MESSAGES,
    Connection,
    Span,
)
from chatkit_doctor.recording.entries import RequestOther

SOCKET = "ws://localhost/chat"


def socket(*messages: tuple[float, str | bytes, bool]) -> Connection:
    """A WebSocket that was opened at 0; each message with its time, and whether it was sent."""
    connection = Connection("websocket", SOCKET, "GET", 0.0)
    for t, text, is_sent in messages:
        connection.add(t, text, is_sent=is_sent)
    return connection


def during(connection: Connection, begin: float, end: float) -> RequestOther:
    """What of it falls into a call."""
    return connection.told("c1", Span(begin, end), "page", None)


def test_the_messages_of_other_calls_are_none_of_this_one() -> None:
    connection = socket(
        (500, "before", True), (1000, "asked", True), (1100, "told", False), (2000, "x", False)
    )
    told = during(connection, 1000, 1200)
    assert (told.sent, told.body, told.got, told.answer, told.is_whole) == (1, "asked", 1, "told", True)


def test_an_open_connection_that_is_silent_meanwhile_has_no_part_in_a_call() -> None:
    connection = socket((500, "before", True))
    assert not connection.is_within(Span(1000, 1200))
    assert connection.is_within(Span(400, 600))


def test_a_request_that_had_left_before_and_is_answered_meanwhile_was_not_sent_in_it() -> None:
    poll = Connection("fetch", "http://localhost/poll", "GET", 100.0, over=1100.0, status=200)
    poll.answered(b"news")
    told = during(poll, 1000, 1200)
    assert (told.sent, told.got, told.answer) == (0, 1, "news")


def test_a_request_that_failed_was_answered_by_nobody() -> None:
    failed = Connection("xhr", "http://localhost/x", "POST", 1000.0, over=1100.0, error="net::ERR_FAILED")
    told = during(failed, 1000, 1200)
    assert (told.sent, told.got, told.error) == (1, 0, "net::ERR_FAILED")


def test_of_a_message_that_is_no_text_the_size_is_kept() -> None:
    told = during(socket((1000, b"\0" * 7, False)), 1000, 1200)
    assert (told.answer, told.is_whole) == ("[7 bytes]", False)


def test_a_flood_is_kept_within_bounds_and_says_so() -> None:
    flood = [(1000.0, "x" * LONGEST_MESSAGE, False)] * 500
    told = during(socket(*flood), 1000, 1200)
    kept = MOST_CHARACTERS // LONGEST_MESSAGE
    assert (told.got, len(told.answer), told.is_whole) == (kept, LONGEST_TEXT, False)


def test_of_very_many_messages_the_latest_are_kept_and_what_went_before_is_missed() -> None:
    flood = [(1000.0 + n, "x", False) for n in range(MOST_MESSAGES + 1)]
    assert during(socket(*flood), 900, 1100).is_whole is False
    later = during(socket(*flood), 2000, 2100)
    assert (later.got, later.is_whole) == (201, True)


def test_one_that_is_forgotten_keeps_nothing_that_still_comes() -> None:
    forgotten = socket((1000, "told", False))
    forgotten.forget()
    forgotten.add(1010, "told again", is_sent=False)
    told = during(forgotten, 900, 1200)
    assert (told.got, told.answer) == (0, "")


def test_events_are_kept_as_they_stand_in_a_stream() -> None:
    source = Connection("event-source", "http://localhost/events", "GET", 900.0)
    source.add_event(1000, "message", "one\ntwo")
    source.add_event(1010, "end", "three")
    assert during(source, 1000, 1200).answer == "data: one\ndata: two\n\nevent: end\ndata: three\n"


def test_a_message_that_is_told_of_late_is_still_in_time_where_the_end_was_told_of_later() -> None:
    late = Connection("websocket", SOCKET, "GET", 0.0, is_timed=False)
    late.add(1500, "told", is_sent=False)
    span = Span(1000, 1200, heard=1600)
    assert late.told("c1", span, "page", None).got == 1
    assert socket((1500, "told", False)).told("c1", span, "page", None).got == 0
