"""Explanations by id: the content files, joined with the vocabulary, the audits, what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from chatkit_doctor.audits.registry import audits
from chatkit_doctor.explain.model import Entry, Explanation, Kind
from chatkit_doctor.explain.often import how_often, most_reported
from chatkit_doctor.explain.shown import catalogue
from chatkit_doctor.explain.signs import signs
from chatkit_doctor.explain.yaml_file import read_yaml
from chatkit_doctor.protocol.events import EVENT_TYPES, UPDATE_TYPES
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS

CONTENT: Final = Path(__file__).with_name("content")
"""One file for the causes of each layer, one for the symptoms, one for the events."""

_ENTRIES: Final[TypeAdapter[dict[str, Entry]]] = TypeAdapter(dict[str, Entry])
_CAUSE_FILES: Final = tuple(dict.fromkeys(str(layer or "unexplained") for layer, _ in CAUSES.values()))


@cache
def entries(name: str) -> Mapping[str, Entry]:
    """The entries of one content file. Raises ValueError (pydantic's) for a file that is none."""
    return _ENTRIES.validate_python(read_yaml(CONTENT / f"{name}.yaml"))


@cache
def explanations() -> Mapping[str, Explanation]:
    """Every explanation by its id: symptoms, then causes by layer, then events and updates."""
    causes = [_cause(id_, entry) for name in _CAUSE_FILES for id_, entry in entries(name).items()]
    symptoms = [_symptom(id_, entry) for id_, entry in entries("symptoms").items()]
    events = [_event(id_, entry) for id_, entry in entries("events").items()]
    return {explanation.id: explanation for explanation in (*symptoms, *causes, *events)}


def _cause(id_: str, entry: Entry) -> Explanation:
    layer, title = CAUSES[id_]
    audit = next((audit for audit in audits() if audit.id == id_), None)
    brought_about = audit.explains if audit is not None else frozenset()
    related = [symptom for symptom in SYMPTOMS if symptom in brought_about]
    explained = _explanation(id_, Kind.CAUSE, str(layer) if layer else None, title, entry, related)
    return _observed(explained, how_often(id_) if layer else "")


def _symptom(id_: str, entry: Entry) -> Explanation:
    explaining = {audit.id for audit in audits() if id_ in audit.explains}
    related = [cause for cause in CAUSES if cause in explaining]
    explained = _explanation(id_, Kind.SYMPTOM, None, SYMPTOMS[id_], entry, related)
    seen = catalogue().ids[id_].beside
    return _observed(explained, most_reported([cause for cause in related if cause in seen]))


def _event(id_: str, entry: Entry) -> Explanation:
    is_event = id_ in EVENT_TYPES
    kind, related = (Kind.EVENT, []) if is_event else (Kind.UPDATE, ["thread.item.updated"])
    related += sorted(UPDATE_TYPES) if id_ == "thread.item.updated" else []
    return _explanation(id_, kind, "protocol", entry.title, entry, related)


def _explanation(
    id_: str, kind: Kind, layer: str | None, title: str, entry: Entry, related: list[str]
) -> Explanation:
    audit = next((audit for audit in audits() if audit.id == id_), None)
    return Explanation(
        id=id_,
        kind=kind,
        layer=layer,
        title=title.rstrip("."),
        why=audit.why if audit is not None else "",
        fix=audit.fix if audit is not None else "",
        sent=entry.sent.snippets(),
        does=entry.does.strip(),
        instead=entry.instead.snippets(),
        related=related,
    )


def _observed(explanation: Explanation, often: str) -> Explanation:
    """The explanation with what was seen of its id."""
    shown = catalogue().ids[explanation.id]
    return explanation.model_copy(
        update={
            "signs": signs()[explanation.id].places(),
            "often": often,
            "scenarios": shown.scenarios or shown.warned,
            "near": shown.near,
        }
    )
