"""The events of a session's streams as they were received, for programs: the HTML report has more of them."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchange import Exchange
from chatkit_doctor.recording.views.exchanges import streams
from chatkit_doctor.recording.views.told_events import event_name
from chatkit_doctor.report.model import StreamEventModel, StreamModel
from chatkit_doctor.safe_text import clip, one_line, printable

MOST_STREAMS: Final = 50
"""Streams of a session that are told of."""
MOST_EVENTS: Final = 40
"""Events kept of one stream."""
LONGEST: Final = 1_000
"""Characters kept of one event's data."""


def stream_models(recording: Recording) -> list[StreamModel]:
    """What answered the operations that stream, in order."""
    answered = [each for each in streams(recording) if each.received or each.body_text or each.lost_tail]
    return [_stream(exchange) for exchange in answered[:MOST_STREAMS]]


def _stream(exchange: Exchange) -> StreamModel:
    kept = exchange.received[:MOST_EVENTS]
    unread = exchange.lost_tail.data if exchange.lost_tail is not None else exchange.body_text
    return StreamModel(
        op=exchange.op,
        turn=exchange.turn,
        status=exchange.status,
        content_type=exchange.mime,
        events=[
            StreamEventModel(
                n=event.n,
                t_ms=round(event.t, 2),
                name=printable(one_line(event_name(event), 120)),
                data=_shown(event.data),
            )
            for event in kept
        ],
        left_out=len(exchange.received) - len(kept),
        unread=_shown(unread),
    )


def _shown(data: str) -> str:
    return clip(printable(data), LONGEST)
