"""Page fetches that read the body themselves."""

from __future__ import annotations

from chatkit_doctor.audits.fetch.fetch_consumed_body import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded


def test_a_used_body_fails() -> None:
    assert failing(AUDIT, recorded(exchange(100, body=good(), custom=Handed(body_used=True))))


def test_an_unread_body_passes() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed())))
