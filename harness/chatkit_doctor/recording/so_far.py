"""The recording of a session that is still under way: of what has come so far, as it would be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from chatkit_doctor.recording.entries import BodyReference, DomState, Entry, SessionEnded, WireEnd
from chatkit_doctor.recording.entries.dom import View
from chatkit_doctor.recording.header import SCHEMA, Footer
from chatkit_doctor.recording.journal import BODIES_DIR, FILE_NAME, Journal, Received
from chatkit_doctor.recording.masking import masked_lines
from chatkit_doctor.recording.pieces import Streams, masked_body
from chatkit_doctor.recording.reader import Recording, read_lines


@dataclass(frozen=True, slots=True)
class OpenBody:
    """What has come of an answer that goes on, by the id and the operation of its request."""

    id: str
    op: str
    size: int
    data: bytes


def ended(recording: Recording) -> Recording:
    """A recording so far as one that ended there: what is missing then, nobody waits for any longer."""
    end_ms = recording.end_ms
    number = max((entry.n for entry in recording.entries), default=0) + 1
    end = Entry(n=number, t=end_ms, data=SessionEnded(state=_view(recording)))
    entries = (*recording.entries, end)
    footer = Footer(t=end_ms, entries=len(entries))
    return Recording(recording.header, entries, footer, recording.directory, recording.bodies)


def keep(recording: Recording, folder: Path) -> None:
    """Write a recording so far as one that ended there. Raises OSError when it cannot be written."""
    (folder / BODIES_DIR).mkdir(parents=True)
    whole = ended(recording)
    header = msgspec.structs.replace(whole.header, schema=SCHEMA)
    lines = [header, *whole.entries, whole.footer]
    (folder / FILE_NAME).write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    for name, data in (whole.bodies or {}).items():
        (folder / name).write_bytes(data)


def _view(recording: Recording) -> View | Literal["absent"]:
    latest = recording.last(DomState)
    return "absent" if latest is None else latest.data.view


def body_name(request_id: str) -> str:
    """The name under which the body of an answer is kept."""
    return f"wire-{''.join(c for c in request_id if c.isalnum())}.txt"


def so_far(journal: Journal, received: Received, open_: Sequence[OpenBody]) -> Recording:
    """A recording without an end, masked with all that is known by now; nothing is written.

    The answers that went on are in it as they would be if nobody waited for them any longer. May be called by
    any thread, and takes its time for a long recording.
    """
    lines, bodies = received.lines, dict(received.bodies)
    now = round(journal.clock.now(), 2)
    ends: list[bytes] = []
    for number, body in enumerate(open_, start=len(lines)):
        reference = BodyReference(
            file=f"{BODIES_DIR}/{body_name(body.id)}", bytes=len(body.data), truncated=False
        )
        bodies[reference.file] = body.data
        end = WireEnd(id=body.id, op=body.op, how="open", size=body.size, body=reference)
        ends.append(msgspec.json.encode(Entry(n=number, t=now, data=end)))
    streams = Streams()
    masked = list(masked_lines([*lines, *ends], bodies, journal.redactor, streams))
    recording = read_lines(masked, journal.directory)
    kept = {name: masked_body(data, journal.redactor, streams) for name, data in bodies.items()}
    return replace(recording, bodies=kept)
