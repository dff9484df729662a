"""Whether the page itself emptied the view."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.streams import reached
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.component.transcript import Playback
from chatkit_doctor.recording.entries import DomState, Entry, PageCall, PageElement, PageOptions
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams
from chatkit_doctor.recording.views.timeline import State, Timeline, timeline

REACTION_MS: Final = 2_000.0
"""How long after the call the view may take to follow: ``fetchUpdates`` reads the thread first."""

SETTING_OFF_MS: Final = 100.0
"""How long after ``response.start`` the request for it leaves, at the most."""

PageDoes = PageCall | PageOptions | PageElement
"""What a page does with the element."""

_LOADS: Final = frozenset({"open", "reload"})
"""Steps with which a page restarts."""
_RESETTING: Final = frozenset({"setThreadId", "fetchUpdates"})


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each call of the page that took away confirmed messages, or a turn that was running."""
    line = recording.derive(timeline)
    documents = _documents(recording, line)
    calls = list(_calls(recording, documents))
    if not calls:
        raise NotApplicable("the page made no call that could empty the view")
    for call in calls:
        after = _emptied(recording, line, call, documents) or _interrupted(recording, line, call)
        if after is not None:
            yield _failure(call, after)


def _documents(recording: Recording, line: Timeline) -> list[float]:
    """When documents began, in ms: by a step, or where the page loaded another one by itself.

    Each document defines the element anew. When its answer came, and that the old frame is gone, is told late
    on a busy machine.
    """
    defined = [e.t for e in recording.of(PageElement) if e.data.state == "defined"]
    return [*(step.begin_ms for step in line.steps if step.do in _LOADS), *defined[1:]]


def _calls(recording: Recording, documents: list[float]) -> Iterator[Entry[PageDoes]]:
    documents_with_options: set[int] = set()
    for entry in recording.of(PageCall, PageOptions, PageElement):
        match entry.data:
            case PageCall(method=method):
                if method in _RESETTING:
                    yield entry
            case PageElement(state=state):
                if state == "disconnected":
                    # The next element starts with its own first options: it is another one, another cause.
                    documents_with_options.clear()
            case PageOptions():
                document = sum(begin <= entry.t for begin in documents)
                if document in documents_with_options:
                    yield entry  # The first one starts the chat; only a later one can take something away.
                documents_with_options.add(document)


def _emptied(
    recording: Recording, line: Timeline, call: Entry[PageDoes], documents: list[float]
) -> State | None:
    before = line.before(call.t)
    loaded = max((begin for begin in documents if begin <= call.t), default=0.0)
    # What was on screen before a reload is gone with it, and not by what the page calls then.
    if before is None or not before.shown or before.t < loaded:
        return None
    confirmed = min(len(before.shown), _confirmed(recording, call.t))
    nearest = [step.begin_ms for step in line.steps if step.begin_ms > call.t and step.do != "call"]
    until = min([call.t + REACTION_MS, *nearest])
    later = line.between(call.t, until)
    return next((s for s in later if len(s.shown) < confirmed), None)


def _interrupted(recording: Recording, line: Timeline, call: Entry[PageDoes]) -> State | None:
    """The state in which a turn was left by a call for another thread while its stream was running."""
    turn = next((turn for turn in line.turns if turn.holds(call.t)), None)
    if turn is None or not isinstance(call.data, PageCall) or call.data.method != "setThreadId":
        return None
    mine = [exchange for exchange in streams(recording) if exchange.turn == turn.turn]
    if not any(_is_running(exchange, call.t) for exchange in mine):
        return None
    # A message that is removed before anything was painted leaves the screen as it was before.
    last = line.before(turn.until_ms)
    return last if last is not None and not last.shown else None


def _is_running(exchange: Exchange, t: float) -> bool:
    end = exchange.last.end if exchange.last is not None else None
    # The page learns of a response before the request for it is on its way.
    return exchange.t <= t + SETTING_OFF_MS and (end is None or end.t > t)


def _confirmed(recording: Recording, t: float) -> int:
    """How many messages the backend's events had confirmed by then: the rest goes by itself, as it must."""
    playback = Playback()
    for stream in reached(recording):
        events = [event for event in stream.events if event.received.t <= t]
        if events:
            playback.begin(new_thread=stream.new_thread)
            for event in events:
                playback.apply(event.value)
    return len(playback.transcript().items)


def _failure(call: Entry[PageDoes], after: State) -> Failure:
    what = "setOptions again"
    if isinstance(call.data, PageCall):
        what = f"{call.data.method}({', '.join(json.dumps(value) for value in call.data.args)})"
    shown, later_ms = len(after.shown), max(0.0, after.t - call.t)
    return Failure(
        (
            seen(call, f"the page calls {what}"),
            Evidence(
                after.n, call.t + later_ms, f"{shown} messages remain on screen, the view is {after.view}"
            ),
        ),
        t_ms=call.t,
        why=f"The page called {quoted(what)}; {later_ms:.0f} ms later, messages that the backend had "
        "confirmed, or was about to confirm, were gone.",
        details={"call": what, "left": shown, "view": after.view},
    )


AUDIT = Audit(
    id="app-reset-thread",
    passes="The page did not empty the view.",
    why="A call made by the page removed messages that the backend had confirmed.",
    fix="Call setThreadId only to switch threads, and fetchUpdates only once threads.get_by_id returns "
    "everything that was streamed. setOptions replaces every option: pass all of them, initialThread "
    "included, and do not call it on every render.",
    judge=judge,
    needs=(DomState,),
    explains=frozenset(
        {
            "start-screen-returned",
            "blank-panel",
            "user-message-vanished",
            "user-message-missing",
            "reply-vanished",
            "reply-missing",
        }
    ),
)
