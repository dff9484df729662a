"""The client tools that a backend asks the page to run, and what has become of each call."""

from __future__ import annotations

import math

from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import read_payload
from chatkit_doctor.recording.entries import (
    AnyEntry,
    ComponentError,
    ComponentEvent,
    RequestSent,
    SseParsed,
    SsePosted,
)


class ToolCalls:
    """Counts calls and outputs, entry by entry.

    The component ends the response first, and sends the output when the page's handler has finished:
    the turn goes on with a stream of its own.
    """

    def __init__(self) -> None:
        self.outputs = 0
        """How many requests have brought one to the backend."""
        self._calls: dict[str, float] = {}
        """When each came, by its id."""
        self._refused_ms = -math.inf
        """When the component last reported an error: it does where the page has no handler."""

    @property
    def calls(self) -> int:
        """How many have come."""
        return len(self._calls)

    @property
    def is_refused(self) -> bool:
        """Whether the component has refused the latest."""
        return self._refused_ms >= max(self._calls.values(), default=math.inf) - 1

    def on_entry(self, t: float, entry: AnyEntry) -> None:
        """Take notice of an entry of the journal."""
        match entry:
            case SseParsed(data=data) | SsePosted(data=data) if "client_tool_call" in data:
                self._event(t, data)
            case RequestSent(op="threads.add_client_tool_output"):
                self.outputs += 1
            case ComponentError() | ComponentEvent(name="error"):
                self._refused_ms = t

    def _event(self, t: float, data: str) -> None:
        event = read_payload(data).value or {}
        item = member(event, "item")
        call = str(item.get("id"))
        is_pending = item.get("status", "pending") == "pending"
        if type_of(event) == "thread.item.done" and type_of(item) == "client_tool_call" and is_pending:
            # Heard of twice, on the wire and in the frame, in any order.
            self._calls[call] = min(t, self._calls.get(call, t))
