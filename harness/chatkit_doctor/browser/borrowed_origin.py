"""The host's pages under someone else's origin, in one tab of a browser and nowhere else.

A backend that is meant for pages of its own origin, or of one other, is asked by such a page. Only what lies
below one path is answered from here: all else of the origin is reached as it is, and no stream is touched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from playwright.async_api import CDPSession, Page, Route
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.host.names import BORROWED

_ADDRESS: Final = "{origin}" + BORROWED


async def lend(page: Page, cdp: CDPSession | None, origin: str, host: str) -> None:
    """From now on, what this tab asks for below one path of ``origin`` is answered by ``host``, an origin."""
    ours = _ADDRESS.format(origin=origin)
    if cdp is None:
        await _by_routing(page, ours, host)
        return
    answering: set[asyncio.Task[None]] = set()

    async def lead(event: Mapping[str, Any]) -> None:
        address = host + str(event["request"]["url"]).removeprefix(ours)
        try:
            await cdp.send("Fetch.continueRequest", {"requestId": event["requestId"], "url": address})
        except PlaywrightError:
            return  # The page is gone, or has given the request up.

    def paused(event: Mapping[str, Any]) -> None:
        task = asyncio.ensure_future(lead(event))
        answering.add(task)
        task.add_done_callback(answering.discard)

    cdp.on("Fetch.requestPaused", paused)
    await cdp.send("Fetch.enable", {"patterns": [{"urlPattern": f"{ours}/*", "requestStage": "Request"}]})


async def _by_routing(page: Page, ours: str, host: str) -> None:
    async def lead(route: Route) -> None:
        try:
            await route.fulfill(response=await route.fetch(url=host + route.request.url.removeprefix(ours)))
        except PlaywrightError:
            return

    await page.route(f"{ours}/**", lead)
