"""The time axis of a session: what a mark on each of its lanes stands for. A pure function of a recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import (
    AnyEntry,
    ComponentConsole,
    ComponentError,
    ComponentEvent,
    Entry,
    PageCall,
    PageError,
    PageOptions,
    StepBegin,
    StepEnd,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.banners import banners
from chatkit_doctor.recording.views.causality import told_times
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges
from chatkit_doctor.recording.views.film import film
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.recording.views.told_events import event_name
from chatkit_doctor.report.timeline_rows import told_messages
from chatkit_doctor.safe_text import clip, one_line, printable
from chatkit_doctor.vocabulary import Layer

LaneId = Literal["film", "actions", "requests", "bytes", "events", "component", "messages"]
Tone = Literal["", "bad", "user", "assistant"]

LANES: Final[Mapping[LaneId, tuple[str, Layer]]] = {
    "film": ("On screen", Layer.PAINT),
    "actions": ("User and page", Layer.PAGE),
    "requests": ("Requests", Layer.REQUEST),
    "bytes": ("Bytes", Layer.WIRE),
    "events": ("Events", Layer.SSE),
    "component": ("Component", Layer.COMPONENT),
    "messages": ("Messages", Layer.DOM),
}
"""The lanes from top to bottom: how each is called, and in which layer most of it is seen."""

MOST_OF_A_LANE: Final = 30_000
"""Marks kept on one lane."""
MOST_ROWS: Final = 8
"""Rows of one lane."""
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a lane, at ``t`` (ms) or from then until ``until``; ``n`` is its entry, 0: none."""

    lane: LaneId
    t: float
    until: float | None
    n: int
    label: str
    tone: Tone = ""
    row: int = 0
    """Within the lane, so that bars do not lie over each other."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """All marks in order of time, and where the axis ends (ms)."""

    marks: tuple[Mark, ...]
    end_ms: float
    left_out: Mapping[LaneId, int]
    """Marks that are not kept, by lane."""


def lanes(recording: Recording, bad: frozenset[int] = frozenset()) -> Lanes:
    """The marks of a session. ``bad``: the entries that failed audits are based on."""
    told = recording.derive(told_times)
    kept: list[Mark] = []
    left_out: dict[LaneId, int] = {}
    for lane, marks in _sources(recording):
        every = sorted((_marked(mark, told, bad) for mark in marks), key=lambda mark: (mark.t, mark.n))
        kept += _in_rows(_within(every))
        if len(every) > MOST_OF_A_LANE:
            left_out[lane] = len(every) - MOST_OF_A_LANE
    ends = [mark.t if mark.until is None else mark.until for mark in kept]
    return Lanes(tuple(kept), max([*ends, recording.end_ms, 1.0]), left_out)


def _within(marks: list[Mark]) -> list[Mark]:
    """As many as are kept: the marked ones, and the first of the others."""
    if len(marks) <= MOST_OF_A_LANE:
        return marks
    free = MOST_OF_A_LANE - min(MOST_OF_A_LANE, sum(mark.tone == "bad" for mark in marks))
    kept: list[Mark] = []
    for mark in marks:
        if mark.tone == "bad" or free > 0:
            free -= mark.tone != "bad"
            kept.append(mark)
    return kept[:MOST_OF_A_LANE]


def _in_rows(marks: Iterable[Mark]) -> Iterator[Mark]:
    """The marks of a lane, each in the first row that is free; at most eight rows."""
    ends: list[float] = []
    for mark in marks:
        until = mark.t if mark.until is None else mark.until
        row = next((n for n, end in enumerate(ends) if end <= mark.t), len(ends))
        row = min(row, MOST_ROWS - 1)
        if row == len(ends):
            ends.append(until)
        ends[row] = max(ends[row], until)
        yield replace(mark, row=row)


def _marked(mark: Mark, told: Mapping[int, float], bad: frozenset[int]) -> Mark:
    """The mark at the time at which it can be told; never with its end before its beginning."""
    t = told.get(mark.n, mark.t)
    until = None if mark.until is None else max(mark.until, t)
    tone: Tone = "bad" if mark.n in bad else mark.tone
    return Mark(mark.lane, round(t, 2), None if until is None else round(until, 2), mark.n, mark.label, tone)


def _sources(recording: Recording) -> Iterator[tuple[LaneId, Iterable[Mark]]]:
    every = exchanges(recording)
    yield "film", _film(recording)
    yield "actions", _actions(recording)
    yield "requests", (mark for exchange in every for mark in _requests(exchange))
    yield "bytes", (mark for exchange in every for mark in _bytes(exchange))
    yield "events", (mark for exchange in every for mark in _events(exchange))
    yield "component", _component(recording)
    yield "messages", _messages(recording)


@lru_cache(maxsize=256)
def _label(*parts: str) -> str:
    return printable(one_line(" ".join(filter(None, parts)), _LONGEST))


def _film(recording: Recording) -> Iterator[Mark]:
    for frame in recording.derive(film):
        tone: Tone = "bad" if frame.moment == "banner" else ""
        yield Mark("film", frame.t, frame.until, frame.n, _label(frame.says), tone)


def _actions(recording: Recording) -> Iterator[Mark]:
    line = recording.derive(timeline)
    ends = {entry.data.index: entry for entry in recording.of(StepEnd)}
    for entry in recording.of(StepBegin):
        step, end = entry.data, ends.get(entry.data.index)
        limit = f", until the limit “{end.data.limit}”" if end is not None and end.data.limit else ""
        what = {"open": "the page is opened", "reload": "the page is reloaded", "click": "a click on"}
        do = what.get(step.do, step.do) if step.do != "send" else "the user sends"
        said = quoted_message(step.text) if step.text else step.method
        until = end.t if end is not None else line.end_ms
        yield Mark("actions", entry.t, until, entry.n, _label(do, said) + limit, "user")
    for call in recording.of(PageOptions, PageCall):
        name = "setOptions" if isinstance(call.data, PageOptions) else call.data.method
        yield Mark("actions", call.t, None, call.n, _label("the page calls", name))


def _requests(exchange: Exchange) -> Iterator[Mark]:
    name = exchange.op or "a request"
    for attempt in exchange.attempts:
        first = attempt.sent or attempt.response or attempt.failed
        if first is None:
            continue
        if attempt.failed is not None:
            why = attempt.failed.data.blocked or attempt.failed.data.error
            yield Mark("requests", first.t, attempt.failed.t, first.n, _label(name, "fails:", why), "bad")
            continue
        last = attempt.end or (attempt.chunks[-1] if attempt.chunks else attempt.response)
        status = f"{attempt.status} {attempt.mime}" if attempt.response is not None else "no response"
        how = "" if attempt.how in {"finished", None} else f", {attempt.how}"
        is_bad = attempt.how == "cut" or (attempt.status is not None and attempt.status >= 400)
        until = last.t if last is not None else None
        yield Mark(
            "requests", first.t, until, first.n, _label(f"{name}:", status + how), "bad" if is_bad else ""
        )
    for call in exchange.calls if not exchange.attempts else ():
        over = call.threw or call.end or call.returned
        how = "fails" if call.threw is not None else "answered by the page"
        tone: Tone = "bad" if call.threw is not None else ""
        yield Mark(
            "requests", call.call.t, over.t if over else None, call.call.n, _label(f"{name}:", how), tone
        )


def _bytes(exchange: Exchange) -> Iterator[Mark]:
    for attempt in exchange.attempts:
        for chunk in attempt.chunks:
            if chunk.data.size:
                yield Mark("bytes", chunk.t, None, chunk.n, f"{chunk.data.size:,} bytes")


def _events(exchange: Exchange) -> Iterator[Mark]:
    for event in exchange.received:
        yield Mark("events", event.t, None, event.n, _label(event_name(event)))


def _component(recording: Recording) -> Iterator[Mark]:
    for entry in recording.of(ComponentEvent):
        yield Mark("component", entry.t, None, entry.n, _label(entry.data.name), _tone_of(entry.data))
    console = [entry for entry in recording.of(ComponentConsole) if not entry.data.noise]
    errors = recording.of(ComponentError, PageError)
    yield from _folded([each for each in console if each.data.level == "error"])
    yield from _folded(errors)


def _tone_of(event: ComponentEvent) -> Tone:
    return "bad" if event.name == "error" else ""


def _folded(
    entries: Sequence[Entry[ComponentConsole]] | Sequence[Entry[ComponentError | PageError]],
) -> Iterator[Mark]:
    """Errors, those that say the same as one: where the first of them came."""
    alike: dict[str, list[Entry[AnyEntry]]] = {}
    for entry in entries:
        alike.setdefault(_said(entry.data), []).append(entry)
    for said, same in alike.items():
        times = f" (×{len(same)}, until {same[-1].t:,.0f} ms)" if len(same) > 1 else ""
        yield Mark("component", same[0].t, None, same[0].n, _label("error:", said) + times, "bad")


def _said(data: ComponentConsole | ComponentError | PageError) -> str:
    return data.text if isinstance(data, ComponentConsole) else data.message


def _messages(recording: Recording) -> Iterator[Mark]:
    end_ms = recording.derive(timeline).end_ms
    for message in told_messages(recording):
        until = end_ms if message.vanished_ms is None else message.vanished_ms
        gone = message.vanished_ms is not None and not message.unloaded
        how = ", then gone" if gone else ""
        shown = f"{message.visible_ms:,.0f} ms{how}" if message.painted else "never painted"
        label = _label(f"{message.role}:", clip(message.said, 120), f"({shown})")
        tone: Tone = "user" if message.role == "user" else "assistant"
        yield Mark("messages", message.appeared_ms, until, message.appeared_n, label, tone)
    for banner in recording.derive(banners):
        until = end_ms if banner.until is None else banner.until
        what = "in place of a turn:" if banner.kind == "crash" else f"banner ({banner.kind}):"
        yield Mark("messages", banner.t, until, banner.n, _label(what, banner.text), "bad")
