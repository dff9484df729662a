"""What fails a test."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.safe_text import clip, printable

LONGEST: Final = 2_000
"""Characters of what is said, which may quote what others wrote."""


class ChatKitFailure(AssertionError):  # noqa: N818 - what it is to a test
    """The chat did something else than the test wants. What was found in it is shown below the failure."""

    def __init__(self, what: str) -> None:
        super().__init__(clip(printable(what), LONGEST))
