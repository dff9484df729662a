"""The parser of server-sent events."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.protocol.sse import ProblemKind, SseEvent, SseParser, parse
from tests.examples import MANY


def data_of(body: bytes) -> list[str]:
    """The data of every event, the flagged ones too."""
    return [event.data for event in parse(body)[0]]


def problems_of(body: bytes) -> list[tuple[ProblemKind, int]]:
    """What is wrong, and where."""
    return [(problem.kind, problem.at) for problem in parse(body)[1]]


def fed(body: bytes, cuts: Sequence[int], **options: int) -> tuple[object, ...]:
    """Everything a parser says about a body that comes in these pieces."""
    parser = SseParser(**options)
    events: list[SseEvent] = []
    for start, stop in zip([0, *cuts], [*cuts, len(body)], strict=True):
        events += parser.feed(body[start:stop])
    events += parser.close()
    return events, parser.problems, parser.problem_counts, parser.comments, parser.retry_ms, parser.size


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_ends_a_line(end: bytes) -> None:
    assert data_of(b"data: a" + end + end + b"data: b" + end + end) == ["a", "b"]


def test_line_ends_may_be_mixed() -> None:
    assert data_of(b"data: a\n\r\ndata: b\r\rdata: c\r\n\n") == ["a", "b", "c"]


def test_a_crlf_is_one_line_end_and_not_a_blank_line() -> None:
    assert data_of(b"data: a\r\ndata: b\r\n\r\n") == ["a\nb"]


def test_a_byte_order_mark_is_skipped() -> None:
    assert data_of(b"\xef\xbb\xbfdata: a\n\n") == ["a"]


def test_only_one_space_after_the_colon_is_skipped() -> None:
    assert data_of(b"data:a\n\ndata:  b\n\n") == ["a", " b"]


def test_data_lines_are_joined_by_line_feeds() -> None:
    assert data_of(b'data: {\ndata: "a": 1}\n\n') == ['{\n"a": 1}']


def test_a_field_without_a_colon_has_an_empty_value() -> None:
    assert data_of(b"data\n\n") == [""]


def test_comments_are_counted_and_make_no_event() -> None:
    parser = SseParser()
    assert parser.feed(b": ping\n\n: pong\n\n") == []
    assert parser.comments == 2
    assert parser.problems == []


def test_name_and_id_are_read_and_the_id_stays() -> None:
    first, second = parse(b"event: thing\nid: 7\ndata: a\n\ndata: b\n\n")[0]
    assert (first.event, first.id) == ("thing", "7")
    assert (second.event, second.id) == ("", "7")


def test_an_id_with_a_null_byte_is_ignored() -> None:
    assert parse(b"id: a\0b\ndata: x\n\n")[0][0].id == ""


def test_retry_is_read_in_ms_and_only_from_digits() -> None:
    parser = SseParser()
    parser.feed(b"retry: 3000\n\nretry: soon\n\n")
    assert parser.retry_ms == 3000


def test_an_event_without_data_is_none() -> None:
    assert data_of(b"event: thing\n\n") == []


def test_offsets_count_bytes_from_the_beginning_of_the_body() -> None:
    body = "\ufeffdata: ü\n\n\n: x\ndata: b\n\n".encode()
    first, second = parse(body)[0]
    assert body[first.at : first.end].decode() == "data: ü"
    assert body[second.at : second.end].decode() == ": x\ndata: b"


def test_events_come_out_as_soon_as_their_blank_line_is_in() -> None:
    parser = SseParser()
    assert parser.feed(b"data: a\n") == []
    assert [event.data for event in parser.feed(b"\nda")] == ["a"]
    assert [event.data for event in parser.feed(b"ta: b\r\r")] == ["b"]
    assert parser.feed(b"\ndata: c") == []


def test_an_event_cut_off_by_the_end_is_flagged() -> None:
    events, problems = parse(b"data: a\n\ndata: b\n")
    assert [(event.data, event.terminated) for event in events] == [("a", True), ("b", False)]
    assert [(problem.kind, problem.at) for problem in problems] == [(ProblemKind.UNTERMINATED, 9)]


def test_a_comment_cut_off_by_the_end_is_no_problem() -> None:
    assert problems_of(b"data: a\n\n: bye") == []


def test_two_documents_in_one_event_are_a_missing_blank_line() -> None:
    assert problems_of(b'data: {"a": 1}\ndata: {"b": 2}\n\n') == [(ProblemKind.NO_BLANK_LINE, 0)]


def test_one_document_over_several_lines_is_well() -> None:
    assert problems_of(b'data: {"a":\ndata: {"b": 2}}\n\n') == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b'{"type": "x"}', ProblemKind.BARE_JSON),
        (b"[1, 2]", ProblemKind.BARE_JSON),
        (b"<!DOCTYPE html>", ProblemKind.HTML),
        (b"<html lang=en>", ProblemKind.HTML),
        (b"Hello", ProblemKind.NOT_A_FIELD),
        (b'0:"Hello"', ProblemKind.NOT_A_FIELD),
    ],
)
def test_lines_that_are_no_fields_are_named(line: bytes, kind: ProblemKind) -> None:
    assert problems_of(b"data: a\n\n" + line + b"\n\n") == [(kind, 9)]


def test_bytes_that_are_no_utf8_are_replaced_and_reported() -> None:
    body = b"data: Gr\xfc\xdfe\n\n"
    assert data_of(body) == ["Gr\ufffd\ufffde"]
    assert problems_of(body) == [(ProblemKind.BAD_UTF8, 8)]


def test_utf8_split_inside_a_character_is_well() -> None:
    body = "data: 👋\n\n".encode()
    assert fed(body, [8]) == fed(body, [])


def test_an_oversized_event_is_dropped_and_the_next_one_is_read() -> None:
    parser = SseParser(max_event_bytes=50)
    events = parser.feed(b"data: " + b"x" * 100 + b"\n\ndata: b\n\n")
    assert [event.data for event in events] == ["b"]
    assert [(p.kind, p.at) for p in parser.problems] == [(ProblemKind.TOO_LARGE, 0)]


def test_a_body_without_blank_lines_takes_no_more_than_the_limit() -> None:
    parser = SseParser(max_event_bytes=1000)
    for _ in range(100):
        parser.feed(b'{"type": "thread.created"}\n' * 10)
    assert len(parser._buffer) < 2000
    assert {ProblemKind.TOO_LARGE, ProblemKind.BARE_JSON} <= set(parser.problem_counts)


def test_problems_are_kept_up_to_a_limit_and_counted_beyond_it() -> None:
    parser = SseParser()
    parser.feed(b"nonsense\n\n" * 500)
    assert len(parser.problems) == 100
    assert parser.problem_counts[ProblemKind.NOT_A_FIELD] == 500


LINES = st.sampled_from(
    [
        b"data: a",
        b'data: {"a": 1}',
        b"data",
        b"event: e",
        b"id: 1",
        b": c",
        b"",
        b"",
        b"text",
        b'{"x": 1}',
        "data: grün 👋".encode(),
        b"data: \xff",
        b"data: " + b"x" * 70,
    ]
)
BODIES = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"])), max_size=25).map(
    lambda lines: b"".join(line + end for line, end in lines)
)


@MANY
@given(
    body=st.one_of(BODIES, BODIES.map(lambda body: b"\xef\xbb\xbf" + body), st.binary(max_size=80)),
    data=st.data(),
)
def test_splitting_the_bytes_differently_changes_nothing(body: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=12)))
    assert fed(body, cuts, max_event_bytes=64) == fed(body, [], max_event_bytes=64)
    assert fed(body, range(1, len(body)), max_event_bytes=64) == fed(body, [], max_event_bytes=64)
