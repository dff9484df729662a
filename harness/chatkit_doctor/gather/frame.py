"""The component's frame: its document, its assets, its own requests, and its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

import msgspec
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Request, Response

from chatkit_doctor.gather.console import is_noise_url
from chatkit_doctor.gather.hosted import is_hosted_url
from chatkit_doctor.gather.observed_page import ObservedPage, is_component, is_component_document
from chatkit_doctor.recording.entries import (
    FrameAsset,
    FrameDetached,
    FrameDocument,
    FrameRequest,
    FrameStubbed,
)
from chatkit_doctor.runtime.cdn_responses import STUB_HEADER

_ASSETS: Final = frozenset({"script", "stylesheet", "font", "image", "media"})
DOMAIN_CHECK: Final = "/chatkit/domain_keys/verify"
BODY_LIMIT_S: Final = 3.0
MAX_BODY: Final = 4_096
"""Characters kept of the domain check's answer."""


class FrameGatherer:
    """Writes ``frame.document``, ``.asset``, ``.stubbed``, ``.request`` and ``.detached``."""

    def __init__(self) -> None:
        self._observed: ObservedPage | None = None
        self._reading: list[asyncio.Task[None]] = []

    async def attach(self, observed: ObservedPage) -> None:
        self._observed = observed
        observed.page.on("response", self._answered)
        observed.page.on("requestfailed", self._failed)
        observed.page.on("framedetached", self._detached)

    async def finish(self, observed: ObservedPage) -> None:
        if self._reading:
            await asyncio.wait(self._reading, timeout=BODY_LIMIT_S)
        self._observed = None

    def _answered(self, response: Response) -> None:
        self._write(response.request, status=response.status, error="", response=response)

    def _failed(self, request: Request) -> None:
        self._write(request, status=None, error=request.failure or "failed", response=None)

    def _detached(self, frame: Frame) -> None:
        observed = self._observed
        if observed is not None and is_component(frame, observed):
            observed.journal.add(FrameDetached(url=_bare(frame.url)))

    def _write(self, request: Request, *, status: int | None, error: str, response: Response | None) -> None:
        observed = self._observed
        if observed is None or is_hosted_url(request.url) or not _in_component(request, observed):
            return
        url = _bare(request.url)
        if request.is_navigation_request():
            observed.journal.add(FrameDocument(url=url, status=status, error=error))
        elif request.resource_type in _ASSETS:
            headers = response.headers if response else {}
            if STUB_HEADER in headers:
                # The snapshot had no such chunk and answered with an empty module.
                exports = tuple(name for name in headers[STUB_HEADER].split(",") if name)
                observed.journal.add(FrameStubbed(url=url, exports=exports))
            size = int(headers["content-length"]) if headers.get("content-length", "").isdigit() else None
            observed.journal.add(
                FrameAsset(
                    url=url,
                    status=status,
                    error=error,
                    type=request.resource_type,
                    bytes=size,
                    mime=headers.get("content-type", ""),
                )
            )
        else:
            noise = is_noise_url(request.url)
            asked = FrameRequest(url=url, status=status, error=error, method=request.method, noise=noise)
            if response is not None and DOMAIN_CHECK in request.url:
                self._reading.append(asyncio.ensure_future(self._with_body(observed, response, asked)))
            else:
                observed.journal.add(asked)

    async def _with_body(self, observed: ObservedPage, response: Response, asked: FrameRequest) -> None:
        """The domain check says in its answer whether the page may show the chat."""
        t = observed.journal.clock.now()
        # The frame may have removed itself before its answer could be read.
        with suppress(PlaywrightError):
            asked = msgspec.structs.replace(asked, body=(await response.text())[:MAX_BODY])
        observed.journal.add(asked, t=t)


def _in_component(request: Request, observed: ObservedPage) -> bool:
    try:
        frame = request.frame
    except PlaywrightError:
        return False  # A service worker, or a navigation whose frame is not there yet.
    return is_component(frame, observed) or (
        request.is_navigation_request() and is_component_document(frame, request.url, observed)
    )


def _bare(url: str) -> str:
    """Without the fragment, in which the options travel."""
    return url.partition("#")[0]
