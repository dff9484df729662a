"""Whether the data of every event is encoded once."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.streams import reached
from chatkit_doctor.audits.wording import counted, quoted
from chatkit_doctor.protocol.payload import PayloadKind
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream with events that are JSON strings with JSON in them."""
    found = reached(recording)
    if not found:
        raise NotApplicable("no event reached the component")
    for stream in found:
        double = [r for r in stream.exchange.received if r.payload.kind is PayloadKind.DOUBLE_ENCODED]
        if double:
            first = double[0]
            yield Failure(
                (Evidence(first.n, first.t, f"the data is the string {quoted(first.data, 120)}"),),
                turn=stream.turn,
                t_ms=first.t,
                why=f"{counted(len(double), 'event')} of {len(stream.exchange.received)} arrived as a JSON "
                "string that contains the JSON of the event. The component reads a string, finds no type "
                "in it and silently ignores it.",
                details={"count": len(double)},
            )


AUDIT = Audit(
    id="sse-double-encoded",
    passes="Every event is encoded once.",
    why="The component reads a string where it expects an event, and silently ignores it.",
    fix="Encode once: model_dump_json() and StreamingResult already produce JSON text; do not pass it to "
    "json.dumps() or to a JSON response.",
    judge=judge,
    explains=EVENTS_LOST,
)
