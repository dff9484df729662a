"""When the component takes an answer for a stream, and when it sends the same request again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.component.rules import RULES

EVENT_STREAM: Final = RULES.requests.stream_type


def is_stream(status: int | None, content_type: str) -> bool:
    """Whether an answer is read as a stream. The content type's case counts."""
    is_success = status is not None and 200 <= status < 300
    return is_success and content_type.startswith(RULES.requests.stream_type)


def is_final(status: int) -> bool:
    """Whether a status ends the matter, whatever else the answer holds."""
    return RULES.requests.final_from <= status <= RULES.requests.final_to


def is_retried(status: int | None, content_type: str) -> bool:
    """Whether a streaming request is sent again after this answer: a 5xx, or a success that is not a stream.

    A request without any answer is not.
    """
    return status is not None and not is_stream(status, content_type) and not is_final(status)


def mean_waits_ms() -> Iterator[float]:
    """The wait before each retry, in ms: the middle of what chance makes of it."""
    wait = RULES.requests.first_wait_ms
    mean_part = (1 + RULES.requests.shortest_part) / 2
    for _ in range(RULES.requests.attempts - 1):
        yield min(wait, RULES.requests.longest_wait_ms) * mean_part
        wait *= 2
