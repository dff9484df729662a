"""How much a repair changes."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.repairs.streams import events_of
from chatkit_doctor.vocabulary import STREAMING_OPS


def size_of_change(before: Conversation, after: Conversation) -> int:
    """The events that are only in one of two conversations, and what differs of their answers besides."""
    pairs = zip_longest(before.calls, after.calls)
    return sum(_between(one, other) for one, other in pairs if one is not other and one != other)


def _between(one: Call | None, other: Call | None) -> int:
    if one is None or other is None:
        return 1
    differs = (one.status, one.headers, one.how) != (other.status, other.headers, other.how)
    if one.op not in STREAMING_OPS:
        return 1
    left, right = (Counter(event.data for event in events_of(call)) for call in (one, other))
    return int(differs) + (left - right).total() + (right - left).total()
