"""Entries of another shape than expected: an audit may not be able to answer, but it never fails itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.audits.registry import audits
from chatkit_doctor.recording.reader import Entry, Recording
from tests.audits.asking import ask
from tests.sessions import attempt, good_conversation

ODD: tuple[object, ...] = (None, -1, "odd", [], {}, [{"a": 1}])
KINDS = ("dom.state", "step.begin", "step.end", "paint.box", "page.inventory")
SYMPTOMS = [audit for audit in audits() if audit.is_symptom]


def damaged(made: Recording, kind: str) -> Iterator[Recording]:
    """The recording with one field of one kind of entry replaced by something odd, in every way."""
    fields = sorted({field for entry in made.of(kind) for field in entry.data})
    for field in fields:
        for odd in ODD:
            entries = (_with(entry, kind, field, odd) for entry in made.entries)
            yield Recording(made.header, tuple(entries), made.footer)


def _with(entry: Entry, kind: str, field: str, odd: object) -> Entry:
    return replace(entry, data={**entry.data, field: odd}) if entry.kind == kind else entry


@pytest.mark.parametrize("kind", KINDS)
def test_no_symptom_audit_fails_itself(kind: str) -> None:
    for made in (attempt("responses"), good_conversation()):
        for recording in damaged(made, kind):
            broken = [
                (f.audit.id, f.note)
                for f in (ask(a, recording) for a in SYMPTOMS)
                if f.status is Status.ERROR
            ]
            assert broken == []
