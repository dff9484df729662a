"""Whether the page called ``setOptions``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, absent, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.page.scripts import PageLoad, defined_in, page_loads
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import PageDocument, PageError, PageInventory, PageOptions
from chatkit_doctor.recording.reader import Recording

_TOO_EARLY: Final = re.compile(r"setOptions is not a function")


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per load of the page with a defined element that never got its options."""
    loads = [load for load in page_loads(recording) if load.ended and defined_in(recording, load)]
    if not loads:
        raise NotApplicable("the element was never defined")
    for load in loads:
        if not _were_set(recording, load):
            yield _failure(recording, load)


def _were_set(recording: Recording, load: PageLoad) -> bool:
    if any(load.begin <= e.t < load.end for e in recording.of(PageOptions)):
        return True
    inventories = [e for e in recording.of(PageInventory) if load.begin <= e.t < load.end]
    return any(bool(e.data.options_set) for e in inventories)


def _failure(recording: Recording, load: PageLoad) -> Failure:
    errors = (e for e in recording.of(PageError) if load.begin <= e.t < load.end)
    early = next((e for e in errors if _TOO_EARLY.search(e.data.message)), None)
    missing = absent(load.end, "the element was defined, but setOptions was never called")
    if early is not None:
        return Failure(
            (seen(early, f"the page throws {quoted(early.data.message)}"), missing),
            t_ms=early.t,
            title="setOptions was called before the element was defined",
            why="The page called setOptions before chatkit.js had defined the element: until then the tag "
            "is an unknown element without methods, so the call threw.",
            details={"too_early": True},
        )
    return Failure((missing,), t_ms=load.end, details={"too_early": False})


AUDIT = Audit(
    id="options-never-set",
    passes="The page called setOptions.",
    why="The element creates its frame only after setOptions is called; until then it is an empty box, "
    "without any error.",
    fix="Call setOptions once the element is defined: `await customElements.whenDefined('openai-chatkit'); "
    "element.setOptions({api: {url, domainKey}, …})`. In React render <ChatKit "
    "control={useChatKit(…).control} />, and mount it.",
    judge=judge,
    needs=(PageDocument,),
    explains=CHAT_NEVER_STARTS,
)
