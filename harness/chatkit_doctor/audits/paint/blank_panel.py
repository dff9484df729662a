"""Whether the panel showed anything once a step was over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotTestable, seen
from chatkit_doctor.audits.dom.visible_turns import still_animating, watched
from chatkit_doctor.recording.reader import Entry, Recording
from chatkit_doctor.recording.views.timeline import Step, Timeline, timeline
from chatkit_doctor.vocabulary import Layer

SMALLEST_PX: Final = 2.0
"""A box below this in either direction shows nothing."""
FAINTEST: Final = 0.05
"""Opacity below which nothing can be made out."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each time the panel became blank and still was at the end of a step."""
    if not recording.derive(timeline).painted:
        yield _nothing_painted(recording)
        return
    line = watched(recording)
    was_blank = False
    for step in line.steps:
        if not step.over:
            continue
        evidence = _empty(line, step) or _out_of_sight(recording, step)
        if evidence and step.turn is not None and still_animating(recording, step):
            raise NotTestable(f"turn {step.turn} was over before the component's animations were")
        if evidence and not was_blank:
            yield Failure((evidence,), turn=step.turn, t_ms=evidence.t_ms)
        was_blank = evidence is not None


def _nothing_painted(recording: Recording) -> Failure:
    """Why no animation frame ever saw the transcript. Raises NotTestable when nothing tells."""
    for entry in recording.of("frame.document", "page.csp"):
        if entry.kind == "page.csp" and entry.text("directive") in {"frame-src", "child-src"}:
            return Failure((seen(entry, "the page's CSP refused the component's frame"),), t_ms=entry.t)
        if entry.kind == "frame.document" and (entry.text("error") or entry.number("status") >= 400):
            how = entry.text("error") or f"status {entry.number('status'):.0f}"
            return Failure((seen(entry, f"the component's frame did not load: {how}"),), t_ms=entry.t)
    # A browser draws no frames of what is not displayed.
    for step in recording.derive(timeline).steps:
        evidence = _out_of_sight(recording, step) if step.over else None
        if evidence is not None:
            return Failure((evidence,), turn=step.turn, t_ms=evidence.t_ms)
    raise NotTestable("no painted state of the transcript was recorded")


def _empty(line: Timeline, step: Step) -> Evidence | None:
    """The moment since which the panel was empty at a step's end."""
    earlier = [state for state in line.painted if state.t < step.until_ms]
    since = None
    for state in reversed(earlier):
        if not state.empty:
            break
        since = state
    if since is None:
        return None
    what = "the component's frame is gone" if since.view == "absent" else "neither start screen nor message"
    return Evidence(since.n, since.t, f"the panel is empty from here on: {what}")


def _out_of_sight(recording: Recording, step: Step) -> Evidence | None:
    """The last measurement of the element in a step, if a person could not see it."""
    boxes = [box for box in recording.of("paint.box") if step.holds(box.t)]
    reason = _hidden(boxes[-1], step) if boxes else ""
    return seen(boxes[-1], f"the chat cannot be seen: {reason}") if reason else None


def _hidden(box: Entry, step: Step) -> str:
    culprit = box.object("culprit")
    if culprit:
        return f"{culprit.get('element')} has {culprit.get('how')}"
    if box.text("display") == "none" or box.text("visibility") in {"hidden", "collapse"}:
        return f"display is {box.text('display')}, visibility {box.text('visibility')}"
    if min(box.number("width", SMALLEST_PX), box.number("height", SMALLEST_PX)) < SMALLEST_PX:
        return f"its box is {box.number('width'):.0f} × {box.number('height'):.0f} px"
    if box.number("opacity", 1.0) < FAINTEST:
        return f"its opacity is {box.number('opacity')}"
    if box.text("covered_by"):
        return f"it is covered by {box.text('covered_by')}"
    # Before anything was typed the chat may lie below the fold; typing scrolls it into view.
    if step.turn is not None and box.data.get("in_viewport") is False:
        return "it lies outside of the viewport"
    return ""


AUDIT = Audit(
    id="blank-panel",
    passes="The panel showed something at the end of every step.",
    why="The panel is empty: a person sees neither the start screen nor a message, and no error either.",
    fix="See what was dropped and why: the cause lies in a layer before this one.",
    judge=judge,
    seen_at=Layer.PAINT,
)
