"""Every operation in four columns: what was asked, what was sent, what was answered, what was handed back.

What the page's own fetch did shows in the differences between the first two and between the last two. What is
not known is ``not-recorded``, and never ``same``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from chatkit_doctor.protocol.payload import json_or_text
from chatkit_doctor.recording.entries import Entry, EntryData, FetchCall, RequestOther, RequestSent
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.differences import Difference
from chatkit_doctor.recording.views.exchange_matching import SLACK_MS
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, PageFetch, exchanges, header
from chatkit_doctor.recording.views.operation_answers import Answer, difference_of
from chatkit_doctor.recording.views.operation_columns import Column, Request, State, column, compared
from chatkit_doctor.recording.views.other_columns import answered_by, sent_by, told_beside
from chatkit_doctor.recording.views.other_requests import Others, named, others_of

Outcome = Literal["same", "changed", "answered-by-page", "nothing-handed-back", "not-recorded"]
"""What the page made of an operation. ``answered-by-page``: it asked nobody, which is a fact and no fault."""

_BY_PAGE: Final = "Answered by the page: it sent no request to the backend"
_NOTHING_ELSE: Final = (
    f"{_BY_PAGE}, and nothing else left the page meanwhile. Shared workers are not observed."
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the component, from its request to what it was given.

    Of several tries it is the latest that anything came of.
    """

    op: str
    turn: int | None
    t_ms: float
    n: int
    """The journal entry it begins with."""
    requests: int
    """Requests that left the browser for it."""
    own_fetch: bool
    """Whether the page's own ``api.fetch`` was called."""
    asked: Column[Request]
    sent: Column[Request]
    answered: Column[Answer]
    handed_back: Column[Answer]
    meanwhile: tuple[str, ...] = ()
    """What the page had under way with the network, where no request for the operation was recognised."""

    @property
    def outcome(self) -> Outcome:
        """What the page made of it."""
        if "different" in {self.sent.state, self.handed_back.state}:
            return "changed"
        if self.sent.state == "none" and self.handed_back.content is not None:
            return "answered-by-page"
        if self.handed_back.state == "none":
            return "nothing-handed-back"
        return "same" if self.sent.state == self.handed_back.state == "same" else "not-recorded"


def operations(recording: Recording) -> tuple[Operation, ...]:
    """Every operation of a session in order of time; none of one that was simulated, without a page."""
    return () if recording.simulated else recording.derive(_operations)


def _operations(recording: Recording) -> tuple[Operation, ...]:
    return tuple(_operation(recording, exchange) for exchange in exchanges(recording) if exchange.op)


def _operation(recording: Recording, exchange: Exchange) -> Operation:
    call = _call(exchange)
    attempt = _attempt(exchange, call)
    asked = _asked(exchange, call)
    inner = _inner(exchange, call) if attempt is None else None
    others = _others(recording, call, asked.content) if attempt is None else Others()
    if others.tells_more:
        inner = None
    if others.asked_by is not None:
        sent = sent_by(asked.content, others.asked_by.data)
    else:
        sent = _sent(recording, asked.content, attempt, inner, call, others)
    if others.answered_by is not None:
        answered = answered_by(others.answered_by.data)
    else:
        answered = _answered(recording, attempt, inner, sent)
    first = exchange.asked or (call.call if call else None) or (attempt.sent if attempt else None)
    return Operation(
        exchange.op,
        exchange.turn,
        exchange.t,
        first.n if first is not None else 0,
        len(exchange.attempts) or int(others.asked_by is not None),
        call is not None and call.custom,
        asked,
        sent,
        answered,
        _handed_back(recording, call, answered, others.answered_by),
        tuple(named(each.data) for each in others.rest) if sent.state == "none" else (),
    )


def _call(exchange: Exchange) -> PageFetch | None:
    """The fetch that the component called, the page's own where it has one: the latest with a result."""
    own = [call for call in exchange.calls if call.custom] or list(exchange.calls)
    done = [call for call in own if call.returned or call.threw or call.unwatched]
    return (done or own)[-1] if own else None


def _attempt(exchange: Exchange, call: PageFetch | None) -> Attempt | None:
    """The network request that was made within a call; without a call or outside it the latest."""
    within = [each for each in exchange.attempts if call is not None and _within(call, each)]
    told = [each for each in within if each.response or each.failed]
    found = told or within
    return found[-1] if found else exchange.last


def _within(call: PageFetch, attempt: Attempt) -> bool:
    over = call.returned or call.threw
    t = attempt.sent.t if attempt.sent is not None else None
    return t is not None and call.call.t - SLACK_MS <= t and (over is None or t <= over.t + SLACK_MS)


def _inner(exchange: Exchange, call: PageFetch | None) -> PageFetch | None:
    """What the page's own fetch called, where its request was not recognised on the network."""
    if call is None or not call.custom:
        return None
    later = (each for each in exchange.calls if not each.custom and each.call.t >= call.call.t - SLACK_MS)
    return next(later, None)


def _others(recording: Recording, call: PageFetch | None, asked: Request | None) -> Others:
    """What the page had under way while its own fetch was called."""
    if call is None or not call.custom:
        return Others()
    return others_of(recording, call.id, asked.body if asked is not None else None, call.body(recording))


