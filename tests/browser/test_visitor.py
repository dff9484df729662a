"""What of a visitor must be kept out of every artifact."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.browser.visitor import Cookie, Credentials, Visitor

ORIGIN = "http://localhost:3000"
STATE: Any = {"cookies": [{"name": "a", "value": "st0red-cookie"}], "origins": []}


def test_what_somebody_is_known_by_is_secret() -> None:
    visitor = Visitor(
        cookies=(Cookie("session", "c0okie-1234", ORIGIN),),
        headers={ORIGIN: {"Authorization": "Bearer t0ken-5678"}},
        credentials=Credentials("ann", "correct horse", ORIGIN),
        storage_state=STATE,
    )
    assert set(visitor.secrets) == {"c0okie-1234", "t0ken-5678", "correct horse", "st0red-cookie"}


def test_a_word_is_none() -> None:
    visitor = Visitor(cookies=(Cookie("consent", "accepted", ORIGIN),), headers={ORIGIN: {"X-Role": "admin"}})
    assert visitor.secrets == ()
