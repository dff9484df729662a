"""Whether every event has the shape that ChatKit can work with."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import EVENTS_LOST, TURN_CRASHES
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import counted
from chatkit_doctor.component.strictness import Violation, event_violations
from chatkit_doctor.protocol.events import EVENT_TYPES
from chatkit_doctor.protocol.schema import SchemaProblem
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream and place in an event that the component cannot read.

    What is not valid for the schema and does no harm in the component is no failure (see
    ``component.strictness``). Whether it makes a difference where it stands, experiments tell.
    """
    for stream in chatkit_streams(recording):
        found: dict[tuple[str, str], list[tuple[Event, Violation]]] = {}
        for event in stream.events:
            if event.type in EVENT_TYPES:
                for violation in event_violations(event.value):
                    if not violation.tolerated:
                        place = event.type, violation.problem.path
                        found.setdefault(place, []).append((event, violation))
        for group in found.values():
            yield _failure(stream, group)


def _failure(stream: Stream, group: list[tuple[Event, Violation]]) -> Failure:
    event, violation = group[0]
    problem = violation.problem
    allowed = f"; ChatKit expects {problem.allowed}" if problem.allowed else "; ChatKit needs it"
    near = f", probably {problem.nearest}" if problem.nearest else ""
    effect = f" The component's reaction: {violation.consequence}."
    times = f" This affects {counted(len(group), 'event')}." if len(group) > 1 else ""
    what = "is missing" if problem.found == "nothing" else f"is {problem.found}"
    return Failure(
        (event.seen(f"event {event.number} ({event.type}): {problem.path} {what}"),),
        turn=stream.turn,
        t_ms=event.received.t,
        title=f"{event.type}: {problem.path} {what}",
        why=f"In {event.type} {problem.path} {what}{allowed}{near}.{effect}{times}",
        fix=_fix(problem),
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
    value = problem.nearest or problem.allowed or "the value the schema requires"
    if last in {"annotations", "attachments"}:
        return f"Always send {problem.path}, as an empty list if there are none; the component relies on it."
    return (
        f"Send {value} at {problem.path}. The types of the openai-chatkit package (chatkit.types) always "
        "produce valid events: use them instead of building events by hand."
    )


AUDIT = Audit(
    id="invalid-event",
    passes="Every event has the shape ChatKit expects.",
    why="An event has the right type but a shape that the component cannot read.",
    fix="Build events with the types of openai-chatkit (chatkit.types) instead of by hand.",
    judge=judge,
    explains=EVENTS_LOST | TURN_CRASHES,
)
