"""A recording of a different shape from it should have is refused by name, or judged: nothing fails
itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.audits.registry import examine
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording.entries import ENTRY_TYPES, EntryData, kind_of
from chatkit_doctor.recording.header import SCHEMA
from chatkit_doctor.recording.journal import FILE_NAME
from chatkit_doctor.recording.reader import Recording, load
from tests.conversations import Handed, exchange
from tests.recordings import box, entry, recording
from tests.sessions import attempt, good_conversation

ODD: tuple[object, ...] = (None, -1, 2**70, 1e400, "odd", "\x1b[31m", [], {}, [{"a": 1}], True)


def every_kind() -> Recording:
    """A recording that has at least one entry of every kind."""
    made = good_conversation()
    parts = [entry(3_000, type_.layer, kind_of(type_)) for type_ in ENTRY_TYPES if not made.has(type_)]
    return recording(*parts, exchange(3_100, custom=Handed()), box(3_200))


def lines_of(made: Recording) -> list[dict[str, Any]]:
    """The lines of a recording's journal."""
    header = msgspec.structs.replace(made.header, schema=SCHEMA)
    lines = [header, *good_conversation().entries, *made.entries]
    return [msgspec.to_builtins(line) for line in lines]


def damaged(lines: list[dict[str, Any]], kind: str, path: Path) -> Iterator[Recording | RecordingError]:
    """What reading gives where one field of one kind of entry is something odd, in every way."""
    fields = sorted({name for line in lines[1:] if line["data"]["kind"] == kind for name in line["data"]})
    for field in fields:
        for odd in ODD:
            changed = [
                {**line, "data": {**line["data"], field: odd}}
                if line.get("data", {}).get("kind") == kind
                else line
                for line in lines
            ]
            path.write_text("".join(json.dumps(line) + "\n" for line in changed))
            try:
                yield load(path)
            except RecordingError as error:
                yield error


@pytest.mark.parametrize("type_", ENTRY_TYPES, ids=kind_of)
def test_odd_entries_are_refused_or_judged(type_: type[EntryData], tmp_path: Path) -> None:
    answers = list(damaged(lines_of(every_kind()), kind_of(type_), tmp_path / FILE_NAME))
    refused = [answer for answer in answers if isinstance(answer, RecordingError)]
    assert refused
    assert all("is not" in error.what for error in refused)
    for answer in answers:
        if isinstance(answer, Recording):
            broken = [(f.audit.id, f.note) for f in examine(answer) if f.status is Status.ERROR]
            assert broken == []


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_foreign_json_is_judged(odd: object) -> None:
    made = recording(
        entry(10, "page", "page.options", options=odd, threw=odd),
        entry(20, "page", "page.options", options={"api": odd, "initialThread": odd}, threw={"message": odd}),
        entry(30, "component", "component.event", name="error", detail=odd),
        entry(31, "component", "component.event", name="error", detail={"error": odd}),
        entry(32, "component", "component.event", name="thread.change", detail={"threadId": odd}),
        entry(40, "page", "page.call", method="setThreadId", args=[odd]),
        entry(50, "request", "request.asked", nonce="1", op="threads.create", body=odd, headers=odd),
        entry(60, "fetch", "fetch.call", call="1", op="threads.create", body=odd),
        entry(70, "request", "request.sent", id="1", op="threads.create", body={"params": odd}),
    )
    for each in (made, Recording(made.header, (*attempt("responses").entries, *made.entries), made.footer)):
        broken = [(f.audit.id, f.note) for f in examine(each) if f.status is Status.ERROR]
        assert broken == []
