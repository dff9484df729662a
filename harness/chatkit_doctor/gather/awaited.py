"""What a session waits for, in words, for the user who waits with it."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.gather.presence import Presence
from chatkit_doctor.recording.entries import (
    AnyEntry,
    RequestFailed,
    RequestSent,
    SseParsed,
    StepBegin,
    StepEnd,
    WireEnd,
    WireResponse,
)
from chatkit_doctor.safe_text import clip, one_line
from chatkit_doctor.vocabulary import TURN_OPS

QUOTED: Final = 40
"""Characters of a message that are quoted."""


class Awaited:
    """Fed by the journal."""

    def __init__(self) -> None:
        self._presence = Presence()
        self._message = ""
        self._answer = ""

    @property
    def what(self) -> str:
        """What has to come before the session can go on; empty when nothing in particular."""
        missing = self._presence.missing
        return f"the chat: {missing}" if missing else self._answer

    def on_entry(self, entry: AnyEntry) -> None:
        """Take notice of an entry."""
        self._presence.on_entry(entry)
        match entry:
            case StepBegin(text=text):
                self._message, self._answer = clip(one_line(text, QUOTED), QUOTED), ""
            case RequestSent(op=op) if op in TURN_OPS:
                self._answer = f"the backend: no response to “{self._message}” yet"
            case WireResponse(op=op) if op in TURN_OPS:
                self._answer = f"the backend: no event in response to “{self._message}” yet"
            case SseParsed() | RequestFailed() | WireEnd() | StepEnd():
                self._answer = ""
