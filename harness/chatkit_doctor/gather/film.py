"""The film: a picture of whatever was visible, be it for a tenth of a second.

The browser hands over each frame that it draws, with its time, as long as it is asked to. That costs 6 ms of
processor time a frame (measured), most of it spent on reading the frame back, which neither its size nor
acknowledging it late makes less. So the shutter is open only while it is worth it: for a moment after
something has appeared, which is when it fades in and may vanish again; for one frame once it is in full
sight, and now and then while a text grows; and for one frame after something has gone. What never comes to
rest uses up what it is granted.
"""

from __future__ import annotations

import asyncio
import base64
import math
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.gather.film_cut import MOST_BYTES, MOST_SHOTS, Shot, cut
from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.recording.entries import (
    AnyEntry,
    DomState,
    FrameDetached,
    PaintFrame,
    SessionCapped,
    StepBegin,
    kind_of,
)
from chatkit_doctor.recording.entries.dom import DomAlert, DomItem, Speaker, View

FOLDER: Final = "film"
OPEN_MS: Final = 50.0
"""How long each frame is taken after something has appeared. Fading in takes the component twice as long, but
these frames are what a film costs: with 50 ms a turn takes 1 % longer, with 100 ms 5 % (measured)."""
LATER_MS: Final = (90.0, 30.0, 200.0, 600.0, 1_200.0)
"""How long after something has appeared there is another picture, and so on as long as its text grows. The
browser needs some 45 ms to begin: the second shows a message that has faded in enough to be read, and may be
gone again 20 ms later."""
SETTING: Final = {"format": "jpeg", "quality": 70, "maxWidth": 960, "maxHeight": 960}
"""Enough to read a message by; the host's page is taken as large as it is."""
GRANTED: Final = 120
"""Frames that may be taken at once; two seconds of them."""
GRANTED_EACH_S: Final = 6.0
"""How many of these come back in a second: what a page that flickers without end costs."""
HOT_MS: Final = 1_000.0
"""Pictures so young are not cut: the change that they stand next to may not have been reported yet."""
MOST_CHANGES: Final = 20_000
NO_FRAME_S: Final = 0.5
"""How long the first frame is waited for. A page that is not drawn, such as a hidden tab, gives none."""
STOP_S: Final = 1.0
"""How long the shutter may take to close; it takes some 10 ms."""

_Look = tuple[View, Counter[tuple[Speaker | None, str, bool]], tuple[DomAlert, ...]]
"""The view, the visible items (whose turn they stand in, their kind, whether they have words), banners."""
_NOTHING: Final[_Look] = ("blank", Counter(), ())


