"""The component's own frame among the frames of a page, and what it loaded."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.recording.reader import Entry, Recording

_FRAME: Final = re.compile(r"//cdn\.platform\.openai\.com/|/(?:chatkit/)?index-[\w-]+\.html$")
_MAIN_BUNDLE: Final = re.compile(r"/index-[\w-]+\.(?:js|css)$|/frame/[\w-]+\.js$")
_ABORTED: Final = "ERR_ABORTED"


def documents(recording: Recording) -> tuple[Entry, ...]:
    """Every load of the component's frame that was not merely given up for another navigation."""
    return tuple(
        entry
        for entry in recording.of("frame.document")
        if _FRAME.search(bare(entry)) and _ABORTED not in entry.text("error")
    )


def failed_assets(recording: Recording, *, main: bool) -> tuple[Entry, ...]:
    """Scripts and styles of the frame that could not be had: those it starts with, or those loaded later."""
    origins = {urlsplit(entry.text("url")).netloc for entry in documents(recording)}
    loaded = {bare(entry) for entry in recording.of("frame.asset") if not has_failed(entry)}
    return tuple(
        entry
        for entry in recording.of("frame.asset")
        if has_failed(entry)
        and entry.text("type") in {"script", "stylesheet", "style", ""}
        and (not origins or urlsplit(entry.text("url")).netloc in origins)
        and bare(entry) not in loaded
        and bool(_MAIN_BUNDLE.search(bare(entry))) == main
    )


def has_failed(entry: Entry) -> bool:
    """Whether a load ended in an error or an error status."""
    error = entry.text("error")
    return (bool(error) and _ABORTED not in error) or entry.number("status") >= 400


def outcome(entry: Entry) -> str:
    """How a load failed, in words."""
    return entry.text("error") or f"status {entry.number('status'):.0f}"


def bare(entry: Entry) -> str:
    """The URL of an entry without query and fragment."""
    return entry.text("url").partition("#")[0].partition("?")[0]
