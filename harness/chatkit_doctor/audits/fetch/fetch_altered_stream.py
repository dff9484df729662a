"""Whether the page's own fetch handed over what the wire had brought."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.fetch.custom_fetches import CustomFetch, bodies_handed_over
from chatkit_doctor.audits.wording import counted
from chatkit_doctor.protocol.dialects import Frame, recognise
from chatkit_doctor.protocol.payload import read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.entries import Entry, FetchEnd, WireEnd
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import header


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream of ChatKit events that the page's fetch passed on with less or other content.

    A page that translates another protocol into ChatKit's does so on purpose; what it makes of it is judged
    by the audits of what the component got.
    """
    for custom in bodies_handed_over(recording):
        last, end = custom.exchange.last, custom.call.end
        if last is None or last.end is None or end is None or not custom.wire_is_well:
            continue
        # Whoever stops reading, the user or the component, has a right to less than everything.
        if last.how == "finished" and end.data.how == "finished" and _differs(recording, custom, end):
            yield _failure(custom, last.end, end)


def _differs(recording: Recording, custom: CustomFetch, end: Entry[FetchEnd]) -> bool:
    last = custom.exchange.last
    if last is None:
        return False
    brought, given = last.body(recording), custom.call.body(recording)
    as_long = end.data.size == last.size and not header(last.response, "content-encoding")
    if as_long and (brought == given or not (brought and given)):
        return False
    wire, handed = _payloads(brought), _payloads(given)
    if not wire:
        # No body was recorded to compare: sizes tell only where the wire's is not that of a compressed body.
        return not handed and not header(last.response, "content-encoding")
    if _is_partial(end.data):
        wire = wire[: len(handed)]
        wire, handed = wire[:-1], handed[:-1]
    return wire != handed and _is_chatkit(wire)


def _is_partial(end: FetchEnd) -> bool:
    """Whether only the beginning of what was handed over was recorded."""
    return end.body.truncated or end.body.bytes < end.size


def _payloads(body: bytes) -> list[str]:
    """The data of every event: how it is framed is nobody's business as long as it says the same."""
    events, _ = parse(body)
    return [event.data for event in events if event.data.strip()]


def _is_chatkit(payloads: list[str]) -> bool:
    values = [read_payload(data).value for data in payloads]
    return recognise([Frame("", "", dict(value)) for value in values if value is not None]) is None


def _failure(custom: CustomFetch, wire: Entry[WireEnd], end: Entry[FetchEnd]) -> Failure:
    brought, handed = wire.data.size, end.data.size
    events = counted(len(custom.exchange.received), "event")
    return Failure(
        (
            seen(wire, f"the wire delivered {brought} bytes"),
            seen(end, f"the component received {handed} bytes"),
        ),
        turn=custom.exchange.turn,
        t_ms=end.t,
        why=f"The wire delivered {brought} bytes, but options.api.fetch returned {handed} with different "
        f"content: {events} reached the component. It never sees what was changed or dropped on the way.",
        details={"wire_bytes": brought, "handed_bytes": handed},
    )


AUDIT = Audit(
    id="fetch-altered-stream",
    passes="The page's fetch returned exactly what the wire delivered.",
    why="options.api.fetch returned fewer or different events than the wire delivered.",
    fix="Return fetch's Response unchanged. A transform must pass on every byte it does not mean to "
    "change, including what is left in its buffer at the end.",
    judge=judge,
    explains=EVENTS_LOST,
)