def _asked(exchange: Exchange, call: PageFetch | None) -> Column[Request]:
    if exchange.asked is not None:
        data = exchange.asked.data
        headers = data.headers if isinstance(data.headers, Mapping) else None
        known = {str(k): str(v) for k, v in headers.items()} if headers is not None else None
        return Column("shown", Request("POST", data.url, known, json_or_text(data.body)))
    if call is not None:
        note = "Seen where fetch is called; the component's own request was not recorded."
        return Column("shown", _of_call(call.call), note=note)
    return Column("not-recorded", note="The component's own request was not seen.")


def _of_call(call: Entry[FetchCall]) -> Request:
    return Request(call.data.method, call.data.url, None, json_or_text(call.data.body))


def _sent(
    recording: Recording,
    asked: Request | None,
    attempt: Attempt | None,
    inner: PageFetch | None,
    call: PageFetch | None,
    others: Others,
) -> Column[Request]:
    if attempt is not None and attempt.sent is not None:
        data = attempt.sent.data
        note = "Sent by XMLHttpRequest." if data.way == "xhr" else ""
        request = Request(data.method, data.url, data.headers, json_or_text(data.body))
        return compared(asked, request, note)
    if attempt is not None:
        return Column("not-recorded", note="The outgoing request was not seen.")
    if inner is not None:
        note = "Seen where the page calls fetch; the request itself was not recognised on the network."
        return compared(asked, _of_call(inner.call), note)
    if call is None or not call.custom:
        return Column("not-recorded", note="No outgoing request was seen.")
    if not _is_complete(recording, call.call.t, RequestSent, FetchCall, RequestOther):
        return Column("not-recorded", note="A limit of the recording was reached.")
    if call.threw is not None or call.returned is None:
        return Column("none", note=f"No outgoing request was seen.{told_beside(others)}")
    beside = told_beside(others)
    return Column("none", note=f"{_BY_PAGE}.{beside}" if beside else _NOTHING_ELSE)


def _is_complete(recording: Recording, t: float, *types: type[EntryData]) -> bool:
    """Whether no limit had begun to drop entries of these types by then."""
    return all(t < recording.capped.get(type_, t + 1) for type_ in types)


def _answered(
    recording: Recording, attempt: Attempt | None, inner: PageFetch | None, sent: Column[Request]
) -> Column[Answer]:
    if attempt is not None and attempt.response is not None:
        how = {"cut": "The connection broke.", "aborted": "It was aborted.", "open": "It never ended."}
        note = how.get(attempt.how or "", "")
        return Column("shown", _of_wire(recording, attempt), note=note)
    if attempt is not None and attempt.failed is not None:
        failed = attempt.failed.data
        status = f", after status {failed.status}" if failed.status else ""
        return Column("none", note=f"No response: {failed.error or failed.blocked or 'failed'}{status}.")
    if attempt is not None:
        return Column("none", note="No response by the end of the recording.")
    if inner is not None and inner.returned is not None:
        return Column("shown", _of_fetch(recording, inner), note="Seen in the page's own call.")
    if sent.state == "none":
        return Column("none", note="No request was recognised for it.")
    return Column("not-recorded", note="No response was seen on the network.")


def _of_wire(recording: Recording, attempt: Attempt) -> Answer:
    end = attempt.end
    is_cut = end is not None and end.data.body.truncated
    body = attempt.body(recording) if end is not None else None
    if not body and attempt.size:
        body = None
    content_type = header(attempt.response, "content-type")
    return Answer(attempt.status, content_type, body, attempt.how == "finished", is_cut)


def _of_fetch(recording: Recording, call: PageFetch) -> Answer:
    end, returned = call.end, call.returned
    content_type = (returned.data.content_type or "") if returned is not None else ""
    if end is None:
        return Answer(call.status, content_type, None, is_over=False, is_cut=False)
    # A probe keeps less of a very long body than there was of it.
    is_cut = end.data.body.truncated or end.data.body.bytes < end.data.size
    body = call.body(recording) or (None if end.data.size else b"")
    return Answer(call.status, content_type, body, end.data.how == "finished", is_cut)


def _handed_back(
    recording: Recording,
    call: PageFetch | None,
    answered: Column[Answer],
    other: Entry[RequestOther] | None,
) -> Column[Answer]:
    if call is None:
        return Column("not-recorded", note="No call of fetch was seen.")
    if call.threw is not None:
        return Column("none", note=f"It was rejected: {call.threw.data.error}")
    if call.returned is None:
        if call.unwatched is not None:
            return Column("not-recorded", note=f"It could not be observed: {call.unwatched.data.error}")
        return Column("none", note="Nothing by the end of the recording.")
    came, given = answered.content, _of_fetch(recording, call)
    if call.returned.data.what != "response":
        what = call.returned.data.what
        return Column("different", differences=(Difference("value", "a Response", what),))
    is_put_together = other is not None and other.data.way == "websocket" and came is not None
    if is_put_together or (came is None and answered.state == "none" and call.custom):
        note = "Assembled by the page from incoming messages." if is_put_together else ""
        return Column("shown", given, note=note)
    if came is None:
        return Column("not-recorded", given, note="There is nothing to compare it with.")
    used = call.returned.data.body_used
    found = [Difference("body", "unread", "read before it was returned")] if used else []
    differing, unknown = difference_of(came, given)
    return column(given, [*found, *differing], "" if used else unknown, is_known=not unknown or bool(used))


__all__ = ["Answer", "Column", "Operation", "Outcome", "Request", "State", "operations"]
