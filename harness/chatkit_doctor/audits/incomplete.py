"""What an answer is worth where not all of a session was recorded: it broke off, or a limit dropped entries.

What was seen before stands. What came later, or never, was not seen, and is nobody's fault.
"""

from __future__ import annotations

import math
from dataclasses import replace

from chatkit_doctor.audits.audit import Failure, Finding, Status
from chatkit_doctor.recording.entries import (
    AnyEntry,
    FrameAsset,
    FrameDocument,
    PageScript,
    RequestFailed,
    SessionBrokeOff,
    StepBegin,
    StepEnd,
    WireEnd,
)
from chatkit_doctor.recording.entries.session import SessionEntry
from chatkit_doctor.recording.reader import Recording


def as_far_as_recorded(finding: Finding, since: float, kind: str) -> Finding:
    """The same answer where a limit dropped what the audit read, from a time (ms) on; nothing passes."""
    if finding.status not in {Status.PASSED, Status.FAILED}:
        return finding
    note = f"a recording limit dropped {kind} from {since:.0f} ms on"
    known = tuple(each for each in finding.failures if _is_before(each, since))
    return Finding(finding.audit, Status.FAILED if known else Status.NOT_TESTABLE, known, note)


def as_far_as_it_came(finding: Finding, recording: Recording) -> Finding:
    """The same answer where the session broke off: what it was not there to see is not judged."""
    if finding.status is not Status.FAILED:
        return finding
    until = heard_until(recording)
    waited_until = min(until, _cut_short_since(recording))
    known = tuple(each for each in finding.failures if _was_seen(each, until, waited_until))
    if len(known) == len(finding.failures):
        return finding
    note = f"the session broke off: nothing after {until:.0f} ms says anything about the backend or the page"
    return replace(finding, status=Status.FAILED if known else Status.NOT_TESTABLE, failures=known, note=note)


def heard_until(recording: Recording) -> float:
    """Until when (ms) what was recorded of a session that broke off tells of the backend and the page.

    That its steps reach their limits is no news of them: nobody may have been there to see how they end.
    """
    last = max((e.t for e in recording.entries if not _is_own(e.data)), default=0.0)
    broke_off = recording.last(SessionBrokeOff)
    if broke_off is None or not broke_off.data.network_lost:
        return last
    # The first of them may be what the browser lost.
    failed = (e.t for e in recording.entries if _has_failed(e.data))
    return min(failed, default=last)


def _is_own(entry: AnyEntry) -> bool:
    """Whether an entry reports this program alone: its steps, and bodies that it waited for no longer."""
    return isinstance(entry, SessionEntry) or (isinstance(entry, WireEnd) and entry.how == "open")


def _has_failed(entry: AnyEntry) -> bool:
    """Whether a request of the page or of the component came to no good end."""
    match entry:
        case RequestFailed():
            return True
        case WireEnd(how=how):
            return how not in {"finished", "open"}
        case PageScript(state="failed"):
            return True
        case FrameDocument(error=error) | FrameAsset(error=error):
            return bool(error)
        case _:
            return False


def _cut_short_since(recording: Recording) -> float:
    """When the step began that did not end; what it lacks may have been on its way."""
    begun = recording.last(StepBegin)
    if begun is None:
        return 0.0
    settled = (e.data.index for e in recording.of(StepEnd) if e.data.outcome == "settled")
    return math.inf if begun.data.index in settled else begun.t


def _was_seen(failure: Failure, until: float, waited_until: float) -> bool:
    """Whether a failure is based on what was seen: on what came, and on what did not come before the
    break."""
    return bool(failure.evidence) and all(
        each.t_ms < waited_until if each.n == 0 else each.t_ms <= until for each in failure.evidence
    )


def _is_before(failure: Failure, t_ms: float) -> bool:
    times = [evidence.t_ms for evidence in failure.evidence]
    times += [] if failure.t_ms is None else [failure.t_ms]
    return bool(times) and max(times) < t_ms
