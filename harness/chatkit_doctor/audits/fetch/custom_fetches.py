"""The page's own ``api.fetch``: what it was given by the wire, and what it gave to the component."""

from __future__ import annotations

from dataclasses import dataclass

from chatkit_doctor.audits.audit import NotApplicable
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import EVENT_STREAM, Exchange, FetchCall, streams


@dataclass(frozen=True, slots=True, eq=False)
class CustomFetch:
    """The latest call of the page's own fetch for one streaming operation."""

    exchange: Exchange
    call: FetchCall

    @property
    def wire_is_well(self) -> bool:
        """Whether the network had a stream to give, or was not asked at all."""
        last = self.exchange.last
        return last is None or (last.accepted and last.mime == EVENT_STREAM)

    @property
    def wire_failed(self) -> bool:
        """Whether the network itself refused or broke: what the fetch then does is a consequence."""
        last = self.exchange.last
        return last is not None and (last.response is None or not last.accepted)


def custom_fetches(recording: Recording) -> tuple[CustomFetch, ...]:
    """Every streaming operation that went through the page's own fetch. Raises NotApplicable."""
    found = tuple(
        CustomFetch(exchange, call)
        for exchange in streams(recording)
        if (call := exchange.custom) is not None
    )
    if not found:
        raise NotApplicable("the page has no fetch of its own, or it was not used")
    return found