class FilmGatherer:
    """Writes ``paint.frame``."""

    def __init__(self) -> None:
        self._observed: ObservedPage | None = None
        self._shutter: asyncio.Task[None] | None = None
        self._open_until = -math.inf
        self._called = asyncio.Event()
        self._came = asyncio.Event()
        self._later: asyncio.TimerHandle | None = None
        self._looked_again = 0
        """Pictures taken since something last came or went, after the first ones."""
        self._acknowledging: set[asyncio.Future[Any]] = set()
        self._taken = 0
        self._granted, self._granted_ms = float(GRANTED), 0.0
        self._shots: list[Shot] = []
        self._changes: deque[float] = deque(maxlen=MOST_CHANGES)
        self._is_whole = True
        self._texts: dict[str, str] = {}
        self._painted = self._latest = _NOTHING

    async def attach(self, observed: ObservedPage) -> None:
        if observed.cdp is None:
            return
        self._observed = observed
        observed.cdp.on("Page.screencastFrame", self._frame)
        observed.journal.listeners.append(self._on_entry)
        self._shutter = asyncio.ensure_future(self._watch(observed.cdp, observed))

    async def finish(self, observed: ObservedPage) -> None:
        """Cut the film and write what is left of it."""
        if self._shutter is None or observed.cdp is None:
            return
        observed.journal.listeners.remove(self._on_entry)
        self._observed = None
        if self._later is not None:
            self._later.cancel()
        self._shutter.cancel()
        await asyncio.gather(self._shutter, return_exceptions=True)
        kept = cut(self._shots, self._changes)
        entries = [
            PaintFrame(file=f"{FOLDER}/{number:03d}.jpg", width=shot.width, height=shot.height)
            for number, shot in enumerate(kept.shots, start=1)
        ]
        files = {observed.directory / e.file: s.picture for e, s in zip(entries, kept.shots, strict=True)}
        try:
            await asyncio.to_thread(_write, observed.directory / FOLDER, files)
        except OSError:
            return  # A disk that is full is told of by the journal.
        for entry, shot in zip(entries, kept.shots, strict=True):
            observed.journal.add(entry, t=shot.t)
        if not (kept.is_whole and self._is_whole):
            observed.journal.add(SessionCapped(of=kind_of(PaintFrame)))
        self._shots.clear()

    # What is visible

    def _on_entry(self, t: float, entry: AnyEntry) -> None:
        match entry:
            case DomState():
                self._state(t, entry)
            case FrameDetached():
                self._changes.append(t)
                self._latest = self._painted = _NOTHING
                self._call()
            case StepBegin(do="open" | "reload"):
                self._changes.append(t)
                self._latest = self._painted = _NOTHING

    def _state(self, t: float, state: DomState) -> None:
        before = self._texts
        self._texts = {item.key: _text(item, before.get(item.key, "")) for item in state.items}
        shown = [item for item in state.items if item.shown]
        items = Counter((item.turn, item.kind, bool(self._texts[item.key].strip())) for item in shown)
        look: _Look = (state.view, items, state.alerts)
        if state.by == "frame" and look != self._painted:
            self._painted = look
            self._changes.append(t)
        if look != self._latest:
            # What a mutation brings is painted next: the shutter is open by then.
            brings = _brings(look, self._latest)
            self._call(OPEN_MS if brings else 0.0)
            self._latest = look
            self._looked_again = 0
            if self._later is not None:
                self._later.cancel()
                self._later = None
            if brings:
                self._look_later()
        elif self._texts != before and self._later is None:
            self._look_later()

    def _look_later(self) -> None:
        pause_ms = LATER_MS[min(self._looked_again, len(LATER_MS) - 1)]
        self._later = asyncio.get_running_loop().call_later(pause_ms / 1000, self._look_again)

    def _look_again(self) -> None:
        self._later = None
        self._looked_again += 1
        self._call()

    # The shutter

    def _call(self, open_ms: float = 0.0) -> None:
        """Have at least one frame taken, and each one for so long."""
        if self._observed is not None:
            self._open_until = max(self._open_until, self._observed.journal.clock.now() + open_ms)
            self._called.set()

    async def _watch(self, cdp: CDPSession, observed: ObservedPage) -> None:
        try:
            while True:
                await self._called.wait()
                if not self._is_granted(observed):
                    await asyncio.sleep(1 / GRANTED_EACH_S)
                    continue
                self._called.clear()
                await cdp.send("Page.startScreencast", SETTING)
                try:
                    await self._expose(observed)
                finally:
                    # One that cannot be closed in time is closed the next time.
                    if observed.state.broken is None:
                        with suppress(TimeoutError):
                            async with asyncio.timeout(STOP_S):
                                await cdp.send("Page.stopScreencast")
        except PlaywrightError:
            return  # The page is gone; whoever waits on it says so.

    async def _expose(self, observed: ObservedPage) -> None:
        """Wait until a frame has come and the time is over."""
        before = self._taken
        while True:
            self._came.clear()
            left_ms = self._open_until - observed.journal.clock.now()
            has_come = self._taken > before
            if has_come and (left_ms <= 0 or not self._is_granted(observed)):
                return
            try:
                async with asyncio.timeout(left_ms / 1000 if has_come else NO_FRAME_S):
                    await self._came.wait()
            except TimeoutError:
                if not has_come:
                    return

    def _is_granted(self, observed: ObservedPage) -> bool:
        now = observed.journal.clock.now()
        back = (now - self._granted_ms) / 1000 * GRANTED_EACH_S
        self._granted, self._granted_ms = min(self._granted + back, float(GRANTED)), now
        return self._granted >= 1

    def _frame(self, event: Mapping[str, Any]) -> None:
        observed = self._observed
        if observed is None or observed.cdp is None:
            return
        sent = asyncio.ensure_future(_acknowledge(observed.cdp, event["sessionId"]))
        self._acknowledging.add(sent)
        sent.add_done_callback(self._acknowledging.discard)
        about = event.get("metadata", {})
        stamp = about.get("timestamp")
        clock = observed.journal.clock
        t = clock.now() if stamp is None else clock.from_epoch(float(stamp) * 1000)
        picture = base64.b64decode(event["data"])
        self._shots.append(
            Shot(t, picture, float(about.get("deviceWidth", 0)), float(about.get("deviceHeight", 0)))
        )
        self._taken += 1
        self._granted -= 1
        self._came.set()
        self._bound()

    def _bound(self) -> None:
        """Keep what is in memory bounded."""
        size = sum(len(shot.picture) for shot in self._shots)
        if len(self._shots) <= 2 * MOST_SHOTS and size <= 2 * MOST_BYTES:
            return
        young = self._shots[-1].t - HOT_MS if size <= 2 * MOST_BYTES else math.inf
        old = cut([shot for shot in self._shots if shot.t < young], self._changes)
        self._is_whole = self._is_whole and old.is_whole
        self._shots = [*old.shots, *(shot for shot in self._shots if shot.t >= young)]


def _brings(look: _Look, before: _Look) -> bool:
    """Whether there is a message or a banner now that was not there before."""
    _, items, alerts = look
    return bool(items - before[1]) or any(alert not in before[2] for alert in alerts)


def _text(item: DomItem, before: str) -> str:
    return before if item.text is None else item.text.after(before)


async def _acknowledge(cdp: CDPSession, number: int) -> None:
    with suppress(PlaywrightError):
        await cdp.send("Page.screencastFrameAck", {"sessionId": number})


def _write(folder: Path, files: Mapping[Path, bytes]) -> None:
    if files:
        folder.mkdir(exist_ok=True)
    for path, picture in files.items():
        path.write_bytes(picture)
