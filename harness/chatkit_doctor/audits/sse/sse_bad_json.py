"""Whether the data of every event is JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.streams import Stream, reached
from chatkit_doctor.audits.wording import counted, quoted
from chatkit_doctor.protocol.payload import PayloadKind
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Received

_PYTHON = re.compile(r"^\s*\{\s*'|: *(None|True|False)\b")


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per ChatKit stream with events that cannot be read."""
    found = [stream for stream in reached(recording) if stream.foreign is None]
    if not found:
        raise NotApplicable("no event of a ChatKit stream reached the component")
    for stream in found:
        broken = [
            r for r in stream.exchange.received if r.payload.kind in {PayloadKind.BROKEN, PayloadKind.TEXT}
        ]
        if broken:
            yield _failure(stream, broken)


def _failure(stream: Stream, broken: list[Received]) -> Failure:
    first = broken[0]
    of = len(stream.exchange.received)
    looks_so = _PYTHON.search(first.data) is not None
    python = " It looks like the repr of a Python dict: use json.dumps()." if looks_so else ""
    return Failure(
        (Evidence(first.n, first.t, f"the data {quoted(first.data, 120)}: {first.payload.error}"),),
        turn=stream.turn,
        t_ms=first.t,
        why=f"The data of {counted(len(broken), 'event')} of {of} is not JSON "
        f"({first.payload.error}).{python} The component reports StreamEventParsingError for each and drops "
        "it; it reads the others.",
        details={"count": len(broken), "error": first.payload.error},
    )


AUDIT = Audit(
    id="sse-bad-json",
    passes="The data of every event is JSON.",
    why="The component reports StreamEventParsingError for an event it cannot parse, and drops it.",
    fix="Put one JSON object into the data of every event, written by a JSON library: "
    "json.dumps(event), or event.model_dump_json(). Beware of NaN, of hand-written JSON, and of events cut "
    "in the middle.",
    judge=judge,
    explains=EVENTS_LOST,
)
