"""Page fetches that hand over something other than the wire brought."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.fetch.fetch_altered_stream import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import ANSWER, good
from tests.conversations import Handed, exchange, recorded, written

OTHER = [*good()[:-1], good("Other.")[-1]]


@pytest.mark.parametrize(
    "handed",
    [
        written(good()[:4]),
        written(OTHER),
        written(good()).replace(b"\n\n", b"\n"),
        written(good()).replace(ANSWER[:4].encode(), b"****"),
    ],
)
def test_fewer_or_other_events_fail(handed: bytes) -> None:
    (failure,) = failing(AUDIT, recorded(exchange(100, body=good(), custom=Handed(body=handed))))
    assert failure.details["wire_bytes"] == len(written(good()))


def test_the_same_events_in_another_framing_pass() -> None:
    framed = written(good()).replace(b"\n", b"\r\n")
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed(body=framed))))


def test_a_page_that_translates_another_protocol_passes() -> None:
    foreign = [{"type": "response.output_text.delta", "delta": "x"}, {"type": "response.completed"}]
    assert_silent(AUDIT, recorded(exchange(100, body=foreign, custom=Handed(body=written(good())))))


def test_passing_through_and_a_cut_wire_are_silent() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed())))
    half = Handed(body=written(good()[:2]))
    assert_silent(AUDIT, recorded(exchange(100, body=good(), how="cut", custom=half)))
