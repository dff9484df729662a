"""Pages of the user's own in hosted mode: each asks its server for client secrets, as users write it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from chatkit_doctor.loopback import LoopbackServer
from tests.app_pages import LOADER

GivesSecret = Callable[[bool], str]
"""A client secret of OpenAI's form; one that has expired already where it is told so."""

PAGES: Final = {
    "endpoint-fails": "async () => (await (await fetch('/session/fails', post)).json()).client_secret",
    "endpoint-answers-emptily": "async () => (await fetch('/session/empty', post)).text()",
    "endpoint-is-slow": "async () => (await (await fetch('/session/slow', post)).json()).client_secret",
    "endpoint-hangs": "async () => (await (await fetch('/session/hangs', post)).json()).client_secret",
    "nobody-is-logged-in": "async () => { throw new Error('log in first'); }",
    "renews": """async () => {
        const how = document.title === "Renewed" ? "renewed" : "expired";
        document.title = "Renewed";
        return (await (await fetch(`/session/${how}`, post)).json()).client_secret;
    }""",
    "unknown-to-openai": "async () => 'ek_unknown_0012345678'",
}
"""The page's ``getClientSecret``, by the page's path."""

SLOW_S: Final = 1.0
"""How long the slow endpoint takes, in seconds."""

_HTML: Final = """<!doctype html><title>An app</title>LOADER<main id="app"></main><script type="module">
const post = { method: "POST" };
const made = document.createElement("openai-chatkit");
made.style = "display: block; width: 420px; height: 600px";
document.querySelector("#app").append(made);
await customElements.whenDefined("openai-chatkit");
made.setOptions({ api: { getClientSecret: GIVER } });
</script>"""


@contextmanager
def hosted_pages(gives: GivesSecret) -> Iterator[str]:
    """The pages below the origin that is given, each at ``/NAME``."""
    app = FastAPI(openapi_url=None)
    server = LoopbackServer(app, name="hosted-pages")

    @app.get("/{name}")
    async def page(name: str) -> Response:
        if name not in PAGES:
            return Response(status_code=404)
        return HTMLResponse(_HTML.replace("LOADER", LOADER).replace("GIVER", PAGES[name]))

    @app.post("/session/{how}")
    async def session(how: str, request: Request) -> Response:
        await request.body()
        if how == "slow":
            await asyncio.sleep(SLOW_S)
        while how == "hangs" and not await request.is_disconnected():
            await asyncio.sleep(0.05)
        if how == "fails":
            return JSONResponse({"error": "no such workflow"}, 502)
        return Response() if how == "empty" else JSONResponse({"client_secret": gives(how == "expired")})

    server.start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        server.stop()
