"""Keeping secrets out of every artifact: by value, by header name, and by shape."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

MASK: Final = "[redacted]"

SENSITIVE_HEADERS: Final = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "api-key",
        "x-auth-token",
        "x-csrf-token",
        "x-xsrf-token",
        "openai-sentinel-token",
    }
)
"""Header names whose value is never recorded, lower case."""

_SHAPES: Final = (
    re.compile(r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*"),  # JWT
    re.compile(r"(?i)\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"\bsk-[A-Za-z0-9_-]{16,}"),  # OpenAI API key
    re.compile(r"\b(?:ek|cs|ck)_[A-Za-z0-9]{24,}"),  # client secrets
)
_AUTH_SCHEME: Final = re.compile(r"(?i)^\s*(bearer|basic|token)\s+(\S.*)$")
_SHORTEST_SECRET: Final = 4


class Redactor:
    """Replaces secrets in text.

    Secrets are known by value (``--header``, ``--secret``, anything a sensitive header carried during the
    session), and guessed by shape (JWTs, bearer tokens, API keys). A value is also replaced in the forms it
    takes inside JSON, URLs and base64.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._needles: list[str] = []
        self._pattern: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Learn one secret; an authorization value is learned with and without its scheme."""
        match = _AUTH_SCHEME.match(secret)
        candidates = {secret.strip(), match[2].strip()} if match else {secret.strip()}
        fresh = {c for c in candidates if len(c) >= _SHORTEST_SECRET} - self._values
        if not fresh:
            return
        self._values |= fresh
        needles = {form for value in self._values for form in _forms(value)}
        # Longest first: a token inside a longer secret must not leave the rest of it standing.
        self._needles = sorted(needles, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(n) for n in self._needles))

    def text(self, text: str) -> str:
        """The text with every known or likely secret replaced by ``[redacted]``."""
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        for shape in _SHAPES:
            text = shape.sub(MASK, text)
        return text

    def data(self, data: bytes) -> bytes:
        """The same for bytes, whatever their encoding: non-text bytes pass through unchanged."""
        return self.text(data.decode("latin-1")).encode("latin-1") if data else data

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers with lower-case names; values of sensitive ones are masked and learned as secrets."""
        redacted: dict[str, str] = {}
        for raw_name, value in headers.items():
            name = raw_name.lower()
            if name in SENSITIVE_HEADERS:
                self._learn_header(name, value)
                redacted[name] = _masked_credentials(value)
            else:
                redacted[name] = self.text(value)
        return redacted

    def is_credential(self, name: str, value: object) -> bool:
        """Whether a member of a JSON object is a sensitive header that was not masked yet."""
        is_sensitive = name.lower() in SENSITIVE_HEADERS
        return is_sensitive and isinstance(value, str) and value != _masked_credentials(value)

    def _learn_header(self, name: str, value: str) -> None:
        if name in {"cookie", "set-cookie"}:
            for pair in value.split(";"):
                _, _, cookie = pair.partition("=")
                if len(cookie.strip()) >= 8:
                    self.add(cookie)
        else:
            self.add(value)


def _masked_credentials(value: str) -> str:
    """``Bearer abc`` → ``Bearer [redacted]``; an empty token stays visibly empty, which is a finding."""
    if not value.strip() or MASK in value:
        return value
    match = _AUTH_SCHEME.match(value)
    if match:
        return f"{match[1]} {MASK}"
    if value.strip().lower() in {"bearer", "basic", "token"}:
        return value
    return MASK


def _forms(value: str) -> set[str]:
    forms = {value, json.dumps(value)[1:-1], quote(value, safe=""), quote(value)}
    raw = value.encode()
    for offset in range(3):
        # Base64 of a text that contains the value: only the middle is independent of its neighbours.
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        core = encoded[(0, 2, 3)[offset] : -1 or None]
        if len(core) >= 12:
            forms.add(core)
    return forms
