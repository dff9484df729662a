"""Whether the page's own fetch passed the stream on while it came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.fetch.custom_fetches import bodies_handed_over
from chatkit_doctor.recording.entries import WireChunk
from chatkit_doctor.recording.reader import Recording

LIVE_MS: Final = 400.0
"""How long the wire must have taken over the body for a difference to be felt."""
BURST_MS: Final = 100.0
"""A body handed over within this time is handed over at once."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream that came in pieces and was handed over at once after its last."""
    for custom in bodies_handed_over(recording):
        last = custom.exchange.last
        wire = [chunk for chunk in last.chunks if chunk.data.size > 0] if last is not None else []
        handed = [chunk for chunk in custom.call.chunks if chunk.data.size > 0]
        if len(wire) < 2 or not handed or not custom.wire_is_well:
            continue
        took, late = wire[-1].t - wire[0].t, handed[0].t - wire[0].t
        if took >= LIVE_MS and late >= took - BURST_MS and handed[-1].t - handed[0].t <= BURST_MS:
            yield Failure(
                (
                    seen(wire[0], "the wire delivers the first bytes"),
                    seen(handed[0], f"{late:.0f} ms later the component gets its first"),
                ),
                turn=custom.exchange.turn,
                t_ms=handed[0].t,
                why=f"The wire delivered the stream in {len(wire)} pieces over {took:.0f} ms; "
                f"options.api.fetch passed it on in {len(handed)}, {late:.0f} ms after the first bytes "
                "arrived. Nothing is lost, but the user sees nothing until everything has arrived.",
                details={"wire_chunks": len(wire), "handed_chunks": len(handed), "late_ms": round(late)},
            )


AUDIT = Audit(
    id="fetch-buffered-stream",
    passes="The page's fetch passed the stream on as it arrived.",
    why="options.api.fetch waited for the whole body and returned it in one piece.",
    fix="Return fetch's Response immediately, with its original body; do not await text(), json() or "
    "arrayBuffer().",
    judge=judge,
    needs=(WireChunk,),
    explains=frozenset({"reply-not-live"}),
)
