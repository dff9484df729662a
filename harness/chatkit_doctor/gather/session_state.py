"""The state picture of a session: what the driver waits on. Fed by the journal, never by polling the page."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, Literal

from chatkit_doctor.gather.foreseen import Foreseen
from chatkit_doctor.gather.presence import Presence
from chatkit_doctor.gather.repeated_requests import RepeatedRequests
from chatkit_doctor.gather.tool_calls import ToolCalls
from chatkit_doctor.recording.entries import (
    AnyEntry,
    ComponentEvent,
    DomStall,
    DomState,
    EntryData,
    FrameAsset,
    FrameDetached,
    FrameDocument,
    HostedRequest,
    PageCall,
    PageDocument,
    PageElement,
    PageOptions,
    RequestAsked,
    RequestFailed,
    RequestSent,
    WireChunk,
    WireEnd,
    WireResponse,
)
from chatkit_doctor.recording.entries.dom import DomItem, Speaker, View
from chatkit_doctor.recording.journal import Clock
from chatkit_doctor.vocabulary import STREAMING_OPS, TURN_OPS


class BrokeOff(Exception):  # noqa: N818 - an outcome that is recorded, not a defect
    """The session cannot go on; the argument says why."""


SHORTEST_WAIT_MS: Final = 1.0
"""So that a wait that is as good as over lets others go on."""

VISIBLE: Final[tuple[type[EntryData], ...]] = (
    DomState,
    DomStall,
    PageElement,
    PageCall,
    PageOptions,
    FrameDocument,
    FrameDetached,
)
"""Entries after which the page may look different."""


_Shown = tuple[Speaker | None, str, str]
"""Whose turn an item is in, its kind, and what it says."""


class SessionState:
    """Counts and latest states, updated with every journal entry on the session's event loop."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.view: View | Literal["absent"] = "absent"
        self.responding = False
        self.composer = False
        self.open_operations = 0
        """Operations that were sent and whose answer has not ended."""
        self.answering: set[str] = set()
        """The requests of streaming operations whose answer has begun and not ended, by their ids."""
        self.chunks = 0
        """Pieces of all bodies that the network has brought."""
        self.reply_shown = False
        """Whether the newest turn shows anything of the assistant's."""
        self._painted_view: View | Literal["absent"] = "absent"
        self._painted: dict[str, _Shown] = {}
        self._texts: dict[str, str] = {}
        """What each item says, by the key of its element."""
        self.last_dom_change = 0.0
        self.last_visible_change = 0.0
        """When anything last happened that can change what a picture of the page shows."""
        self.vanished: Callable[[], None] = lambda: None
        """Called when something that was shown is gone."""
        self.part_lost_ms = -math.inf
        """When a script or style of the component last failed to load."""
        self.counts: Counter[str] = Counter()
        self.ended_ms = -math.inf
        """When a response last ended."""
        self.loads_thread = False
        """Whether the page's options name a thread to begin with."""
        self.presence = Presence()
        """What the chat lacks to be typed into."""
        self.tools = ToolCalls()
        """Tools that the page was asked to run."""
        self.foreseen = Foreseen()
        """What the turn under way will come to."""
        self.repeated = RepeatedRequests()
        """What the component has asked since the page was loaded."""
        self._broken: str | None = None
        self._news = asyncio.Event()

    def on_entry(self, t: float, entry: AnyEntry) -> None:
        """Journal listener."""
        if isinstance(entry, VISIBLE):
            self.last_visible_change = max(self.last_visible_change, t)
        match entry:
            case ComponentEvent(name="log", detail={"name": str(name)}):
                self.counts[f"log:{name}"] += 1
            case ComponentEvent(name=name):
                self.counts[f"event:{name}"] += 1
                if name == "response.end":
                    self.ended_ms = t
            case PageDocument():
                self.forget_page()
            case PageOptions(options=options):
                self.loads_thread = isinstance(options, Mapping) and bool(options.get("initialThread"))
            case RequestAsked(op=op) | RequestSent(op=op) if op in TURN_OPS:
                self.counts["turn-request"] += 1
            case HostedRequest(op=op, state="sent") if op in TURN_OPS:
                self.counts["turn-request"] += 1
            case DomState():
                self._dom(t, entry)
            case FrameAsset(type="script" | "stylesheet") if _is_lost(entry):
                self.part_lost_ms = t
        self.presence.on_entry(entry)
        self.tools.on_entry(t, entry)
        self.foreseen.on_entry(t, entry)
        self.repeated.on_entry(entry)
        match entry:
            case RequestSent(op=str(op)) if op:
                self.open_operations += 1
            case WireResponse(id=id_, op=op) if op in STREAMING_OPS:
                self.answering.add(id_)
            case WireChunk():
                self.chunks += 1
            case RequestFailed(id=id_, op=str(op)) | WireEnd(id=id_, op=str(op)) if op:
                self.open_operations -= 1
                self.answering.discard(id_)
        self._news.set()

    def forget_page(self) -> None:
        """Whatever was on the page is gone: another document comes in its place."""
        self.composer, self.view, self.loads_thread = False, "absent", False
        self.repeated = RepeatedRequests()

    def wake(self) -> None:
        """Have whatever is waited for looked at again: something beside the journal has changed."""
        self._news.set()

    def broke_off(self, reason: str) -> None:
        """Make every present and future wait fail with this reason; the first reason stays."""
        self._broken = self._broken or reason
        self._news.set()

    @property
    def length(self) -> int:
        """Characters of all messages together, as last heard."""
        return sum(map(len, self._texts.values()))

    @property
    def broken(self) -> str | None:
        """Why the session cannot go on, if it cannot."""
        return self._broken

    async def until(
        self, condition: Callable[[], bool], limit_ms: float, due: Callable[[], float] = lambda: math.inf
    ) -> bool:
        """Wait until the condition holds; False when the limit came first. Raises BrokeOff.

        ``due`` says when the condition will hold if nothing more is heard.
        """
        deadline = self.clock.now() + limit_ms
        while True:
            if self._broken is not None:
                raise BrokeOff(self._broken)
            if condition():
                return True
            now = self.clock.now()
            if now >= deadline:
                return False
            await self._next(max(min(deadline, due()) - now, SHORTEST_WAIT_MS))

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

    def _dom(self, t: float, state: DomState) -> None:
        self.last_dom_change = max(self.last_dom_change, t)
        self.view = state.view
        self.responding = bool(state.responding)
        self.composer = state.composer
        self._texts = {item.key: self._text(item) for item in state.items}
        newest = state.items[-1] if state.items else None
        self.reply_shown = newest is not None and self._says_something(newest)
        if state.by == "frame":
            # Only what was painted can vanish from the screen.
            painted = {
                item.key: (item.turn, item.kind, self._texts[item.key]) for item in state.items if item.shown
            }
            gone = self._is_gone(painted) or (self._painted_view == "thread" and state.view != "thread")
            self._painted_view, self._painted = state.view, painted
            if gone:
                self.vanished()

    def _says_something(self, item: DomItem) -> bool:
        is_empty = item.kind == "assistant-message" and not self._texts[item.key].strip()
        return item.turn == "assistant" and item.shown and not is_empty

    def _text(self, item: DomItem) -> str:
        before = self._texts.get(item.key, "")
        return before if item.text is None else item.text.after(before)

    def _is_gone(self, painted: Mapping[str, _Shown]) -> bool:
        """Whether an item is painted no more.

        The component puts a new element in place of a message once the backend has confirmed it. Nobody
        sees that, as long as it says the same.
        """
        lost = [shown for key, shown in self._painted.items() if key not in painted]
        came = [shown for key, shown in painted.items() if key not in self._painted]
        return bool(Counter(lost) - Counter(came))


def _is_lost(asset: FrameAsset) -> bool:
    """Whether a part of the component was not available. What is abandoned is often only asked for again."""
    return (asset.status or 0) >= 400 or bool(asset.error and "ERR_ABORTED" not in asset.error)
