"""Everything that watches one page."""

from __future__ import annotations

from dataclasses import dataclass

from chatkit_doctor.gather.console import ConsoleGatherer
from chatkit_doctor.gather.document import DocumentGatherer
from chatkit_doctor.gather.film import FilmGatherer
from chatkit_doctor.gather.frame import FrameGatherer
from chatkit_doctor.gather.hosted import HostedGatherer
from chatkit_doctor.gather.observed_page import Gatherer
from chatkit_doctor.gather.other_requests import OtherRequestsGatherer
from chatkit_doctor.gather.paint import PaintGatherer
from chatkit_doctor.gather.probes import ProbeChannel, ProbeGatherer
from chatkit_doctor.gather.sse import SseGatherer
from chatkit_doctor.gather.tee import TeeGatherer
from chatkit_doctor.gather.wire import WireGatherer


@dataclass(frozen=True, slots=True)
class Gatherers:
    """Everything that watches one page; some of it the driver asks for pictures and measurements."""

    document: DocumentGatherer
    paint: PaintGatherer
    all: tuple[Gatherer, ...]

    @classmethod
    def make(cls, channel: ProbeChannel, *, has_devtools: bool, film: bool = True) -> Gatherers:
        """One of each, for a browser with or without the DevTools protocol, which a ``film`` needs."""
        document, sse = DocumentGatherer(), SseGatherer()
        paint = PaintGatherer(at_vanishing=not has_devtools)
        wire = WireGatherer(sse) if has_devtools else TeeGatherer(sse)
        # The probes finish first: what they still hold belongs before the summaries of the others, and
        # the film is cut by it.
        return cls(
            document,
            paint,
            (
                ProbeGatherer(channel),
                document,
                FrameGatherer(),
                HostedGatherer(),
                ConsoleGatherer(),
                wire,
                sse,
                OtherRequestsGatherer(),
                paint,
                *([FilmGatherer()] if film and has_devtools else []),
            ),
        )
