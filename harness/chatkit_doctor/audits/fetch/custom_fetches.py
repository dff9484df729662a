"""The page's own ``api.fetch``: what it was given by the wire, and what it gave to the component."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatkit_doctor.audits.audit import NotApplicable, NotTestable
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, PageFetch, streams


@dataclass(frozen=True, slots=True, eq=False)
class CustomFetch:
    """The latest call of the page's own fetch for one streaming operation."""

    exchange: Exchange
    call: PageFetch

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


def custom_fetches(recording: Recording) -> Iterator[CustomFetch]:
    """Every streaming operation that went through the page's own fetch, where it is known what came of it.

    Raises NotApplicable when there is none, and at the end NotTestable when one could not be watched.
    """
    return _known(recording, lambda call: call.unwatched is None or call.returned is not None)


def bodies_handed_over(recording: Recording) -> Iterator[CustomFetch]:
    """The same for those whose body could be watched while the component read it."""
    return _known(recording, lambda call: call.unwatched is None)


def _known(recording: Recording, is_known: Callable[[PageFetch], bool]) -> Iterator[CustomFetch]:
    found = [CustomFetch(exchange, call) for exchange in streams(recording) if (call := exchange.custom)]
    if not found:
        raise NotApplicable("the page has no custom fetch, or it was not used")
    blind = ""
    for custom in found:
        unwatched = custom.call.unwatched
        if is_known(custom.call) or unwatched is None:
            yield custom
        else:
            blind = unwatched.data.error
    if blind:
        raise NotTestable(f"the return value of the page's fetch could not be observed: {blind}")
