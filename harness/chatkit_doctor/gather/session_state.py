"""The state picture of a session: what the driver waits on. Fed by the journal, never by polling the page."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from chatkit_doctor.recording.journal import Clock
from chatkit_doctor.vocabulary import STREAMING_OPS, TURN_OPS


class BrokeOff(Exception):  # noqa: N818 - an outcome that is recorded, not a defect
    """The session cannot go on; the argument says why."""


VISIBLE: Final = frozenset(
    {
        "dom.state",
        "dom.stall",
        "page.element",
        "page.call",
        "page.options",
        "frame.document",
        "frame.detached",
    }
)
"""Kinds of entries after which the page may look different."""


class SessionState:
    """Counts and latest states, updated with every journal entry on the session's event loop."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.view = "absent"
        self.responding = False
        self.composer = False
        self.open_streams = 0
        """Streaming operations that were sent and whose body has not ended."""
        self.reply_shown = False
        """Whether the newest turn shows anything of the assistant's."""
        self._painted_view = "absent"
        self._painted: frozenset[int] = frozenset()
        self.last_dom_change = 0.0
        self.last_visible_change = 0.0
        """When anything last happened that can change what a picture of the page shows."""
        self.vanished: Callable[[], None] = lambda: None
        """Called when something that was shown is gone."""
        self.counts: Counter[str] = Counter()
        self.loads_thread = False
        """Whether the page's options name a thread to begin with."""
        self._broken: str | None = None
        self._news = asyncio.Event()

    def on_entry(self, t: float, kind: str, data: Mapping[str, object]) -> None:
        """Journal listener."""
        self.counts[kind] += 1
        if kind in VISIBLE:
            self.last_visible_change = max(self.last_visible_change, t)
        if data.get("op") in STREAMING_OPS:
            self.open_streams += {"request.sent": 1, "wire.end": -1, "request.failed": -1}.get(kind, 0)
        if kind == "component.event":
            self.counts[f"event:{data.get('name')}"] += 1
        elif kind == "page.options":
            self.loads_thread = bool(_thread_named_in(data))
        elif kind in {"request.asked", "request.sent"} and data.get("op") in TURN_OPS:
            self.counts["turn-request"] += 1
        elif kind == "dom.state":
            self._dom(t, data)
        self._news.set()

    def broke_off(self, reason: str) -> None:
        """Make every present and future wait fail with this reason; the first reason stays."""
        self._broken = self._broken or reason
        self._news.set()

    @property
    def broken(self) -> str | None:
        """Why the session cannot go on, if it cannot."""
        return self._broken

    async def until(self, condition: Callable[[], bool], limit_ms: float) -> bool:
        """Wait until the condition holds; False when the limit came first. Raises BrokeOff."""
        deadline = self.clock.now() + limit_ms
        while True:
            if self._broken is not None:
                raise BrokeOff(self._broken)
            if condition():
                return True
            if not await self._next(deadline - self.clock.now()):
                return condition()

    async def quiet(self, quiet_ms: float, limit_ms: float) -> bool:
        """Wait until the transcript has not changed for so long; False when the limit came first."""
        start = self.clock.now()
        deadline = start + limit_ms
        while True:
            if self._broken is not None:
                raise BrokeOff(self._broken)
            now = self.clock.now()
            calm_at = max(self.last_dom_change, start) + quiet_ms
            if now >= calm_at:
                return True
            if now >= deadline:
                return False
            await self._next(min(calm_at, deadline) - now)

    async def _next(self, wait_ms: float) -> bool:
        """Wait for news; False when the time ran out without any."""
        if wait_ms <= 0:
            return False
        self._news.clear()
        try:
            # Not wait_for: before Python 3.12 it can swallow a Ctrl-C that comes together with the news.
            async with asyncio.timeout(wait_ms / 1000):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _dom(self, t: float, data: Mapping[str, object]) -> None:
        view = str(data.get("view"))
        items = cast("list[dict[str, Any]]", data.get("items") or [])
        self.last_dom_change = max(self.last_dom_change, t)
        self.view = view
        self.responding = bool(data.get("responding"))
        self.composer = bool(data.get("composer"))
        newest = items[-1] if items else {}
        self.reply_shown = newest.get("turn") == "assistant" and bool(newest.get("shown"))
        if data.get("by") == "frame":
            # Only what was painted can vanish from the screen.
            painted = frozenset(int(item["key"]) for item in items if item["shown"])
            gone = self._painted - painted or (self._painted_view == "thread" and view != "thread")
            self._painted_view, self._painted = view, painted
            if gone:
                self.vanished()


def _thread_named_in(data: Mapping[str, object]) -> object:
    options = data.get("options")
    return options.get("initialThread") if isinstance(options, Mapping) else None
