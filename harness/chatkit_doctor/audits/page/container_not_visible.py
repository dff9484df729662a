"""Whether a user could see the chat where the page puts it."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.out_of_sight import Hiding, hiding
from chatkit_doctor.recording.entries import Entry, PaintBox
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Step, timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each time the chat went out of sight and still was at the end of a step."""
    boxes = recording.of(PaintBox)
    steps = [step for step in recording.derive(timeline).steps if step.over]
    was_hidden = False
    for step in steps:
        mine = [box for box in boxes if step.holds(box.t)]
        if mine:
            found = hiding(mine[-1].data, step)
            if found and not was_hidden:
                yield _failure(mine[-1], step, found)
            was_hidden = found is not None
    if not steps and (found := hiding(boxes[-1].data, None)):
        yield _failure(boxes[-1], None, found)


def _failure(box: Entry[PaintBox], step: Step | None, found: Hiding) -> Failure:
    size = f"{box.data.width:.0f} × {box.data.height:.0f} px"
    element, how = found.element, found.how
    return Failure(
        (seen(box, f"the element's box is {size}; {element}: {how}"),),
        turn=step.turn if step is not None else None,
        t_ms=box.t,
        why=f"The chat is present and works, but it is not visible: {element}, {how} (the element's box is "
        f"{size}).",
        details={"element": element, "how": how},
    )


AUDIT = Audit(
    id="container-not-visible",
    passes="The chat is visible where the page puts it.",
    why="The chat is present and works, but it is not visible.",
    fix="Give the element a height: openai-chatkit {display: block; height: 600px}, or height: 100% on "
    "every ancestor, or flex: 1 with min-height: 0. Show the element before it is used, and keep other "
    "layers off it.",
    judge=judge,
    needs=(PaintBox,),
    # What cannot be seen is rendered late or not at all.
    explains=CHAT_NEVER_STARTS
    | {"user-message-vanished", "reply-vanished", "reply-truncated", "reply-not-live", "stuck-responding"},
)
