"""Whether a ChatKit stream is free of ``[DONE]``."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable
from chatkit_doctor.audits.streams import reached
from chatkit_doctor.protocol.payload import PayloadKind
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per ChatKit stream with a ``[DONE]`` marker. In other protocols it has its place."""
    found = [stream for stream in reached(recording) if stream.foreign is None]
    if not found:
        raise NotApplicable("no event of a ChatKit stream reached the component")
    for stream in found:
        marker = next((r for r in stream.exchange.received if r.payload.kind is PayloadKind.DONE), None)
        if marker is not None:
            yield Failure(
                (Evidence(marker.n, marker.t, "an event has the data [DONE]"),),
                turn=stream.turn,
                t_ms=marker.t,
            )


AUDIT = Audit(
    id="sse-done-marker",
    passes="The stream contains no [DONE] marker.",
    why="[DONE] belongs to the Chat Completions API. ChatKit parses every event as JSON: the component "
    "reports StreamEventParsingError to the page, although it shows the messages.",
    fix="Send nothing after the last event; a ChatKit stream ends when its body ends.",
    judge=judge,
    explains=frozenset({"error-shown"}),
)
