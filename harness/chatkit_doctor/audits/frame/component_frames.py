"""The component's own frame among the frames of a page, and what it loaded."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.origins import origin_of
from chatkit_doctor.recording.entries import Entry, FrameAsset, FrameDocument
from chatkit_doctor.recording.entries.frame import FrameLoad
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import OPENING_STEPS, timeline

_FRAME: Final = re.compile(r"//cdn\.platform\.openai\.com/|/(?:chatkit/)?index-[\w-]+\.html$")
_ABORTED: Final = "ERR_ABORTED"


def documents(recording: Recording) -> tuple[Entry[FrameDocument], ...]:
    """Every load of the component's frame that was not merely given up for another navigation."""
    return tuple(
        entry
        for entry in recording.of(FrameDocument)
        if _FRAME.search(entry.data.bare_url) and _ABORTED not in entry.data.error
    )


def failed_assets(recording: Recording) -> tuple[Entry[FrameAsset], ...]:
    """Scripts and styles of the frame that were asked for and never came."""
    origins = {origin_of(entry.data.url) for entry in documents(recording)}
    # Chromium gives up what was refused, too: ERR_ABORTED comes after a 404 for the same URL (measured).
    answered = ((asset.data.bare_url, asset.data.status or 0) for asset in recording.of(FrameAsset))
    loaded = {url for url, status in answered if 200 <= status < 400}
    return tuple(
        entry
        for entry in recording.of(FrameAsset)
        if has_failed(entry)
        and entry.data.type in {"script", "stylesheet", "style", ""}
        and (not origins or origin_of(entry.data.url) in origins)
        and entry.data.bare_url not in loaded
    )


def came_up(recording: Recording, asset: Entry[FrameAsset]) -> bool:
    """Whether the chat came up in the load of the page in which a part of it was missing.

    What it came up without is no part that it starts with, whatever its name: bundlers call the pieces that
    are loaded later ``index-<hash>.js``, too (measured).
    """
    line = recording.derive(timeline)
    loads = [step for step in line.steps if step.do in OPENING_STEPS]
    load = next((step for step in reversed(loads) if step.begin_ms <= asset.t), None)
    until = next((step.begin_ms for step in loads if step.begin_ms > asset.t), line.end_ms)
    states = (state for state in line.states if (load.begin_ms if load else 0.0) <= state.t < until)
    return any(state.view not in {"blank", "absent"} for state in states)


def has_failed(entry: Entry[FrameLoad]) -> bool:
    """Whether a load ended in an error or an error status."""
    error = entry.data.error
    return (bool(error) and _ABORTED not in error) or entry.data.has_error_status


def outcome(entry: Entry[FrameLoad]) -> str:
    """How a load failed, in words."""
    return entry.data.error or f"status {entry.data.status or 0}"
