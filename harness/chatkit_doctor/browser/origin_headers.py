"""Headers that are added to the requests to some origins and to no others.

Playwright's own way adds a header to every request of a context: a token would go to every host of a page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.origins import origin_of

ByOrigin = Mapping[str, Mapping[str, str]]


async def add_headers(cdp: CDPSession, by_origin: ByOrigin) -> None:
    """From now on, add to each request of a page the headers for its origin.

    A request is stopped only before it leaves, so that its answer streams as it would. What the page itself
    gives for the same name is replaced.
    """
    if not by_origin:
        return
    wanted = {origin_of(origin): headers for origin, headers in by_origin.items()}
    answering: set[asyncio.Task[None]] = set()

    async def go_on(event: Mapping[str, Any]) -> None:
        request = event["request"]
        added = wanted.get(origin_of(request["url"]), {})
        try:
            await cdp.send(
                "Fetch.continueRequest", {"requestId": event["requestId"], "headers": _with(request, added)}
            )
        except PlaywrightError:
            return  # The page is gone, or has given the request up.

    def paused(event: Mapping[str, Any]) -> None:
        task = asyncio.ensure_future(go_on(event))
        answering.add(task)
        task.add_done_callback(answering.discard)

    cdp.on("Fetch.requestPaused", paused)
    patterns = [{"urlPattern": f"{origin}/*", "requestStage": "Request"} for origin in wanted]
    await cdp.send("Fetch.enable", {"patterns": patterns})


def _with(request: Mapping[str, Any], added: Mapping[str, str]) -> list[dict[str, str]]:
    replaced = {name.lower() for name in added}
    own = {name: value for name, value in request["headers"].items() if name.lower() not in replaced}
    return [{"name": name, "value": str(value)} for name, value in {**own, **added}.items()]
