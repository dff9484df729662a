"""Whether the panel showed anything once a step was over."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotTestable, seen
from chatkit_doctor.audits.dom.visible_turns import still_animating, watched
from chatkit_doctor.audits.out_of_sight import hiding
from chatkit_doctor.recording.entries import DomStall, FrameDocument, PageCsp, PaintBox
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Step, Timeline, timeline
from chatkit_doctor.vocabulary import Layer


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
        evidence = _out_of_sight(recording, step)
        if evidence is None and not _is_unpainted(recording, line, step):
            evidence = _empty(line, step)
        if evidence and step.turn is not None and still_animating(recording, step):
            raise NotTestable(f"turn {step.turn} ended before the component's animations did")
        if evidence and not was_blank:
            yield Failure((evidence,), turn=step.turn, t_ms=evidence.t_ms)
        was_blank = evidence is not None


def _nothing_painted(recording: Recording) -> Failure:
    """Why no animation frame ever saw the transcript. Raises NotTestable when nothing tells."""
    for entry in recording.of(FrameDocument, PageCsp):
        what = _missing_frame(entry.data)
        if what:
            return Failure((seen(entry, what),), t_ms=entry.t)
    # A browser draws no frames of what is not displayed.
    for step in recording.derive(timeline).steps:
        evidence = _out_of_sight(recording, step) if step.over else None
        if evidence is not None:
            return Failure((evidence,), turn=step.turn, t_ms=evidence.t_ms)
    raise NotTestable("no painted state of the transcript was recorded")


def _missing_frame(data: FrameDocument | PageCsp) -> str:
    match data:
        case PageCsp(directive="frame-src" | "child-src"):
            return "the page's CSP refused the component's frame"
        case FrameDocument(error=error, status=status) if error or data.has_error_status:
            return f"the component's frame did not load: {error or f'status {status}'}"
        case _:
            return ""


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


def _is_unpainted(recording: Recording, line: Timeline, step: Step) -> bool:
    """Whether the chat shows something that is not painted yet: below the fold, or for lack of time."""
    boxes = [box for box in recording.of(PaintBox) if step.holds(box.t)]
    states = [state for state in line.states if state.t < step.until_ms]
    if not states or states[-1].empty:
        return False
    below_the_fold = bool(boxes) and not boxes[-1].data.in_viewport
    return below_the_fold or any(
        stall.t - stall.data.ms < step.until_ms <= stall.t for stall in recording.of(DomStall)
    )


def _out_of_sight(recording: Recording, step: Step) -> Evidence | None:
    """The last measurement of the element in a step, if a user could not see it."""
    boxes = [box for box in recording.of(PaintBox) if step.holds(box.t)]
    found = hiding(boxes[-1].data, step) if boxes else None
    return seen(boxes[-1], f"the chat cannot be seen: {found.sentence}") if found is not None else None


AUDIT = Audit(
    id="blank-panel",
    passes="The panel shows something at the end of every step.",
    why="The panel is empty: the user sees no start screen, no message and no error.",
    fix="See what was dropped and why: the cause is in an earlier layer.",
    judge=judge,
    seen_at=Layer.PAINT,
)
