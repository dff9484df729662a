"""Whether the chat appeared at all."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, NotTestable, absent, seen
from chatkit_doctor.recording.reader import Entry, Recording
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.vocabulary import Layer


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for a page that was loaded and never held the component's frame."""
    if recording.foreseen:
        raise NotApplicable("there was no page: only what crossed the network was looked at")
    document = recording.last("page.document")
    if document is None:
        raise NotTestable("the page was not loaded")
    if recording.has("dom.state") or recording.has("frame.document"):
        return
    inventory = recording.last("page.inventory")
    if inventory is None and recording.last("step.end") is None:
        raise NotApplicable("the page had no time to come up")
    if recording.of("component.event") or recording.has("request.asked"):
        # Something inside the element is alive, so there is a frame: this recording just cannot see it.
        raise NotTestable("the component spoke, and nothing was recorded of its frame")
    yield Failure(_evidence(recording, document, inventory), t_ms=recording.derive(timeline).end_ms)


def _evidence(recording: Recording, document: Entry, inventory: Entry | None) -> tuple[Evidence, ...]:
    end_ms = recording.derive(timeline).end_ms
    found = [seen(document, f"the page was loaded (status {document.data.get('status')})")]
    if inventory is not None:
        elements = int(inventory.number("elements"))
        tags = "no <openai-chatkit> element" if not elements else f"{elements} <openai-chatkit> element(s)"
        found.append(seen(inventory, f"the page holds {tags}"))
    if not recording.has("page.element"):
        found.append(absent(end_ms, "the element was never defined"))
    found.append(absent(end_ms, "no frame of the component was ever loaded"))
    return tuple(found)


AUDIT = Audit(
    id="no-component",
    passes="The component's frame is on the page.",
    why="Where the chat should be there is nothing: the component was never put to work.",
    fix="Load chatkit.js, place an <openai-chatkit> element, and call setOptions on it.",
    judge=judge,
    seen_at=Layer.FRAME,
)
