"""The host page: its document, the chatkit.js script tag, and what the page holds at the end of each step."""

from __future__ import annotations

import re
from typing import Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request, Response

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.probe_messages import answer_as
from chatkit_doctor.gather.probes import HANDLE
from chatkit_doctor.recording.entries import PageDocument, PageInventory, PageObstacle, PageScript

READ_LIMIT_MS: Final = 10_000
"""How long a page may take to be read to its end before it is asked what it is."""
SCRIPT: Final = re.compile(r"/chatkit[^/]*\.js(\?|$)")
"""What a script tag for the component ends in."""


class DocumentGatherer:
    """Writes ``page.document``, ``page.script`` and ``page.inventory``."""

    async def attach(self, observed: ObservedPage) -> None:
        page, journal = observed.page, observed.journal

        def requested(request: Request) -> None:
            if _is_script(request):
                journal.add(PageScript(src=request.url, state="requested"))

        def answered(response: Response) -> None:
            request = response.request
            if _is_document(request) and request.frame.parent_frame is None:
                journal.add(
                    PageDocument(
                        url=response.url,
                        status=response.status,
                        headers=journal.redactor.headers(response.headers),
                    )
                )
            elif _is_script(request):
                journal.add(
                    PageScript(
                        src=request.url,
                        state="loaded" if response.ok else "failed",
                        status=response.status,
                        reason=response.headers.get("content-type", ""),
                    )
                )

        def failed(request: Request) -> None:
            if _is_script(request):
                reason = request.failure or ""
                is_blocked = "csp" in reason.lower()
                journal.add(
                    PageScript(src=request.url, state="blocked" if is_blocked else "failed", reason=reason)
                )

        page.on("request", requested)
        page.on("response", answered)
        page.on("requestfailed", failed)

    async def inventory(self, observed: ObservedPage) -> None:
        """What the page holds right now."""
        try:
            found = await observed.evaluate(f"{HANDLE}.inventory()", observed.host_frame)
        except PlaywrightError:
            return  # The page is gone or navigating; whoever waits on it says so.
        frames = len(observed.host_frame.child_frames)
        inventory = answer_as(PageInventory, found, observed.journal, frames=frames)
        if inventory is not None:
            observed.journal.add(inventory)

    async def obstacle(self, observed: ObservedPage) -> PageObstacle | None:
        """What replaces a chat that did not come, if it is one of the known things."""
        try:
            # What has not been read to its end may still become anything.
            await observed.page.wait_for_load_state("domcontentloaded", timeout=READ_LIMIT_MS)
            found = await observed.evaluate(f"{HANDLE}.obstacle()", observed.page.main_frame)
        except PlaywrightError:
            return None
        return answer_as(PageObstacle, found, observed.journal) if found is not None else None

    async def is_shown(self, observed: ObservedPage) -> bool:
        """Whether the element is within the viewport, and nothing hides it."""
        try:
            box = await observed.evaluate(f"{HANDLE}?.box() ?? null", observed.host_frame)
        except PlaywrightError:
            return False
        return isinstance(box, dict) and bool(box.get("in_viewport")) and not box.get("culprit")

    async def finish(self, observed: ObservedPage) -> None:
        """Nothing is left open."""


def _is_script(request: Request) -> bool:
    return request.resource_type == "script" and SCRIPT.search(request.url) is not None


def _is_document(request: Request) -> bool:
    return request.is_navigation_request()
