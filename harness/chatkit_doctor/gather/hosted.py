"""Hosted mode: the operations that the component's frame sends to OpenAI, and with what status they end.

The frame sends them itself, and may do so from a process of its own, which the wire gatherer does not watch.
What comes back is OpenAI's affair.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request, Response

from chatkit_doctor.gather.observed_page import ObservedPage, is_component
from chatkit_doctor.gather.operation import operation_of
from chatkit_doctor.recording.entries import HostedRequest

_SERVICE: Final = re.compile(r"https://(?:[\w-]+\.)?api\.openai\.com/v1/chatkit/(?!domain_keys/)")
"""Where OpenAI serves ChatKit, with the region before it where there is one (measured)."""


def is_hosted_url(url: str) -> bool:
    """Whether OpenAI's own ChatKit service lies there; the check of domains is asked of any page."""
    return _SERVICE.match(url) is not None


class HostedGatherer:
    """Writes ``hosted.request``."""

    def __init__(self) -> None:
        self._observed: ObservedPage | None = None

    async def attach(self, observed: ObservedPage) -> None:
        self._observed = observed
        observed.page.on("request", self._sent)
        observed.page.on("response", self._answered)
        observed.page.on("requestfailed", self._failed)

    async def finish(self, observed: ObservedPage) -> None:
        """Nothing is left open."""
        self._observed = None

    def _sent(self, request: Request) -> None:
        self._write(request, lambda url, op: HostedRequest(url=url, op=op, state="sent"))

    def _answered(self, response: Response) -> None:
        status = response.status
        self._write(
            response.request, lambda url, op: HostedRequest(url=url, op=op, state="answered", status=status)
        )

    def _failed(self, request: Request) -> None:
        error = request.failure or "failed"
        self._write(request, lambda url, op: HostedRequest(url=url, op=op, state="failed", error=error))

    def _write(self, request: Request, entry: Callable[[str, str], HostedRequest]) -> None:
        observed = self._observed
        if observed is None or not is_hosted_url(request.url) or not _is_of_the_component(request, observed):
            return
        observed.journal.add(entry(request.url, _operation(request)))


def _operation(request: Request) -> str:
    try:
        return operation_of(request.post_data)[0]
    except (PlaywrightError, UnicodeDecodeError):
        return ""  # A file that is sent is no operation.


def _is_of_the_component(request: Request, observed: ObservedPage) -> bool:
    try:
        return is_component(request.frame, observed)
    except PlaywrightError:
        return False
