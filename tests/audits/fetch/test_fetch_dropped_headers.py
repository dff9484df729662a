"""Page fetches that lose the content type."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.fetch.fetch_dropped_headers import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded


@pytest.mark.parametrize("mime", [None, "text/plain"])
def test_a_lost_or_other_type_fails(mime: str | None) -> None:
    recording = recorded(exchange(100, body=good(), custom=Handed(mime=mime), attempts=2))
    (failure,) = failing(AUDIT, recording)
    assert failure.details == {"content_type": mime or "", "attempts": 2}


def test_an_answer_made_up_without_the_type_fails() -> None:
    recording = recorded(exchange(100, custom=Handed(mime=None, body=b"data: {}\n\n"), network=False))
    assert "created its own response" in failing(AUDIT, recording)[0].why


def test_the_right_type_and_a_wire_without_it_are_silent() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed())))
    assert_silent(AUDIT, recorded(exchange(100, body=good(), mime="text/plain", custom=Handed(mime=None))))
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed(what="undefined"))))
