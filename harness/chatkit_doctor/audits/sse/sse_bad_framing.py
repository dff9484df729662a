"""Whether the body the component was given is a sequence of server-sent events."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.sse.body_format import FORMATS, body_format
from chatkit_doctor.audits.wording import quoted, shortened
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.component.transcript import Playback
from chatkit_doctor.protocol.payload import PayloadKind
from chatkit_doctor.protocol.sse import SseProblem
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, Received, streams


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream whose bytes do not split into the events that were meant."""
    given = [e for e in streams(recording) if e.mime == EVENT_STREAM and (e.status or 0) // 100 == 2]
    if not given:
        raise NotApplicable("no response was an event stream")
    for exchange in given:
        if found := _problem(exchange):
            yield _failure(exchange, *found)


def _problem(exchange: Exchange) -> tuple[str, Evidence] | None:
    for received in exchange.received:
        if received.payload.kind in {PayloadKind.SEVERAL, PayloadKind.DOUBLE_FRAMED}:
            kind = "no-blank-line" if received.payload.kind is PayloadKind.SEVERAL else "data-twice"
            return kind, Evidence(
                received.n, received.t, f"one event has the data {quoted(received.data, 120)}"
            )
    for problem in exchange.framing:
        if kind := body_format(problem, exchange):
            return kind, _at(exchange, problem)
    if exchange.lost_tail is not None and _is_missed(exchange, exchange.lost_tail):
        data = quoted(exchange.lost_tail.data, 80)
        return "unterminated", _mark(exchange, f"the last event, never completed, is {data}")
    return None


def _is_missed(exchange: Exchange, tail: Received) -> bool:
    """Whether the transcript would be another one with the last event. Without it most replies are whole."""
    if tail.payload.value is None:
        return False
    playback = Playback()
    playback.begin(new_thread=exchange.op == "threads.create")
    for event in exchange.events:
        playback.apply(event)
    before = _shown(playback)
    playback.apply(tail.payload.value)
    return before != _shown(playback)


def _shown(playback: Playback) -> list[tuple[str, str, str]]:
    return [(item.id, item.kind, item.text) for item in playback.transcript().items]


def _at(exchange: Exchange, problem: SseProblem) -> Evidence:
    return _mark(exchange, f"at byte {problem.at}: {shortened(problem.text, 120)}")


def _mark(exchange: Exchange, text: str) -> Evidence:
    end = exchange.last.end if exchange.last is not None else None
    return Evidence(end.n, end.t, text) if end is not None else Evidence(0, exchange.t, text)


def _failure(exchange: Exchange, kind: str, evidence: Evidence) -> Failure:
    lost = (
        "The component dispatches an event only at its blank line: without one, the event is silently lost."
        if kind in {"no-blank-line", "unterminated", "too-large"}
        else "The component finds no readable event in it."
    )
    return Failure(
        (evidence,),
        turn=exchange.turn,
        t_ms=evidence.t_ms,
        why=f"The body is labelled text/event-stream, but {FORMATS[kind]}. {lost}",
        fix=_fix(kind),
        details={"format": kind},
    )


def _fix(kind: str) -> str:
    if kind == "data-twice":
        return "Frame once: if a library such as sse-starlette writes `data:`, yield only the JSON."
    return (
        'Write each event as one line `data: {"type": …}` and a blank line after it: in Python '
        'f"data: {json.dumps(event)}\\n\\n", with two line feeds, after the last event as well.'
    )


AUDIT = Audit(
    id="sse-bad-framing",
    passes="The body splits into events.",
    why="The body is labelled text/event-stream but is not a sequence of server-sent events.",
    fix=_fix(""),
    judge=judge,
    explains=EVENTS_LOST,
)
