"""Who is let in by the backends of the examples."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Final

import pytest
from fastapi import HTTPException

from examples.backend.tokens import user_of

SECRET: Final = "shared by page and backend"


def _token(claims: dict[str, object], secret: str = SECRET) -> str:
    def encoded(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    signed = f"{encoded(b'{}')}.{encoded(json.dumps(claims).encode())}"
    return f"{signed}.{encoded(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def test_a_token_says_who_asks() -> None:
    assert user_of(f"Bearer {_token({'sub': 'ann', 'exp': time.time() + 600})}", SECRET) == "ann"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer a.b.c",
        f"Basic {_token({'sub': 'ann', 'exp': 9_999_999_999})}",
        f"Bearer {_token({'sub': 'ann', 'exp': 9_999_999_999}, 'another secret')}",
        f"Bearer {_token({'sub': 'ann', 'exp': 1})}",
    ],
)
def test_who_has_no_good_token_is_refused(header: str) -> None:
    with pytest.raises(HTTPException) as refused:
        user_of(header, SECRET)
    assert refused.value.status_code == 401
