"""The exception that fails a test."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.safe_text import clip, printable

LONGEST: Final = 2_000
"""Maximum length of the message in characters; it may quote untrusted text."""


class ChatKitFailure(AssertionError):  # noqa: N818 - what it is to a test
    """The chat did not behave as the test expects. The findings are shown below the failure."""

    def __init__(self, what: str) -> None:
        super().__init__(clip(printable(what), LONGEST))
