"""The loads of the page, and what became of chatkit.js in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit_doctor.recording.entries import (
    Entry,
    PageCsp,
    PageDocument,
    PageElement,
    PageInventory,
    PageScript,
    SessionEnded,
    StepBegin,
    StepEnd,
)
from chatkit_doctor.recording.reader import Recording

_SCRIPT_DIRECTIVES: Final = frozenset({"script-src", "script-src-elem", "default-src"})


@dataclass(frozen=True, slots=True)
class PageLoad:
    """One load of the page: its stretch of time in ms, its document, and whether its step came to an end."""

    begin: float
    end: float
    document: Entry[PageDocument] | None
    ended: bool


def page_loads(recording: Recording) -> tuple[PageLoad, ...]:
    """Every load of the page. Without recorded steps the whole recording is one."""
    begins = [e.t for e in recording.of(StepBegin) if e.data.do in {"open", "reload"}]
    last = recording.end_ms + 1
    starts = begins or [0.0]
    # What is seen before the first step belongs to it.
    stretches = [*zip([0.0, *starts[1:]], [*starts[1:], last], strict=True)]
    ends = [e.t for e in recording.of(StepEnd, SessionEnded)]
    documents = recording.of(PageDocument)
    return tuple(
        PageLoad(
            begin,
            end,
            next((d for d in documents if begin <= d.t < end), None),
            recording.finished or any(begin <= t < end for t in ends),
        )
        for begin, end in stretches
    )


def defined_in(recording: Recording, load: PageLoad) -> bool:
    """Whether the element was defined in this load of the page."""
    events = (e for e in recording.of(PageElement) if load.begin <= e.t < load.end)
    if any(event.data.state in {"defined", "connected"} for event in events):
        return True
    inventories = (e for e in recording.of(PageInventory) if load.begin <= e.t < load.end)
    return any(inventory.data.defined for inventory in inventories)


def refused(recording: Recording, begin: float, end: float) -> Entry[PageCsp | PageScript] | None:
    """The entry that says that the page's policy refused chatkit.js, in a stretch of time.

    The violation names its directive; that the script was blocked is known without one, and often before.
    """
    entries = [entry for entry in recording.of(PageCsp, PageScript) if begin <= entry.t < end]
    found = [entry for entry in entries if _is_refusal(entry.data)]
    return min(found, key=lambda entry: isinstance(entry.data, PageScript), default=None)


def _is_refusal(data: PageCsp | PageScript) -> bool:
    match data:
        case PageScript(state=state):
            return state == "blocked"
        case PageCsp(directive=directive, blocked=blocked) as violation:
            is_ours = "chatkit" in blocked or "cdn.platform.openai.com" in blocked
            return violation.stops_the_page and directive in _SCRIPT_DIRECTIVES and is_ours
