"""Whether the component handled every event without throwing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.wording import counted, quoted
from chatkit_doctor.recording.entries import ComponentConsole, ComponentEvent, Entry
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline

_HANDLING: Final = re.compile(r"Error handling thread event:?\s*(?P<error>[^\n]*)")
_MEANINGS: Final = (
    (
        re.compile(r"Expected undefined to be output_text"),
        "A text delta arrived for a content part that was never added; send content_part.added first.",
    ),
    (
        re.compile(r"Expected \S+ to be output_text"),
        "A text delta arrived for a content part of another type: only parts of type output_text take it.",
    ),
)


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each error by its text and turn."""
    line = recording.derive(timeline)
    groups: dict[tuple[int | None, str], list[Entry[ComponentConsole]]] = {}
    for entry in recording.of(ComponentConsole):
        match = _HANDLING.search(entry.data.text)
        if match and entry.data.level == "error" and not entry.data.noise:
            groups.setdefault((line.turn_at(entry.t), match["error"].strip()), []).append(entry)
    for (turn, error), entries in groups.items():
        meaning = next((text for pattern, text in _MEANINGS if pattern.search(error)), "")
        yield Failure(
            (seen(entries[0], f"the component logs to the console: {quoted(error)}"),),
            turn=turn,
            t_ms=entries[0].t,
            why=f"While handling {counted(len(entries), 'event')} the component threw {quoted(error)}. It "
            f"skips such an event and continues with the next one. {meaning}".rstrip(),
            details={"error": error, "count": len(entries)},
        )


AUDIT = Audit(
    id="handler-error",
    passes="The component handled every event.",
    why="The component threw while handling an event. It skips such an event and continues with the next "
    "one.",
    fix="Compare the event at this moment with the ChatKit types: its name is right, but it contains "
    "something the component did not expect, or it arrived before an event it depends on.",
    judge=judge,
    needs=(ComponentEvent,),
    explains=EVENTS_LOST,
)
