"""Which answers are streams, and which are requested again."""

from __future__ import annotations

import pytest

from chatkit_doctor.component.retry import is_retried, is_stream


@pytest.mark.parametrize(
    ("status", "content_type", "stream", "retried"),
    [
        (200, "text/event-stream", True, False),
        (200, "text/event-stream; charset=utf-8", True, False),
        (200, "Text/Event-Stream", False, True),
        (200, "application/json", False, True),
        (204, "", False, True),
        (302, "text/html", False, True),
        (400, "text/event-stream", False, False),
        (429, "application/json", False, False),
        (499, "", False, False),
        (500, "text/event-stream", False, True),
        (503, "", False, True),
        (None, "", False, False),
    ],
)
def test_an_answer_is_a_stream_or_asked_for_again_or_final(
    status: int | None, content_type: str, stream: bool, retried: bool
) -> None:
    assert (is_stream(status, content_type), is_retried(status, content_type)) == (stream, retried)
