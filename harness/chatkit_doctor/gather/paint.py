"""Whether a user could see it: the element's box, and screenshots."""

from __future__ import annotations

import asyncio
import base64
from typing import Final

from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.probe_messages import answer_as
from chatkit_doctor.gather.probes import HANDLE
from chatkit_doctor.recording.entries import PaintBox, PaintScreenshot
from chatkit_doctor.recording.entries.paint import Moment

FOLDER: Final = "screenshots"
LIMIT_S: Final = 5.0
MAX_VANISHED: Final = 6
"""Screenshots taken of moments at which something vanished, per session."""


class PaintGatherer:
    """Writes ``paint.box`` and ``paint.screenshot``.

    Where no film is available (:mod:`~chatkit_doctor.gather.film`) it also takes a picture when something has
    vanished.
    """

    def __init__(self, *, at_vanishing: bool) -> None:
        self._at_vanishing = at_vanishing
        self._observed: ObservedPage | None = None
        self._lock = asyncio.Lock()
        self._count = 0
        self._vanished = 0
        self._last: tuple[str, float] | None = None
        """The latest picture, and when it was begun."""
        self._pending: asyncio.Task[None] | None = None

    async def attach(self, observed: ObservedPage) -> None:
        self._observed = observed
        (observed.directory / FOLDER).mkdir(exist_ok=True)
        if self._at_vanishing:
            observed.state.vanished = self._something_vanished

    async def look(self, observed: ObservedPage, at: Moment, name: str, why: str) -> None:
        """Measure and photograph at once."""
        await asyncio.gather(self.box(observed, at), self.screenshot(observed, name, why))

    async def box(self, observed: ObservedPage, at: Moment) -> None:
        """Measure the element."""
        try:
            box = await observed.evaluate(f"{HANDLE}?.box() ?? null", observed.host_frame)
        except PlaywrightError:
            return  # The page is gone or navigating; whoever waits on it says so.
        entry = answer_as(PaintBox, box, observed.journal, at=at) if box is not None else None
        if entry is not None:
            observed.journal.add(entry)

    async def screenshot(self, observed: ObservedPage, name: str, why: str) -> None:
        """Photograph the viewport; a page that cannot be photographed leaves no entry.

        Where nothing has changed since the last picture, that picture is named again.
        """
        async with self._lock:
            t = observed.journal.clock.now()
            if self._last is None or observed.state.last_visible_change >= self._last[1]:
                self._count += 1
                file = f"{FOLDER}/{self._count:02d}-{name}.png"
                try:
                    async with asyncio.timeout(LIMIT_S):
                        picture = await _photograph(observed)
                except (PlaywrightError, TimeoutError):
                    return
                await asyncio.to_thread((observed.directory / file).write_bytes, picture)
                self._last = (file, t)
        observed.journal.add(PaintScreenshot(name=name, why=why, file=self._last[0]), t=t)

    async def finish(self, observed: ObservedPage) -> None:
        """Wait for a picture that is being taken."""
        if self._pending is not None:
            await self._pending
        self._observed = None

    def _something_vanished(self) -> None:
        busy = self._pending is not None and not self._pending.done()
        if self._observed is None or busy or self._vanished >= MAX_VANISHED:
            return
        self._vanished += 1
        why = "something that was shown is gone"
        self._pending = asyncio.ensure_future(
            self.screenshot(self._observed, f"vanished-{self._vanished}", why)
        )


async def _photograph(observed: ObservedPage) -> bytes:
    if observed.cdp is None:
        return await observed.page.screenshot(animations="allow", caret="initial")
    # The browser's own command: no waiting for fonts, no trace snapshots around it, half the time.
    answer = await observed.cdp.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    return base64.b64decode(answer["data"])
