"""What every gatherer is given: the page, the journal, and the state picture of the session."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.gather.probe_messages import Raw
from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.recording.journal import Journal

COMPONENT_FRAME = "chatkit"
"""The ``name`` of the component's iframe (measured)."""
_DOCUMENT: Final = re.compile(r"/index-[\w-]+\.html\Z")
"""The path of the frame's document (measured)."""


@dataclass(slots=True)
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
    host: Frame | None = None
    """The frame in which the element was seen last, if it was seen."""
    raw_listeners: list[Callable[[float, Raw], None]] = field(default_factory=list)
    """Called with time (ms) and content of what a probe saw and only a gatherer can make an entry of."""
    _frame_sessions: dict[Frame, CDPSession] = field(default_factory=dict)

    @property
    def directory(self) -> Path:
        """The folder of the recording."""
        return self.journal.directory

    @property
    def host_frame(self) -> Frame:
        """The frame that holds the element, or should: the page itself, or a frame somewhere in it."""
        if self.host is None or self.host.is_detached():
            return self.page.main_frame
        return self.host

    async def evaluate(self, expression: str, frame: Frame) -> Any:
        """What an expression gives in a frame of the page, as JSON; a promise is waited for.

        Over the DevTools protocol the question leaves no snapshots in the trace, which cost 40 ms each time
        and show a user nothing. Raises PlaywrightError when there is nobody who could say.
        """
        devtools = self.cdp if frame is self.page.main_frame else await self._devtools_of(frame)
        if devtools is None:
            return await frame.evaluate(f"() => ({expression})")
        question = {"expression": f"({expression})", "returnByValue": True, "awaitPromise": True}
        answer = await devtools.send("Runtime.evaluate", question)
        if "exceptionDetails" in answer:
            raise PlaywrightError(str(answer["exceptionDetails"].get("text", "the page threw")))
        return answer["result"].get("value")

    async def attach_cdp(self, frame: Frame) -> None:
        """Open the way on which a frame will be asked, so that the first question does not wait for it."""
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
    """Whether this is the component's frame: by its name or from the CDN, wherever in the page it lies.

    Frames are found without locators, so that a closed shadow root does not hide them. A frame inside the
    component's own is part of it, and not it.
    """
    outer = frame.parent_frame
    return outer is not None and _looks_like_it(frame, observed) and not _is_within(outer, observed)


def component_frame(observed: ObservedPage) -> Frame | None:
    """The component's frame, if it is there."""
    return next((frame for frame in observed.page.frames if is_component(frame, observed)), None)


def is_component_document(frame: Frame, url: str, observed: ObservedPage) -> bool:
    """Whether a document that is loaded into a frame makes it the component's.

    A navigation is reported before the frame has its name and its new address. The component looks for its
    frame beside its script, which a page may have from anywhere.
    """
    outer = frame.parent_frame
    is_ours = url.startswith(f"{observed.cdn_origin}/") or bool(_DOCUMENT.search(urlsplit(url).path))
    return outer is not None and is_ours and not _is_within(outer, observed)


def _looks_like_it(frame: Frame, observed: ObservedPage) -> bool:
    return frame.name == COMPONENT_FRAME or frame.url.startswith(f"{observed.cdn_origin}/")


def _is_within(frame: Frame, observed: ObservedPage) -> bool:
    """Whether a frame is the component's or lies inside it."""
    within: Frame | None = frame
    while within is not None and within.parent_frame is not None:
        if _looks_like_it(within, observed):
            return True
        within = within.parent_frame
    return False
