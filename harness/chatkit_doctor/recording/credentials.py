"""Which credentials a request carries: that they are there, never what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatkit_doctor.recording.entries.request import Credential

_CREDENTIALS: Final = ("authorization", "cookie", "x-api-key", "api-key")


def credentials(headers: Mapping[str, str]) -> dict[str, Credential]:
    """Which credentials a request carries: ``present`` or ``empty`` (``Bearer`` with no token), by header."""
    found: dict[str, Credential] = {}
    for given, value in headers.items():
        name = given.lower()
        if name in _CREDENTIALS:
            bare = value.strip().lower() in {
                "",
                "bearer",
                "basic",
                "token",
                "bearer undefined",
                "bearer null",
            }
            found[name] = "empty" if bare else "present"
    return found
