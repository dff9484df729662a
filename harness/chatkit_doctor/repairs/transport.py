"""Repairs of how an answer comes over the network: its headers, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.streams import each_call, was_accepted


def _labelled(call: Call) -> Call:
    """The answer to a streaming operation with the content type of a stream.

    The component breaks such a body off as soon as it has seen the headers, and would not have otherwise.
    """
    if not was_accepted(call) or is_stream(call):
        return call
    how = "finished" if call.how == "aborted" else call.how
    return replace(call, headers={**call.headers, "content-type": EVENT_STREAM}, how=how)


def _ended(call: Call) -> Call:
    """A stream that ends behind its last event."""
    is_open = was_accepted(call) and call.how == "open" and bool(call.chunks)
    return replace(call, how="finished", ended_ms=call.chunks[-1].t_ms) if is_open else call


REPAIRS: Final = (
    Repair(
        "wrong-content-type",
        f"labels the answer to each streaming operation `{EVENT_STREAM}`.",
        each_call(_labelled),
    ),
    Repair(
        "stream-never-ends",
        "ends each stream behind its last event.",
        each_call(_ended),
    ),
)
"""The repairs of this module."""
