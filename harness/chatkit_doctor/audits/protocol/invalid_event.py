"""Whether every event has the shape that ChatKit can work with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import EVENTS_LOST, TURN_CRASHES
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import counted
from chatkit_doctor.component.counterfactual import MendedStream, Places
from chatkit_doctor.component.strictness import Violation, event_violations
from chatkit_doctor.protocol.events import EVENT_TYPES
from chatkit_doctor.protocol.schema import Path, SchemaProblem
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Confidence

_MOST_TRIED: Final = 20
"""Faults of one stream that are tried for a difference: each costs two plays of the stream."""
_MOST_PLAYED: Final = 50_000
"""Events that are played for it; the first fault of a stream is tried however long that is."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream and place in an event that the component cannot read.

    What is not valid for the schema and does no harm in the component is no failure (see
    ``component.strictness``). It is certain where the stream ends differently without it, and likely where
    the end is the same, as with a delta that is lost before the whole message comes, or was not tried.
    """
    for stream in chatkit_streams(recording):
        found: dict[tuple[str, str], list[tuple[Event, Violation]]] = {}
        for event in stream.events:
            if event.type in EVENT_TYPES:
                for violation in event_violations(event.value):
                    if not violation.tolerated:
                        place = event.type, violation.problem.path
                        found.setdefault(place, []).append((event, violation))
        if not found:
            continue
        mended = _mended(stream, found.values())
        tried = max(1, min(_MOST_TRIED, _MOST_PLAYED // (2 * len(stream.events))))
        for number, group in enumerate(found.values()):
            is_certain = number < tried and mended.differs_by(_places(group))
            yield _failure(stream, group, Confidence.CERTAIN if is_certain else Confidence.LIKELY)


def _mended(stream: Stream, groups: Iterable[Sequence[tuple[Event, Violation]]]) -> MendedStream:
    events = [event.value for event in stream.events]
    wrong = _places([each for group in groups for each in group])
    return MendedStream(events, wrong, new_thread=stream.new_thread)


def _places(group: Sequence[tuple[Event, Violation]]) -> Places:
    places: dict[int, list[Path]] = defaultdict(list)
    for event, violation in group:
        places[event.number - 1].append(violation.problem.at)
    return places


def _failure(stream: Stream, group: list[tuple[Event, Violation]], confidence: Confidence) -> Failure:
    event, violation = group[0]
    problem = violation.problem
    allowed = f"; ChatKit wants {problem.allowed}" if problem.allowed else "; ChatKit needs it"
    near = f", probably {problem.nearest}" if problem.nearest else ""
    effect = f" What the component does with it: {violation.consequence}."
    times = f" This is so in {counted(len(group), 'event')}." if len(group) > 1 else ""
    what = "is missing" if problem.found == "nothing" else f"is {problem.found}"
    return Failure(
        (event.seen(f"event {event.number} ({event.type}): {problem.path} {what}"),),
        turn=stream.turn,
        t_ms=event.received.t,
        title=f"{event.type}: {problem.path} {what}",
        why=f"In {event.type} {problem.path} {what}{allowed}{near}.{effect}{times}",
        fix=_fix(problem),
        confidence=confidence,
        details={
            "path": problem.path,
            "found": problem.found,
            "allowed": problem.allowed,
            "nearest": problem.nearest,
            "event": event.type,
        },
    )


def _fix(problem: SchemaProblem) -> str:
    last = problem.path.rpartition(".")[2]
    value = problem.nearest or problem.allowed or "the value the schema asks for"
    if last in {"annotations", "attachments"}:
        return (
            f"Always send {problem.path}, as an empty list where there are none; the component relies on it."
        )
    return (
        f"Send {value} at {problem.path}. The types of the openai-chatkit package (chatkit.types) produce "
        "valid events by themselves: build them with those rather than by hand."
    )


AUDIT = Audit(
    id="invalid-event",
    passes="Every event has the shape ChatKit works with.",
    why="An event has the right type and a shape that the component cannot read.",
    fix="Build events with the types of openai-chatkit (chatkit.types) rather than by hand.",
    judge=judge,
    explains=EVENTS_LOST | TURN_CRASHES,
)
