"""When the page itself was left or reloaded, with the chat in it."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_doctor.recording.entries import Entry, FrameDetached, PageDocument
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline


def departures(recording: Recording) -> Mapping[int | None, Entry[PageDocument]]:
    """By turn: the first document that took the page's place while it went on. No step loads one there.

    An answer that only begins a download takes no page's place, and no frame goes with it.
    """
    found: dict[int | None, Entry[PageDocument]] = {}
    for turn in recording.derive(timeline).turns:
        documents = [e for e in recording.of(PageDocument) if turn.holds(e.t)]
        if documents and any(turn.holds(e.t) for e in recording.of(FrameDetached)):
            found[turn.turn] = documents[0]
    return found
