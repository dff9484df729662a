"""What limits of the recording left out, in sentences: what was not recorded was not judged."""

from __future__ import annotations

from chatkit_doctor.recording.entries import KINDS, SessionCapped, kind_of
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.report.wording import milliseconds


def unrecorded(recording: Recording) -> list[str]:
    """One sentence for each limit that was reached, in order of time."""
    return [_sentence(recording, entry.t, entry.data) for entry in recording.of(SessionCapped)]


def _sentence(recording: Recording, t_ms: float, cap: SessionCapped) -> str:
    since = f"from {milliseconds(t_ms)} on"
    if cap.of not in KINDS:
        return f"A limit was reached: {cap.of} were not recorded {since}."
    kept = len(recording.of(KINDS[cap.of]))
    dropped = recording.footer.dropped.get(kind_of(KINDS[cap.of]), 0) if recording.footer else 0
    number = f"{dropped:,} more" if dropped else "more"
    return f"{kept:,} entries of {cap.of} were recorded; {number} came {since} and were not."
