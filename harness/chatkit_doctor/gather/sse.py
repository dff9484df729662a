"""The events on the wire, as our own parser reads them while they arrive."""

from __future__ import annotations

from collections.abc import Callable

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.protocol.sse import SseEvent, SseParser
from chatkit_doctor.recording.entries import SseParsed
from chatkit_doctor.vocabulary import STREAMING_OPS


class SseGatherer:
    """Writes ``sse.parsed`` for every event of a streaming operation's body."""

    def __init__(self) -> None:
        self._parsers: dict[str, tuple[SseParser, int]] = {}

    async def attach(self, observed: ObservedPage) -> None:
        """Nothing to do: the wire feeds this gatherer."""

    async def finish(self, observed: ObservedPage) -> None:
        """Forget what never ended."""
        self._parsers.clear()

    def feed(
        self, request_id: str, op: str, data: bytes, observed: ObservedPage, *, t: float | None = None
    ) -> None:
        """More bytes of one body."""
        if not data or op not in STREAMING_OPS:
            return
        if request_id not in self._parsers:
            self._parsers[request_id] = (SseParser(), 0)
        self._write(request_id, lambda parser: list(parser.feed(data)), observed, t)

    def end(self, request_id: str, observed: ObservedPage, *, t: float | None = None) -> None:
        """The body is over."""
        if request_id in self._parsers:
            self._write(request_id, lambda parser: list(parser.close()), observed, t)
            del self._parsers[request_id]

    def _write(
        self,
        request_id: str,
        step: Callable[[SseParser], list[SseEvent]],
        observed: ObservedPage,
        t: float | None,
    ) -> None:
        parser, index = self._parsers[request_id]
        for event in step(parser):
            observed.journal.add(
                SseParsed(
                    id=request_id,
                    index=index,
                    event=event.event,
                    data=event.data,
                    at=event.at,
                    terminated=event.terminated,
                ),
                t=t,
            )
            index += 1
        self._parsers[request_id] = (parser, index)
