"""The host page: its document, the chatkit.js script tag, and what the page holds at the end of each step."""

from __future__ import annotations

import re
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request, Response

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.probes import HANDLE
from chatkit_doctor.vocabulary import Layer

SCRIPT: Final = re.compile(r"/chatkit[^/]*\.js(\?|$)")
"""What a script tag for the component ends in."""


class DocumentGatherer:
    """Writes ``page.document``, ``page.script`` and ``page.inventory``."""

    def __init__(self) -> None:
        self._loads = 0

    async def attach(self, observed: ObservedPage) -> None:
        page, journal = observed.page, observed.journal

        def add(kind: str, data: dict[str, Any]) -> None:
            journal.add(Layer.PAGE, kind, data)

        def requested(request: Request) -> None:
            if _is_script(request):
                add("page.script", {"src": request.url, "state": "requested", "status": None, "reason": ""})

        def answered(response: Response) -> None:
            request = response.request
            if _is_document(request) and request.frame.parent_frame is None:
                self._loads += 1
                phase = "open" if self._loads == 1 else "reload"
                data = {"url": response.url, "status": response.status, "phase": phase}
                add("page.document", data | {"headers": journal.redactor.headers(response.headers)})
            elif _is_script(request):
                state = "loaded" if response.ok else "failed"
                mime = response.headers.get("content-type", "")
                add(
                    "page.script",
                    {"src": request.url, "state": state, "status": response.status, "reason": mime},
                )

        def failed(request: Request) -> None:
            if _is_script(request):
                reason = request.failure or ""
                state = "blocked" if "csp" in reason.lower() else "failed"
                add("page.script", {"src": request.url, "state": state, "status": None, "reason": reason})

        page.on("request", requested)
        page.on("response", answered)
        page.on("requestfailed", failed)

    async def inventory(self, observed: ObservedPage) -> None:
        """What the page holds right now."""
        try:
            found = await observed.evaluate(
                f"{{...{HANDLE}.inventory(), secure_context: isSecureContext, url: location.href}}",
                observed.host_frame,
            )
        except PlaywrightError:
            return  # The page is gone or navigating; whoever waits on it says so.
        frames = len(observed.host_frame.child_frames)
        observed.journal.add(Layer.PAGE, "page.inventory", found | {"frames": frames})

    async def finish(self, observed: ObservedPage) -> None:
        """Nothing is left open."""


def _is_script(request: Request) -> bool:
    return request.resource_type == "script" and SCRIPT.search(request.url) is not None


def _is_document(request: Request) -> bool:
    return request.is_navigation_request()
