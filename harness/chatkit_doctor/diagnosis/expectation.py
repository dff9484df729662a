"""Whether a recording led where its scenario said it would; every difference is one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Protocol

from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.behaviour import Behaviour, behaviour
from chatkit_doctor.recording.views.timeline import timeline


class ExpectedLine(Protocol):
    """One visible message: one of the two is None."""

    @property
    def user(self) -> str | None: ...
    @property
    def assistant(self) -> str | None: ...


class Expectation(Protocol):
    """What a scenario says under ``expect``; what is None or empty there is not compared, symptoms are."""

    @property
    def verdict(self) -> str: ...
    @property
    def symptoms(self) -> Sequence[str]: ...
    @property
    def symptoms_may(self) -> Sequence[str]: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def causes(self) -> Sequence[str] | None: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    @property
    def near_miss_of(self) -> Sequence[str]: ...
    @property
    def layer(self) -> str | None: ...
    @property
    def details(self) -> Mapping[str, str]: ...
    @property
    def transcript(self) -> Sequence[ExpectedLine] | None: ...
    @property
    def alerts(self) -> Sequence[str] | None: ...
    @property
    def events(self) -> Sequence[str] | None: ...
    @property
    def requests(self) -> Sequence[str] | None: ...
    @property
    def errors(self) -> Sequence[str] | None: ...


def drift(recording: Recording, diagnosis: Diagnosis, expected: Expectation) -> tuple[str, ...]:
    """One sentence for each way in which a recording led elsewhere; empty when the expectation is met."""
    found = [
        *_verdict(diagnosis, expected),
        *_symptoms(diagnosis, expected),
        *_cause(diagnosis, expected),
        *_warnings(diagnosis, expected),
        *_near_misses(diagnosis, expected),
    ]
    if expected.transcript is not None:
        found += _transcript(visible_lines(recording), expected.transcript)
    return (*found, *_behaviour(recording.derive(behaviour), expected))


def visible_lines(recording: Recording) -> tuple[tuple[str, str], ...]:
    """The transcript that was on screen at the end: (``user`` or ``assistant``, text) from top to bottom."""
    line = recording.derive(timeline)
    last = line.before(line.end_ms)
    shown = last.shown if last is not None else ()
    return tuple((item.role, item.text) for item in shown if item.text.strip())


def _verdict(diagnosis: Diagnosis, expected: Expectation) -> Iterator[str]:
    if diagnosis.verdict != expected.verdict:
        because = f" ({diagnosis.reason})" if diagnosis.reason else ""
        yield f"The verdict should be {expected.verdict} but is {diagnosis.verdict}{because}."


def _symptoms(diagnosis: Diagnosis, expected: Expectation) -> Iterator[str]:
    seen = dict.fromkeys(symptom.id for symptom in diagnosis.symptoms)
    for symptom in expected.symptoms:
        if symptom not in seen:
            yield f"The symptom {symptom} is expected but missing."
    for symptom in seen:
        if symptom not in {*expected.symptoms, *expected.symptoms_may}:
            yield f"The symptom {symptom} is unexpected."


def _cause(diagnosis: Diagnosis, expected: Expectation) -> Iterator[str]:
    cause = diagnosis.cause
    found = cause.id if cause is not None else "none"
    if expected.cause is not None and found != expected.cause:
        yield f"The cause should be {expected.cause} but is {found}."
        return
    causes = [each.id for each in diagnosis.causes]
    if expected.causes is not None and causes != list(expected.causes):
        yield f"The causes should be {_listed(expected.causes)} but are {_listed(causes)}."
    layer = str(cause.layer) if cause is not None and cause.layer is not None else "none"
    if expected.layer is not None and layer != expected.layer:
        yield f"The layer of the cause should be {expected.layer} but is {layer}."
    details = cause.details if cause is not None else {}
    for name, value in expected.details.items():
        if name not in details:
            yield f"The cause should say that {name} is {value}, and says nothing of it."
        elif str(details[name]) != value:
            yield f"The cause should say that {name} is {value}, and says {details[name]}."


def _warnings(diagnosis: Diagnosis, expected: Expectation) -> Iterator[str]:
    warned = {warning.id for warning in diagnosis.warnings}
    for id_ in expected.warnings:
        if id_ not in warned:
            yield f"The warning {id_} is expected but missing."


def _near_misses(diagnosis: Diagnosis, expected: Expectation) -> Iterator[str]:
    reported = (
        ("symptom", diagnosis.symptoms),
        ("cause", [diagnosis.cause] if diagnosis.cause is not None else []),
        ("contributing cause", diagnosis.contributing),
        ("warning", diagnosis.warnings),
    )
    for id_ in expected.near_miss_of:
        for what, found in reported:
            if any(each.id == id_ for each in found):
                yield f"This is a near miss of {id_}, which is reported as a {what}."


def _transcript(seen: Sequence[tuple[str, str]], expected: Sequence[ExpectedLine]) -> Iterator[str]:
    wanted = [("user", e.user) if e.user is not None else ("assistant", e.assistant or "") for e in expected]
    for place, (was, should) in enumerate(zip_longest(seen, wanted), start=1):
        if should is None and was is not None:
            yield f"Message {place} on screen is {_named(was)} but should not be there."
        elif was is None and should is not None:
            yield f"Message {place} on screen should be {_named(should)} but is missing."
        elif was is not None and should is not None and not _same(was, should):
            yield f"Message {place} on screen should be {_named(should)} but is {_named(was)}."


def _behaviour(seen: Behaviour, expected: Expectation) -> Iterator[str]:
    compared = (
        ("banners on screen", seen.alerts, expected.alerts),
        ("component events", seen.events, expected.events),
        ("requests", seen.requests, expected.requests),
        ("console errors", seen.errors, expected.errors),
    )
    for what, was, should in compared:
        if should is not None and list(was) != list(should):
            yield f"The {what} should be {_listed(should)} but are {_listed(was)}."


def _listed(values: Sequence[str]) -> str:
    return ", ".join(quoted_message(value) for value in values) or "none"


def _same(was: tuple[str, str], should: tuple[str, str]) -> bool:
    """White space is not compared: how blocks lie on lines is the rendering's own affair."""
    return was[0] == should[0] and "".join(was[1].split()) == "".join(should[1].split())


def _named(line: tuple[str, str]) -> str:
    return f"{line[0]}: {quoted_message(line[1])}"
