"""Whether the page asks for its thread after a reload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, absent, seen
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import ComponentEvent, Entry, PageOptions, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import exchanges
from chatkit_doctor.recording.views.timeline import Step, timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reload with a thread open, after which nobody asked for it."""
    if recording.simulated:
        raise NotApplicable("there was no page to remember its thread")
    reloads = [step for step in recording.derive(timeline).steps if step.do == "reload" and step.over]
    if not reloads:
        raise NotApplicable("the page was not reloaded")
    opened = [(step, change) for step in reloads if (change := _thread_before(recording, step)) is not None]
    if not opened:
        raise NotApplicable("no thread was open when the page was reloaded")
    for step, change in opened:
        asked = any(e.op == "threads.get_by_id" and step.holds(e.t) for e in exchanges(recording))
        if not asked and not _never_started(recording, step):
            yield _failure(recording, step, change)


def _thread_before(recording: Recording, step: Step) -> Entry[ComponentEvent] | None:
    """The component's last word on its thread before the reload, if it had one."""
    changes = [
        entry
        for entry in recording.of(ComponentEvent)
        if entry.data.name == "thread.change" and entry.t < step.begin_ms
    ]
    return changes[-1] if changes and changes[-1].data.details.get("threadId") else None


def _never_started(recording: Recording, step: Step) -> bool:
    """Whether the reloaded page never came as far as asking for anything: then it has another problem."""
    return not any(step.holds(entry.t) for entry in recording.of(PageOptions))


def _failure(recording: Recording, step: Step, change: Entry[ComponentEvent]) -> Failure:
    thread_id = str(change.data.details.get("threadId"))
    options = next((e for e in recording.of(PageOptions) if step.holds(e.t)), None)
    given = options.data.given.get("initialThread") if options is not None else None
    misplaced = _misplaced(options)
    how = (
        f"initialThread was given inside {misplaced}, where it has no effect"
        if misplaced
        else "setOptions was called without initialThread"
        if given is None
        else (
            f"setOptions was called with the initialThread {quoted(str(given))}, but the component never "
            "read it"
        )
    )
    evidence = [seen(change, f"the component announces the thread {quoted(thread_id)}")]
    if options is not None:
        evidence.append(seen(options, f"after the reload {how}"))
    evidence.append(absent(step.until_ms, "no threads.get_by_id followed"))
    return Failure(
        tuple(evidence),
        t_ms=step.begin_ms,
        why=f"The thread {quoted(thread_id)} was open; after the reload {how}. ChatKit does not remember "
        "the thread across a reload: it starts a new one.",
        details={"thread": thread_id},
    )


def _misplaced(options: Entry[PageOptions] | None) -> str:
    given = options.data.given if options is not None else {}
    return next((k for k, v in given.items() if isinstance(v, Mapping) and "initialThread" in v), "")


AUDIT = Audit(
    id="thread-not-restored",
    passes="After a reload the page restores its thread.",
    why="ChatKit does not remember the thread across a reload: without initialThread it starts a new one.",
    fix="Save the id from chatkit.thread.change (detail.threadId; in the URL or in localStorage, one per "
    "user), and pass it as the top-level option initialThread when the page loads again.",
    judge=judge,
    needs=(StepBegin, ComponentEvent),
    explains=frozenset({"history-lost"}),
)
