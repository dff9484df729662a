"""The conversation turn by turn: what was asked, what was sent, what was streamed, what was shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.banners import banners
from chatkit_doctor.recording.views.causality import told_times
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges
from chatkit_doctor.recording.views.operations import Operation, operations
from chatkit_doctor.recording.views.timeline import State, Step, timeline
from chatkit_doctor.recording.views.told_events import EventGroup, event_groups
from chatkit_doctor.report.timeline_rows import told_messages
from chatkit_doctor.safe_text import clip

MOST_ROWS: Final = 20
"""Operations told of in one turn."""
MOST_GROUPS: Final = 30
"""Groups of events told of in one answer."""
MOST_TURNS: Final = 60
LONGEST: Final = 300
"""Characters of one foreign text."""
_MOST_DIFFERENCES: Final = 4

Tone = Literal["", "bad", "quiet"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: in the report's own words, with the foreign words that belong to it."""

    text: str
    said: str = ""
    t_ms: float | None = None
    n: int = 0
    """The journal entry; 0: none."""
    tone: Tone = ""
    file: str = ""
    """Where a body is next to the report."""
    code: bool = False
    """Whether the text is a name, such as that of an event."""


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One operation of the component; ``times`` of it, one after the other, that are all alike."""

    asked: tuple[Line, ...]
    sent: tuple[Line, ...]
    streamed: tuple[Line, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class TurnView:
    """A message of the user, or a load of the page, with all that came of it until the next."""

    heading: str
    said: str
    t_ms: float
    until_ms: float
    n: int
    rows: tuple[OperationRow, ...]
    left_out: int
    """Operations that are not told of."""
    shown: tuple[Line, ...]


def turn_views(recording: Recording) -> tuple[TurnView, ...]:
    """The turns in order, the first sixty of them."""
    line = recording.derive(timeline)
    steps = [step for step in line.steps if step.do in {"open", "reload", "send"}]
    told = iter(operations(recording))
    known = [(exchange, next(told, None) if exchange.op else None) for exchange in exchanges(recording)]
    return tuple(_turn(recording, step, known) for step in steps[:MOST_TURNS])


def _turn(recording: Recording, step: Step, known: list[tuple[Exchange, Operation | None]]) -> TurnView:
    def holds(t: float) -> bool:
        return step.begin_ms <= t < step.settled_ms

    rows = list(
        _folded(_row(recording, exchange, operation) for exchange, operation in known if holds(exchange.t))
    )
    heading = {"open": "The page is opened", "reload": "The page is reloaded"}.get(
        step.do, f"Turn {step.turn}"
    )
    shown = [
        *(line for line in _messages(recording) if line.t_ms is not None and holds(line.t_ms)),
        *(line for line in _banners(recording) if line.t_ms is not None and holds(line.t_ms)),
        *_views(recording, step),
    ]
    return TurnView(
        heading,
        clip(step.text, LONGEST),
        step.begin_ms,
        step.settled_ms,
        step.n,
        tuple(rows[:MOST_ROWS]),
        sum(row.times for row in rows[MOST_ROWS:]),
        tuple(sorted(shown, key=lambda line: (line.t_ms or 0.0, line.n))),
    )


def _folded(rows: Iterable[OperationRow]) -> Iterator[OperationRow]:
    """The rows, with neighbours that say the same as one."""
    last: OperationRow | None = None
    for row in rows:
        if last is not None and _timeless(last) == _timeless(row):
            last = replace(last, times=last.times + 1)
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _timeless(row: OperationRow) -> list[list[tuple[str, str]]]:
    return [[(line.text, line.said) for line in cell] for cell in (row.asked, row.sent, row.streamed)]


def _row(recording: Recording, exchange: Exchange, operation: Operation | None) -> OperationRow:
    return OperationRow(
        tuple(_asked(exchange)),
        tuple(_sent(exchange, operation)),
        tuple(_in_order(recording, _streamed(recording, exchange))),
    )


def _in_order(recording: Recording, lines: Iterable[Line]) -> list[Line]:
    """The lines at the times at which they are told; what has no time comes last."""
    told = recording.derive(told_times)
    timed = [line if line.t_ms is None else replace(line, t_ms=told.get(line.n, line.t_ms)) for line in lines]
    return sorted(timed, key=lambda line: math.inf if line.t_ms is None else line.t_ms)


def _asked(exchange: Exchange) -> Iterator[Line]:
    first = exchange.asked or (exchange.calls[0].call if exchange.calls else None)
    n = first.n if first is not None else 0
    yield Line(
        exchange.op or "a request", _message(exchange.body_asked), exchange.t, n, code=bool(exchange.op)
    )


def _message(body: object) -> str:
    """The text of the message in a request."""
    params = body.get("params") if isinstance(body, dict) else None
    given = params.get("input") if isinstance(params, dict) else None
    content = given.get("content") if isinstance(given, dict) else None
    texts = (
        [part.get("text") for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    )
    return clip(" ".join(text for text in texts if isinstance(text, str)), LONGEST)


def _sent(exchange: Exchange, operation: Operation | None) -> Iterator[Line]:
    sent = [attempt.sent for attempt in exchange.attempts if attempt.sent is not None]
    if len(sent) > 1:
        yield Line(f"{len(sent)} requests; the latest with a result is shown")
    first = next((a.sent for a in (exchange.last,) if a is not None and a.sent is not None), None)
    if first is not None:
        yield Line(f"{first.data.method} {first.data.url}", "", first.t, first.n)
    if operation is None:
        return
    column = operation.sent
    if column.state == "same":
        yield Line("as it was asked", tone="quiet")
    for difference in column.differences[:_MOST_DIFFERENCES]:
        before = "absent" if difference.before is None else difference.before
        after = "absent" if difference.after is None else difference.after
        yield Line(f"{difference.part}: ", clip(f"{before} → {after}", LONGEST))
    more = len(column.differences[_MOST_DIFFERENCES:]) + column.left_out
    if more:
        yield Line(f"and {more} more differences", tone="quiet")
    if column.note:
        yield Line(column.note, tone="quiet")


def _streamed(recording: Recording, exchange: Exchange) -> Iterator[Line]:
    attempt = exchange.last
    if attempt is not None and attempt.failed is not None:
        failed = attempt.failed
        yield Line("no response: ", failed.data.blocked or failed.data.error, failed.t, failed.n, "bad")
    if attempt is not None and attempt.response is not None:
        answer = attempt.response
        tone: Tone = "" if attempt.accepted else "bad"
        yield Line(
            f"{attempt.status} {attempt.mime or 'without a content type'}", "", answer.t, answer.n, tone
        )
    groups = event_groups(exchange.received)
    for group in groups[:MOST_GROUPS]:
        yield _group(group)
    if len(groups) > MOST_GROUPS:
        events = sum(group.count for group in groups[MOST_GROUPS:])
        yield Line(f"and {events:,} more events, in the raw stream below", tone="quiet")
    if attempt is not None and attempt.end is not None:
        yield from _end(recording, attempt, has_events=bool(exchange.received))
    for call in exchange.calls:
        if call.custom and call.threw is not None:
            yield Line(
                "the page's fetch throws: ",
                clip(call.threw.data.error, LONGEST),
                call.threw.t,
                call.threw.n,
                "bad",
            )


def _group(group: EventGroup) -> Line:
    times = f" ×{group.count:,}" if group.count > 1 else ""
    return Line(f"{group.name}{times}", clip(group.text, LONGEST), group.t, group.n, code=True)


def _end(recording: Recording, attempt: Attempt, *, has_events: bool) -> Iterator[Line]:
    end = attempt.end
    if end is None:
        return
    how = {
        "finished": "the body ends",
        "cut": "the body is cut off",
        "aborted": "the body is aborted",
        "open": "the body is still open",
    }[end.data.how]
    tone: Tone = "bad" if end.data.how == "cut" else ""
    body = "" if has_events else attempt.body(recording)[:LONGEST].decode(errors="replace")
    size = f"{end.data.size:,} bytes"
    yield Line(f"{how}: {size}", body, end.t, end.n, tone, end.data.body.file)


def _messages(recording: Recording) -> Iterator[Line]:
    for message in told_messages(recording):
        own = message.kind == f"{message.role}-message"
        who = f"{message.role}" if own else f"{message.role}, {message.kind}"
        said = clip(message.said, LONGEST)
        if not message.painted:
            yield Line(f"{who}: never painted", said, message.appeared_ms, message.appeared_n, "bad")
            continue
        gone = message.vanished_ms is not None and not message.unloaded
        how = f", gone at {message.vanished_ms:,.0f} ms" if gone else ""
        text = f"{who}: visible for {message.visible_ms:,.0f} ms{how}"
        yield Line(text, said, message.readable_ms, message.appeared_n, "bad" if gone else "")


def _banners(recording: Recording) -> Iterator[Line]:
    for banner in recording.derive(banners):
        what = "in place of a turn" if banner.kind == "crash" else f"a banner ({banner.kind})"
        until = "to the end" if banner.until is None else f"until {banner.until:,.0f} ms"
        tone: Tone = "" if banner.kind == "notice" else "bad"
        yield Line(f"{what}, {until}", clip(banner.text, LONGEST), banner.t, banner.n, tone)


_SCREENS: Final = {
    "start": "the start screen",
    "thread": "the conversation",
    "blank": "an empty panel",
    "absent": "no panel: its frame is gone",
}


def _views(recording: Recording, step: Step) -> Iterator[Line]:
    """Changes of what the panel shows as a whole, and what is shown at the end."""
    line = recording.derive(timeline)
    states = line.between(step.begin_ms, step.settled_ms)
    before = "" if step.do != "send" else _screen(line.before(step.begin_ms))
    for state in states:
        screen = _screen(state)
        if screen != before and not (not before and screen == "blank"):
            bad: Tone = "bad" if before == "thread" and screen in {"start", "blank", "absent"} else ""
            yield Line(_SCREENS[screen], "", state.t, state.n, bad)
        before = screen


def _screen(state: State | None) -> str:
    if state is None:
        return ""
    return "blank" if state.empty and state.view == "thread" else state.view
