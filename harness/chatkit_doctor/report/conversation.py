"""The conversation as the report shows it: in four columns, on one time axis, and as the raw stream.

Pure functions of a recording and of what was found in it. What a document has no room for is counted, and
said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.engine.remedies import NO_REMEDIES, Remedies
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.film import Frame, film
from chatkit_doctor.report.conversation_entries import kept_entries
from chatkit_doctor.report.conversation_lanes import LANES, Lanes, lanes
from chatkit_doctor.report.conversation_streams import RawEvent, RawStream, raw_streams
from chatkit_doctor.report.conversation_turns import TurnView, turn_views
from chatkit_doctor.report.packed import packed_json
from chatkit_doctor.safe_text import clip, printable

PLAIN_ROWS: Final = 12
"""Events of each stream that are shown without a script."""
MOST_FRAMES: Final = 60
"""Pictures of the film that are shown."""
_MOST_NOTES: Final = 5
_LONGEST_NOTE: Final = 300


@dataclass(frozen=True, slots=True)
class Note:
    """What a failed audit says of an entry."""

    audit: str
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the section shows. The packed parts are for its scripts."""

    turns: tuple[TurnView, ...]
    film: tuple[Frame, ...]
    """The pictures of what was on screen, in order of time."""
    streams: tuple[RawStream, ...]
    notes: dict[int, tuple[Note, ...]]
    """By the number of the entry that they are about."""
    axis: Markup
    raw: Markup
    entries: Markup
    left_out: tuple[str, ...]
    """What is not in the document, one sentence each."""
    numbers: frozenset[int]
    """The entries that can be linked to."""

    def plain(self, stream: RawStream) -> list[RawEvent]:
        """Of a stream what is shown without a script: the first events, and those that are marked."""
        marked = [event for event in stream.events[PLAIN_ROWS:] if event.n in self.notes]
        return [*stream.events[:PLAIN_ROWS], *marked[:PLAIN_ROWS]]


def conversation_of(
    recording: Recording, diagnosis: Diagnosis, remedies: Remedies | None = None
) -> Conversation:
    """The conversation of one session."""
    notes = _notes(diagnosis)
    marked = frozenset(notes)
    turns = turn_views(recording)
    drawn = lanes(recording, marked)
    streams = raw_streams(recording, (remedies or NO_REMEDIES).streams, keep=marked)
    entries = kept_entries(recording, marked)
    shown = {event.n for stream in streams for event in stream.events}
    return Conversation(
        turns,
        _shown_frames(recording),
        streams,
        notes,
        packed_json(_axis(drawn, turns)),
        packed_json({"streams": streams, "notes": {str(n): each for n, each in notes.items()}}),
        packed_json(entries),
        tuple(_left_out(recording, drawn, streams, len(entries))),
        frozenset(map(int, entries)) | shown,
    )


def _shown_frames(recording: Recording) -> tuple[Frame, ...]:
    """The frames of the film; of very many those that show the shortest, which nobody else can show."""
    frames = recording.derive(film)
    shortest = sorted(frames, key=lambda frame: frame.until - frame.t)[:MOST_FRAMES]
    return tuple(sorted(shortest, key=lambda frame: (frame.t, frame.n)))


def _notes(diagnosis: Diagnosis) -> dict[int, tuple[Note, ...]]:
    found: dict[int, list[Note]] = {}
    for finding in diagnosis.findings:
        if finding.status is not Status.FAILED:
            continue
        for failure in finding.failures:
            for evidence in failure.evidence:
                if evidence.n:
                    note = Note(finding.audit.id, clip(printable(evidence.text), _LONGEST_NOTE))
                    found.setdefault(evidence.n, []).append(note)
    return {n: tuple(dict.fromkeys(notes))[:_MOST_NOTES] for n, notes in found.items()}


def _axis(drawn: Lanes, turns: Iterable[TurnView]) -> dict[str, object]:
    numbers = {lane: number for number, lane in enumerate(LANES)}
    return {
        "end": round(drawn.end_ms, 2),
        "lanes": [
            {"id": lane, "name": name, "layer": layer, "left_out": drawn.left_out.get(lane, 0)}
            for lane, (name, layer) in LANES.items()
        ],
        "marks": [
            [numbers[mark.lane], mark.t, mark.until, mark.n, mark.label, mark.tone, mark.row]
            for mark in drawn.marks
        ],
        "turns": [
            {"name": printable(turn.heading), "t": round(turn.t_ms, 2), "until": round(turn.until_ms, 2)}
            for turn in turns
        ],
    }


def _left_out(
    recording: Recording, drawn: Lanes, streams: Iterable[RawStream], entries: int
) -> Iterator[str]:
    events = sum(stream.received - len(stream.events) for stream in streams)
    if events:
        yield f"{events:,} events are omitted from this document; the recording has them."
    if missing := len(recording.entries) - entries:
        yield f"{missing:,} entries cannot be expanded here; find them in recording.ndjson by number."
    if marks := sum(drawn.left_out.values()):
        yield f"{marks:,} marks are not drawn."
