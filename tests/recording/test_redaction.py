"""Secrets are masked by value, by header name and by shape, in every form they take."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from chatkit_doctor.recording.redaction import MASK, Redactor

SECRET = 'pa"ss/word+1234'
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLXRva2Vu"


@pytest.mark.parametrize(
    "text",
    [SECRET, json.dumps(SECRET), quote(SECRET, safe=""), f"a {SECRET} b", f"?token={quote(SECRET)}&x=1"],
    ids=["plain", "json", "percent-encoded", "inside", "query"],
)
def test_a_known_value_is_masked_in_every_form(text: str) -> None:
    redacted = Redactor([SECRET]).text(text)
    assert MASK in redacted
    assert SECRET not in redacted


@pytest.mark.parametrize("prefix", ["", "u", "us", "user:"])
def test_a_known_value_is_masked_inside_base64(prefix: str) -> None:
    encoded = base64.b64encode(f"{prefix}{SECRET}:tail".encode()).decode()
    assert MASK in Redactor([SECRET]).text(encoded)


@pytest.mark.parametrize(
    "text", [JWT, f"Bearer {JWT}", "Authorization: bearer abcdefgh12345678", "sk-" + "a" * 20]
)
def test_an_unknown_secret_is_masked_by_its_shape(text: str) -> None:
    assert MASK in Redactor().text(text)


def test_ordinary_text_is_left_alone() -> None:
    text = "The bearer of this letter said: thread.item.done, msg_1234, {a: 1}"
    assert Redactor(["topsecret"]).text(text) == text


def test_a_sensitive_header_is_masked_and_its_value_learned() -> None:
    redactor = Redactor()
    headers = redactor.headers({"Authorization": "Bearer opaque-token-9", "Accept": "*/*"})
    assert headers == {"authorization": f"Bearer {MASK}", "accept": "*/*"}
    assert redactor.text("echo: opaque-token-9") == f"echo: {MASK}"


def test_an_empty_bearer_stays_visibly_empty() -> None:
    assert Redactor().headers({"Authorization": "Bearer "}) == {"authorization": "Bearer "}


def test_cookies_are_learned_value_by_value() -> None:
    redactor = Redactor()
    redactor.headers({"cookie": "theme=dark; session=abcdef0123456789"})
    assert redactor.text("abcdef0123456789 dark") == f"{MASK} dark"


def test_bytes_that_are_no_text_pass_unchanged() -> None:
    data = bytes(range(256))
    assert Redactor([SECRET]).data(data) == data
