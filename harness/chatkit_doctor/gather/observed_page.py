"""What every gatherer is given: the page, the journal, and the state picture of the session."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from playwright.async_api import BrowserContext, CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.recording.journal import Journal

COMPONENT_FRAME = "chatkit"
"""The ``name`` of the component's iframe (measured)."""


@dataclass(frozen=True, slots=True)
class ObservedPage:
    """One page under observation. ``cdp`` is None in browsers without the DevTools protocol."""

    page: Page
    context: BrowserContext
    journal: Journal
    state: SessionState
    cdp: CDPSession | None
    cdn_origin: str
    api_urls: set[str] = field(default_factory=set)
    """Absolute URLs the page gave as ``api.url``; grows as options are seen."""
    _frame_sessions: dict[Frame, CDPSession] = field(default_factory=dict)

    @property
    def directory(self) -> Path:
        """The folder of the recording."""
        return self.journal.directory

    async def evaluate(self, expression: str, frame: Frame | None = None) -> Any:
        """What an expression gives in the page, or in a frame of it, as JSON; a promise is waited for.

        Over the DevTools protocol the question leaves no snapshots in the trace, which cost 40 ms each time
        and show a person nothing. Raises PlaywrightError when there is nobody who could say.
        """
        devtools = self.cdp if frame is None else await self._devtools_of(frame)
        if devtools is None:
            return await (frame or self.page).evaluate(f"() => ({expression})")
        question = {"expression": f"({expression})", "returnByValue": True, "awaitPromise": True}
        answer = await devtools.send("Runtime.evaluate", question)
        if "exceptionDetails" in answer:
            raise PlaywrightError(str(answer["exceptionDetails"].get("text", "the page threw")))
        return answer["result"].get("value")

    async def attach_cdp(self, frame: Frame | None) -> None:
        """Open the way on which a frame will be asked, so that the first question does not wait for it."""
        if frame is not None:
            await self._devtools_of(frame)

    async def _devtools_of(self, frame: Frame) -> CDPSession | None:
        """A session of the frame's own, which only a frame in a process of its own has."""
        if self.cdp is None or frame.is_detached():
            return None
        if frame not in self._frame_sessions:
            try:
                self._frame_sessions[frame] = await self.context.new_cdp_session(frame)
            except PlaywrightError:
                return None
        return self._frame_sessions[frame]


class Gatherer(Protocol):
    """Watches one thing and writes it to the journal; judges nothing.

    A handler never raises: an exception inside a browser callback would surface in an unrelated call.
    """

    async def attach(self, observed: ObservedPage) -> None:
        """Begin before the page is opened."""
        ...

    async def finish(self, observed: ObservedPage) -> None:
        """Write what is still open. Called once at the end, also of a run that broke off."""
        ...


def is_component(frame: Frame, observed: ObservedPage) -> bool:
    """Whether this is the component's frame: a child of the page by its name, or from the CDN.

    Frames are found without locators, so that a closed shadow root does not hide them.
    """
    is_child = frame.parent_frame is not None and frame.parent_frame.parent_frame is None
    return is_child and (frame.name == COMPONENT_FRAME or frame.url.startswith(observed.cdn_origin))
