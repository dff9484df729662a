"""Whether a thread can be read back in a shape the component understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.responses import excerpts, hidden_error, rewriting, what_it_says
from chatkit_doctor.audits.wording import listed, quoted
from chatkit_doctor.component.strictness import Violation, page_violations, thread_violations
from chatkit_doctor.protocol.payload import as_object
from chatkit_doctor.protocol.told_errors import told_error
from chatkit_doctor.recording.entries import Entry, EntryData
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges

_READS = frozenset({"threads.get_by_id", "items.list"})
_UNANSWERED: Final = (
    "{op} got no response: check the log of the backend, and of any proxy in front of it, for this request."
)
_CREDENTIALS: Final = (
    "Send {op} with the same credentials as the messages, and let users read their own threads."
)
_GONE: Final = (
    "The thread does not exist: store threads where they survive a restart and every worker sees them. When "
    "a saved thread is gone, discard its id in the page."
)
_REFUSALS: Final = {401: _CREDENTIALS, 403: _CREDENTIALS, 404: _GONE, 410: _GONE}
_REWRITTEN: Final = (
    "In options.api.fetch pass {op} on unchanged and only add headers: the backend can return a thread only "
    "if it receives the request for it."
)
_NOT_HANDLED: Final = (
    "Handle {op} at the same URL as the messages: ChatKitServer.process() does this automatically."
)
_BROKE_DOWN: Final = (
    "The backend failed on {op}: its log has the exception. Then check its store (load_thread, "
    "load_thread_items): common failures are mixing times with and without a time zone, and storing a whole "
    "Thread where ThreadMetadata belongs."
)
_MIXED_TIMES: Final = (
    "The store mixes times with and without a time zone, which Python cannot compare: write every created_at "
    "with a zone (datetime.now(UTC)), and add one to those stored without."
)
_WHOLE_THREADS: Final = (
    "The store keeps a whole Thread where ThreadMetadata belongs: omit the items in save_thread (store them "
    "separately), and return ThreadMetadata from load_thread."
)
_BREAKDOWNS: Final = (
    (re.compile("offset-naive and offset-aware"), _MIXED_TIMES),
    (re.compile("multiple values for keyword argument 'items'"), _WHOLE_THREADS),
)
"""Exceptions that stores were seen to raise, in Python's words, and what to do about each."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each reading that was refused, or answered with something other than a thread."""
    reads = [exchange for exchange in exchanges(recording) if exchange.op in _READS]
    if not reads:
        raise NotApplicable("no thread was read")
    for exchange in reads:
        if found := _problem(recording, exchange):
            yield _failure(recording, exchange, *found)


def _problem(recording: Recording, exchange: Exchange) -> tuple[str, str] | None:
    """What is wrong, and the JSON path where it is; None when the component can read the answer."""
    last = exchange.last
    if exchange.status is None:
        return _unanswered(last) if last is not None else None
    if exchange.status >= 400:
        return f"it was answered with {exchange.status}", ""
    if last is not None and not last.body(recording) and (last.size or last.how in {None, "open", "aborted"}):
        return None  # The body was not recorded, or was still to come: nothing can be said about it.
    try:
        answer = exchange.answer(recording)
    except ValueError as error:
        return f"the answer is not JSON ({error})", ""
    check = thread_violations if exchange.op == "threads.get_by_id" else page_violations
    harmful = [violation for violation in check(answer) if not violation.tolerated]
    return (_words(harmful), harmful[0].problem.path) if harmful else None


def _unanswered(last: Attempt) -> tuple[str, str] | None:
    """Why the component got no answer, where that reports the thread."""
    failed = last.failed
    if failed is None or failed.data.aborted:
        return None  # The page was left, or the session over: nobody waited for it any more.
    if status := hidden_error(last):
        return f"it was answered with {status}, without the CORS headers that would let the page see it", ""
    if failed.data.blocked or failed.data.cors.strip():
        return None  # The browser let nothing through: whether a thread could be read is not known.
    return f"it failed ({failed.data.error})", ""


def _words(violations: list[Violation]) -> str:
    first = violations[0].problem
    what = "is missing" if first.found == "nothing" else f"is {first.found}"
    place = first.path or "the answer"
    wanted = f", but the component expects {first.allowed}" if first.allowed else ""
    others = listed(violation.problem.path for violation in violations[1:])
    rest = f" (likewise: {others})" if others else ""
    consequence = violations[0].consequence or "the component's reaction to it is unknown"
    return f"{place} {what}{wanted}{rest}; {consequence}"


def _fix(recording: Recording, exchange: Exchange) -> str:
    """What to do about an answer that is none; empty where only its shape is wrong."""
    status = _status(exchange)
    if rewriting(exchange) and status not in {401, 403}:
        return _REWRITTEN.format(op=exchange.op)
    if status is None or status < 400:
        return "" if status is not None else _UNANSWERED.format(op=exchange.op)
    if status < 500:
        return _REFUSALS.get(status, _NOT_HANDLED).format(op=exchange.op)
    said = " ".join(excerpts(recording, exchange))
    known = next((fix for pattern, fix in _BREAKDOWNS if pattern.search(said)), _BROKE_DOWN)
    return known.format(op=exchange.op)


def _status(exchange: Exchange) -> int | None:
    """The status it was answered with, be it one that the page could not see."""
    hidden = hidden_error(exchange.last) if exchange.last is not None else 0
    return exchange.status or hidden or None


def _failure(recording: Recording, exchange: Exchange, what: str, path: str) -> Failure:
    last = exchange.last
    entry: Entry[EntryData] | None = (last.response or last.failed or last.sent) if last is not None else None
    entry = entry or (exchange.custom.returned if exchange.custom is not None else None) or exchange.asked
    said = f"{exchange.op}: {what}"
    changed = rewriting(exchange)
    rewritten = f" The page's own fetch changed the {listed(changed)} of the request." if changed else ""
    evidence = seen(entry, said) if entry is not None else Evidence(0, exchange.t, said)
    return Failure(
        (evidence,),
        turn=exchange.turn,
        t_ms=exchange.t,
        why=f"The component requested the thread with {exchange.op}, and {what}.{rewritten}"
        f"{_told(recording, exchange, path)} It cannot read the thread, so it reports "
        f"{quoted('InitialThreadLoadError')} and shows the start screen.",
        fix=_fix(recording, exchange),
        details={"op": exchange.op, "status": _status(exchange) or 0, "path": path},
    )


def _told(recording: Recording, exchange: Exchange, path: str) -> str:
    """What the answer says. Of one that is JSON of a wrong shape, only what it reports an error."""
    if not path:
        return what_it_says(recording, exchange)
    try:
        said = told_error(as_object(exchange.answer(recording)))
    except ValueError:
        return ""
    return f" It says: {quoted(said)}." if said else ""


AUDIT = Audit(
    id="thread-read-failed",
    passes="Threads can be read back.",
    why="The component could not read its thread: it reports InitialThreadLoadError and shows the start "
    "screen.",
    fix="Answer threads.get_by_id with the thread itself as application/json: {id, created_at, status, "
    "items: {data: [items], has_more, after?}}, items as they were streamed, including annotations and "
    "attachments; items.list with {data, has_more, after?}. When a saved thread is gone, discard its id in "
    "the page.",
    judge=judge,
    explains=frozenset(
        {
            "history-lost",
            "history-altered",
            "error-shown",
            "start-screen-returned",
            "blank-panel",
            "turn-crashed",
            "user-message-vanished",
            "reply-vanished",
        }
    ),
)
