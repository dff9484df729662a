"""Successes with nothing in them."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.wire.empty_body import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import STREAM, Handed, exchange, recorded, written


@pytest.mark.parametrize(("status", "mime"), [(200, STREAM), (204, None), (200, "application/json")])
def test_a_success_without_a_byte_fails(status: int, mime: str | None) -> None:
    assert failing(AUDIT, recorded(exchange(100, body=b"", status=status, mime=mime)))


def test_comments_alone_are_nothing() -> None:
    assert failing(AUDIT, recorded(exchange(100, body=b": ping\n\n: ping\n\n")))


@pytest.mark.parametrize("body", [b"data: {}\n\n", b'{"x": 1}', b"<html>"])
def test_anything_in_it_passes(body: bytes) -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=body)))


def test_a_cut_or_refused_answer_is_another_cause() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b"", how="cut")))
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=401, mime=None)))
    assert_silent(AUDIT, recorded(exchange(100, body=good())))


def test_a_comment_in_what_is_no_stream_is_another_cause() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b": ping\n\n", mime="application/json")))


def test_nothing_that_the_page_makes_events_of_passes() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b"", custom=Handed(body=written(good())))))
