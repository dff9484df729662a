"""The loads of the page, and what became of chatkit.js in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit_doctor.recording.reader import Entry, Recording

_SCRIPT_DIRECTIVES: Final = frozenset({"script-src", "script-src-elem", "default-src"})


@dataclass(frozen=True, slots=True)
class PageLoad:
    """One load of the page: its stretch of time in ms, its document, and whether its step came to an end."""

    begin: float
    end: float
    document: Entry | None
    ended: bool


def page_loads(recording: Recording) -> tuple[PageLoad, ...]:
    """Every load of the page. Without recorded steps the whole recording is one."""
    begins = [e.t for e in recording.of("step.begin") if e.text("do") in {"open", "reload"}]
    last = max((e.t for e in recording.entries), default=0.0) + 1
    starts = begins or [0.0]
    # What is seen before the first step belongs to it.
    stretches = [*zip([0.0, *starts[1:]], [*starts[1:], last], strict=True)]
    ends = [e.t for e in recording.of("step.end", "session.ended")]
    documents = recording.of("page.document")
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
    events = (e for e in recording.of("page.element") if load.begin <= e.t < load.end)
    if any(event.text("state") in {"defined", "connected"} for event in events):
        return True
    inventories = (e for e in recording.of("page.inventory") if load.begin <= e.t < load.end)
    return any(inventory.data.get("defined") is True for inventory in inventories)


def refused(recording: Recording, begin: float, end: float) -> Entry | None:
    """The entry that says that the page's policy refused chatkit.js, in a stretch of time."""
    for entry in recording.of("page.csp", "page.script"):
        if not begin <= entry.t < end:
            continue
        if entry.kind == "page.script":
            if entry.text("state") == "blocked":
                return entry
        elif _is_script_violation(entry):
            return entry
    return None


def _is_script_violation(entry: Entry) -> bool:
    enforced = entry.text("disposition") != "report" and entry.text("where") != "component"
    blocked = entry.text("blocked")
    return (
        enforced
        and entry.text("directive") in _SCRIPT_DIRECTIVES
        and ("chatkit" in blocked or "cdn.platform.openai.com" in blocked)
    )
