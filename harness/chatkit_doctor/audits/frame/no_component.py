"""Whether the chat appeared at all."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, NotTestable, absent, seen
from chatkit_doctor.recording.entries import (
    ComponentEvent,
    DomState,
    Entry,
    FrameDocument,
    PageDocument,
    PageElement,
    PageInventory,
    RequestAsked,
    StepEnd,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.vocabulary import Layer


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for a page that was loaded and never held the component's frame."""
    if recording.simulated:
        raise NotApplicable("there was no page: only network traffic was examined")
    document = recording.last(PageDocument)
    if document is None:
        raise NotTestable("the page was not loaded")
    if recording.has(DomState) or recording.has(FrameDocument):
        return
    line = recording.derive(timeline)
    if line.steps and line.steps[-1].limit == "navigation":
        # It may have come since, and was not waited for.
        raise NotTestable("the page did not load in time")
    inventory = recording.last(PageInventory)
    if inventory is None and recording.last(StepEnd) is None:
        raise NotApplicable("the page had no time to start")
    if recording.of(ComponentEvent) or recording.has(RequestAsked):
        # Something inside the element is alive, so there is a frame: this recording just cannot see it.
        raise NotTestable("the component sent requests, but nothing was recorded from its frame")
    yield Failure(_evidence(recording, document, inventory), t_ms=line.end_ms)


def _evidence(
    recording: Recording, document: Entry[PageDocument], inventory: Entry[PageInventory] | None
) -> tuple[Evidence, ...]:
    end_ms = recording.derive(timeline).end_ms
    found = [seen(document, f"the page was loaded (status {document.data.status})")]
    if inventory is not None:
        elements = int(inventory.data.elements)
        tags = "no <openai-chatkit> element" if not elements else f"{elements} <openai-chatkit> element(s)"
        found.append(seen(inventory, f"the page contains {tags}"))
    if not recording.has(PageElement):
        found.append(absent(end_ms, "the element was never defined"))
    found.append(absent(end_ms, "the component's frame never loaded"))
    return tuple(found)


AUDIT = Audit(
    id="no-component",
    passes="The component's frame is on the page.",
    why="There is nothing where the chat should be: the component never started.",
    fix="Load chatkit.js, place an <openai-chatkit> element, and call setOptions on it.",
    judge=judge,
    seen_at=Layer.FRAME,
)
