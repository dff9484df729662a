"""What the chat of a page lacks while it is waited for, in one sentence."""

from __future__ import annotations

from chatkit_doctor.recording.entries import (
    DomState,
    EntryData,
    FrameDocument,
    PageDocument,
    PageElement,
    PageOptions,
    PageScript,
    StepBegin,
)


class Presence:
    """Fed by the journal; restarts with every load of the page."""

    def __init__(self) -> None:
        self.missing = ""
        """What the chat lacks to be typed into; empty when there is nothing to wait for."""
        self._script = ""
        self._element = self._options = self._frame = False

    def on_entry(self, entry: EntryData) -> None:
        """Take notice of an entry."""
        match entry:
            case StepBegin(do="open" | "reload"):
                self._script = "chatkit.js has not been requested"
                self._element = self._options = self._frame = False
                self.missing = "the page has not responded yet"
            case PageDocument() | PageElement() | PageOptions() | FrameDocument() | PageScript():
                self._learn(entry)
                self.missing = self._first_missing()
            case DomState(composer=composer):
                self.missing = "" if composer else "the chat is there, but does not accept input yet"

    def _learn(self, entry: EntryData) -> None:
        match entry:
            case PageScript():
                self._script = _told(entry)
            case PageElement(state="defined"):
                self._script = "chatkit.js has loaded"
            case PageElement(state="connected"):
                self._element = True
            case PageElement(state="disconnected", count=count):
                self._element = count > 0
            case PageOptions():
                self._options = True
            case FrameDocument(status=status):
                self._frame = status is not None and status < 400

    def _first_missing(self) -> str:
        if not self._element:
            return f"no <openai-chatkit> yet; {self._script}"
        if not self._options:
            return "<openai-chatkit> is there; setOptions has not been called"
        if not self._frame:
            return "<openai-chatkit> has its options; its frame has not loaded"
        return "the frame of <openai-chatkit> has loaded, but shows nothing yet"


def _told(script: PageScript) -> str:
    match script.state:
        case "requested":
            return "chatkit.js was requested, but has not loaded"
        case "loaded":
            return "chatkit.js has loaded"
        case "blocked":
            return "the page's Content-Security-Policy blocked chatkit.js"
        case "failed":
            why = f"status {script.status}" if script.status else script.reason
            return f"chatkit.js failed to load{f' ({why})' if why else ''}"
