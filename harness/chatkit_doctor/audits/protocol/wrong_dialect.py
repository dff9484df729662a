"""Whether the backend speaks ChatKit at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable
from chatkit_doctor.audits.failure_modes import NO_EVENTS
from chatkit_doctor.audits.streams import Stream, reached
from chatkit_doctor.audits.wording import counted, listed, quoted
from chatkit_doctor.protocol.dialects import Recognition, recognise_lines
from chatkit_doctor.protocol.payload import PayloadKind
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams

_MOST_PAIRS: Final = 10
_SEQUENCE: Final = (
    "A correct first turn is: thread.created, thread.item.done with the user's message, thread.item.added "
    "and thread.item.updated as the reply grows, thread.item.done with the whole reply; then the body ends. "
    "A ChatKitServer of openai-chatkit behind the endpoint sends all of this automatically."
)


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream in another protocol."""
    found = reached(recording)
    bodies = [e for e in streams(recording) if e.body_text and not e.received]
    if not found and not bodies:
        raise NotApplicable("no event reached the component")
    for stream in found:
        if stream.foreign is not None:
            yield _failure(stream, stream.foreign)
    for exchange in bodies:
        lines = recognise_lines(exchange.body_text)
        # Only this dialect has lines of its own; NDJSON of any other is first of all no event stream.
        if lines is not None and lines.dialect.id == "vercel-ai" and ":" in lines.names[0]:
            yield _unframed(exchange, lines)


def _failure(stream: Stream, foreign: Recognition) -> Failure:
    received = stream.exchange.received
    evidence = [
        Evidence(received[e.index].n, received[e.index].t, f"event {e.index + 1} is {quoted(e.name)}")
        for e in foreign.events[:4]
    ]
    names = listed(foreign.names)
    count = counted(len(foreign.events), "event")
    why = (
        f"The backend speaks {foreign.dialect.title}: {count} of {len(received)} ({names}). {_effect(stream)}"
        f"{_said(stream)}"
    )
    details = {"dialect": foreign.dialect.id, "events": foreign.names[:20]}
    return Failure(
        tuple(evidence),
        turn=stream.turn,
        t_ms=evidence[0].t_ms,
        title=f"The backend speaks {foreign.dialect.title}, not ChatKit",
        why=why,
        fix=_fix(foreign, announced=stream.created is not None),
        details=details,
    )


def _said(stream: Stream) -> str:
    """What the backend reports an error in its own protocol."""
    errors = (event.told_error for event in stream.events if not event.known)
    said = next((error for error in errors if error), "")
    return f" It reports an error: {quoted(said)}." if said else ""


def _effect(stream: Stream) -> str:
    if any(received.payload.kind is PayloadKind.TEXT for received in stream.exchange.received):
        return "ChatKit parses every event as JSON: it drops these and reports StreamEventParsingError."
    silent = "ChatKit ignores event types it does not know and logs nothing. "
    if stream.foreign is not None and stream.foreign.partly:
        return silent + "The rest of the stream is ChatKit, but the reply is not in it, so no reply is shown."
    if stream.new_thread and stream.created is None:
        return silent + (
            "thread.created never arrived either, so when the stream ends the temporary thread is dropped "
            "and the start screen returns."
        )
    return silent + (
        "The thread is known, but no thread.item.* event confirms a message: when the stream ends the user's "
        "message is removed too, and nothing remains on screen."
    )


def _fix(foreign: Recognition, *, announced: bool) -> str:
    pairs = [
        f"{name} → {meant}"
        for name, meant in foreign.meanings
        if not (announced and meant.startswith("thread.created"))
    ]
    meanings = "; ".join(pairs[:_MOST_PAIRS])
    instead = f" Instead of what was sent: {meanings}." if pairs else ""
    return f"Send ChatKit's own events, each as `data: {{json}}` and a blank line.{instead} {_SEQUENCE}"


def _unframed(exchange: Exchange, lines: Recognition) -> Failure:
    end = exchange.last.end if exchange.last is not None else None
    first = exchange.body_text.strip().splitlines()[0]
    evidence = Evidence(
        end.n if end else 0, end.t if end else exchange.t, f"the body begins with {quoted(first)}"
    )
    return Failure(
        (evidence,),
        exchange.turn,
        exchange.t,
        title=f"The backend speaks {lines.dialect.title}, not ChatKit",
        why=f"The body is the data stream of {lines.dialect.title}, which is not a server-sent event "
        "stream: ChatKit finds no event in it, and the start screen returns.",
        fix=_fix(lines, announced=False),
        details={"dialect": lines.dialect.id, "events": lines.names[:20]},
    )


AUDIT = Audit(
    id="wrong-dialect",
    passes="The backend speaks ChatKit.",
    why="The events belong to another protocol. ChatKit silently ignores event types it does not know.",
    fix=f"Send ChatKit's own events. {_SEQUENCE}",
    judge=judge,
    explains=NO_EVENTS,
)
