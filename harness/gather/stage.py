"""What every gatherer is given: the page, the journal, and the live picture of the session."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from playwright.async_api import BrowserContext, CDPSession, Frame, Page

from harness.gather.journal import Journal
from harness.gather.live import Live

COMPONENT_FRAME = "chatkit"
"""The ``name`` of the component's iframe (measured)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One page under observation. ``cdp`` is None in browsers without the DevTools protocol."""

    page: Page
    context: BrowserContext
    journal: Journal
    live: Live
    cdp: CDPSession | None
    cdn_origin: str
    api_urls: set[str] = field(default_factory=set)
    """Absolute URLs the page gave as ``api.url``; grows as options are seen."""

    @property
    def directory(self) -> Path:
        """The folder of the recording."""
        return self.journal.directory


class Gatherer(Protocol):
    """Watches one thing and writes it to the journal; judges nothing.

    A handler never raises: an exception inside a browser callback would surface in an unrelated call.
    """

    async def attach(self, stage: Stage) -> None:
        """Begin before the page is opened."""
        ...

    async def finish(self, stage: Stage) -> None:
        """Write what is still open. Called once at the end, also of a run that broke off."""
        ...


def is_component(frame: Frame, stage: Stage) -> bool:
    """Whether this is the component's frame: a child of the page by its name, or from the CDN.

    Frames are found without locators, so that a closed shadow root does not hide them.
    """
    is_child = frame.parent_frame is not None and frame.parent_frame.parent_frame is None
    return is_child and (frame.name == COMPONENT_FRAME or frame.url.startswith(stage.cdn_origin))
