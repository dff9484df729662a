"""Whether the element stayed where it was while a turn was under way."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import CHAT_GOES_AWAY
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import (
    ComponentEvent,
    Entry,
    PageDocument,
    PageElement,
    RequestAsked,
    StepBegin,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.departures import departures
from chatkit_doctor.recording.views.timeline import Step, timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn in which the page took the element out of its document, or was itself left.

    Also for a turn before which it was put back, and that it was deaf in.
    """
    turns = recording.derive(timeline).turns
    if not turns:
        raise NotApplicable("no message was sent")
    elements, left = recording.of(PageElement), departures(recording)
    for turn in turns:
        if turn.turn in left:
            yield _departure(left[turn.turn], turn)
            continue
        mine = [e for e in elements if turn.begin_ms <= e.t < turn.until_ms]
        removed = next((e for e in mine if e.data.state == "disconnected"), None)
        if removed is None:
            yield from _deafness(recording, turn)
            continue
        again = next((e for e in mine if e.data.state == "connected" and e.t >= removed.t), None)
        evidence = [seen(removed, "the element is removed from the document")]
        if again is not None:
            evidence.append(seen(again, "an element is inserted into the document, with a new frame"))
        yield Failure(
            tuple(evidence),
            turn=turn.turn,
            t_ms=removed.t,
            why="The page removed the element from the document during a turn"
            f"{' and put it back' if again else ''}. This destroys its frame and everything in it, "
            "including the "
            "reply in progress; a new frame opens at the start screen.",
            details={"put_back": again is not None},
        )


def _deafness(recording: Recording, turn: Step) -> Iterator[Failure]:
    """A turn that an element is deaf in which was taken out and put back before (measured).

    Its frame restarts and can be typed into, and nothing that it says is heard: no event, no request.
    """
    before = [e for e in recording.of(PageElement) if e.t < turn.begin_ms]
    # Each document defines the element anew. When its answer came is told late on a busy machine.
    defined = max((e.t for e in before if e.data.state == "defined"), default=0.0)
    life = [e for e in before if e.t >= defined]
    removed = next((e for e in reversed(life) if e.data.state == "disconnected"), None)
    again = next((e for e in life if e.data.state == "connected" and removed and e.t >= removed.t), None)
    asked = next((e for e in recording.of(RequestAsked) if turn.holds(e.t)), None)
    if removed is None or again is None or asked is None or ComponentEvent in recording.capped:
        return
    if any(again.t <= e.t < turn.until_ms for e in recording.of(ComponentEvent)):
        return
    yield Failure(
        (
            seen(removed, "the element is removed from the document"),
            seen(again, "an element is inserted into the document, with a new frame"),
            seen(asked, f"the new frame requests {asked.data.op or asked.data.url}; nothing answers"),
        ),
        turn=turn.turn,
        t_ms=removed.t,
        title="The element was removed from the document and put back",
        why="The page removed the element from the document and put it back before this turn. A new frame "
        "opens and accepts input, but an element that was removed together with its frame no longer "
        "receives the frame's messages: it sends no request and fires no event.",
        fix="Leave the element in place and hide it with CSS. If you must remove it, create a new one with "
        "document.createElement and call setOptions on that: the old one cannot be reused. You may move an "
        "element before its options are set.",
        details={"put_back": True, "deaf": True},
    )


def _departure(anew: Entry[PageDocument], turn: Step) -> Failure:
    return Failure(
        (seen(anew, f"the page loads {quoted(anew.data.url)}, which discards the chat's frame"),),
        turn=turn.turn,
        t_ms=anew.t,
        title="The page reloaded during a turn",
        why=f"During a turn the page navigated to {quoted(anew.data.url)}. Everything in it is gone, "
        "including the reply in progress.",
        fix="Do not navigate while the chat is responding: no location.reload() or location.href in its "
        "handlers, no form or link around it that loads a page. A development server reloads when a file "
        "is saved.",
        details={"put_back": False, "loaded": anew.data.url},
    )


AUDIT = Audit(
    id="element-remounted",
    passes="The element stayed in the document during every turn.",
    why="An element that leaves the document loses its frame, and with it the conversation and the reply "
    "in progress.",
    fix="Keep the element mounted and hide it with CSS: no changing key, no conditional rendering and no "
    "route change around it. Do not move it in the DOM (portals, drag and drop, re-parenting dialogs).",
    judge=judge,
    needs=(PageElement, StepBegin),
    explains=CHAT_GOES_AWAY,
)
