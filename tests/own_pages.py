"""Pages that are nobody's but their author's, with a good backend behind them, on a server of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from chatkit_doctor.certificate import LoopbackCertificate
from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.backend import SdkBackend

Respond = Callable[[Any], Awaitable[Response]]
"""Answers what the component asks for."""
START: Final = """
const login = localStorage.getItem("login");
const known = (input, init) =>
  fetch(input, { ...init, headers: { ...init.headers, ...(login ? { "x-stored": login } : {}) } });
async function chat(where) {
  const element = document.createElement("openai-chatkit");
  element.style = "display: block; width: 420px; height: 600px";
  where.append(element);
  await customElements.whenDefined("openai-chatkit");
  const kept = localStorage.getItem("thread");
  element.addEventListener("chatkit.thread.change", (event) => {
    if (event.detail.threadId) localStorage.setItem("thread", event.detail.threadId);
  });
  element.setOptions({
    api: { url: "/chatkit", domainKey: "local-dev", fetch: known },
    ...(kept ? { initialThread: kept } : {}),
  });
}
"""
"""What an integrator writes: the element, its options, and the thread that is kept."""
_PAGES: Final = {
    "plain": "chat(document.body);",
    "chat": "chat(document.body);",
    "late": "setTimeout(() => chat(document.body), 300);",
    "framed-from-another-site": """
        const frame = document.createElement("iframe");
        frame.style = "width: 460px; height: 640px";
        frame.src = `${location.origin.replace("localhost", "127.0.0.1")}/plain`;
        document.body.append(frame);
    """,
    "frame": """
        const frame = document.createElement("iframe");
        frame.style = "width: 460px; height: 640px";
        frame.src = "/plain";
        document.body.append(frame);
    """,
    "closed-shadow-root": """
        const widget = document.createElement("div");
        document.body.append(widget);
        chat(widget.attachShadow({ mode: "closed" }));
    """,
    "without-a-favicon": """
        document.head.insertAdjacentHTML("beforeend", '<link rel="icon" href="/favicon.ico">');
        document.body.insertAdjacentHTML("beforeend", '<img src="/favicon.ico" alt="">');
        chat(document.body);
    """,
    "dialog": """
        document.body.innerHTML = '<button id="open">Help</button><dialog></dialog>';
        const dialog = document.querySelector("dialog");
        document.querySelector("#open").onclick = () => { dialog.showModal(); chat(dialog); };
    """,
    "behind-a-service-worker": """
        navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready)
          .then(() => chat(document.body));
    """,
    "guarded": """
        const elsewhere = location.origin.replace("localhost", "127.0.0.1");
        await fetch(`${elsewhere}/elsewhere`, { mode: "no-cors" }).catch(() => {});
        await fetch("/away", { mode: "no-cors" }).catch(() => {});
        const reader = (await fetch("/drip")).body.getReader();
        await reader.read();
        await fetch("/seen");
        chat(document.body);
    """,
    "sign-up": "document.body.innerHTML = '<input type=password>';",
    "challenged": "document.title = 'Just a moment...';",
    "vite-error": """
        const overlay = document.createElement("vite-error-overlay");
        overlay.attachShadow({ mode: "open" }).innerHTML =
          "<style>.a {}</style><pre class=message-body>Failed to resolve import</pre>";
        document.body.append(overlay);
    """,
    "next-error": """
        const portal = document.createElement("nextjs-portal");
        portal.attachShadow({ mode: "open" }).innerHTML =
          "<div data-nextjs-dialog><button>1 of 1</button>chatkit is not defined</div>";
        document.body.append(portal);
    """,
    "consent": """
        document.body.innerHTML =
          "<div role=dialog>We use cookies <button>Accept</button></div>";
    """,
    "login": "localStorage.setItem('login', 'st0red-by-the-page');",
    "bare": "",
    "empty": "",
}
_WORKER: Final = """
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));
"""
_HTML: Final = """<!doctype html><html><head><meta charset="utf-8"><title>An app</title>
<meta name="viewport" content="width=device-width">
<script src="LOADER" async></script></head><body><script type="module">START MAIN</script></body></html>"""

_BARE: Final = "<!doctype html><html><head><title>An app</title></head><body></body></html>"


class OwnPages:
    """What was asked of the pages, and where they are."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []

    def asked(self, path: str) -> Request:
        """The last request to a path."""
        return next(request for request in reversed(self.requests) if request.url.path == path)


def without_end(respond: Respond) -> Respond:
    """The same answers, but that no stream is closed behind its last event."""

    async def answer(asked: Any) -> Response:
        response = await respond(asked)
        if not isinstance(response, StreamingResponse):
            return response
        body = response.body_iterator

        async def chunks() -> AsyncIterator[bytes | str | memoryview]:
            async for chunk in body:
                yield chunk
            await asyncio.Event().wait()

        return StreamingResponse(chunks(), media_type="text/event-stream")

    return answer


@contextmanager
def own_pages(*, secure: bool = False, respond: Respond | None = None) -> Iterator[OwnPages]:
    """Pages below ``/PAGE``, over https with a certificate that nobody vouches for where it is requested.

    ``respond``: in place of a good backend.
    """
    app = FastAPI(openapi_url=None)
    respond = respond or ControlBackend(SdkBackend(stream_ms=100)).answer
    certificate = LoopbackCertificate("localhost") if secure else None
    server = LoopbackServer(app, name="own-pages", tls=certificate.context if certificate else None)
    pages = OwnPages(f"{'https' if secure else 'http'}://localhost:{server.port}")

    seen = asyncio.Event()

    @app.get("/drip")
    async def drip() -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            await seen.wait()  # A body that is handed over in one piece never is.
            yield b"last"

        return StreamingResponse(parts(), media_type="text/plain")

    @app.get("/worker.js")
    async def worker() -> Response:
        return Response(_WORKER, media_type="text/javascript")

    @app.get("/away")
    async def away(request: Request) -> Response:
        pages.requests.append(request)
        return RedirectResponse(f"{pages.url.replace('localhost', '127.0.0.1')}/landed")

    @app.get("/{name}")
    async def page(name: str, request: Request) -> Response:
        pages.requests.append(request)
        if name == "guarded" and "authorization" not in request.headers:
            return Response(status_code=401, headers={"www-authenticate": 'Basic realm="an app"'})
        if name not in {*_PAGES, "seen"}:
            return HTMLResponse("<title>Not found</title>", status_code=404)
        if name == "seen":
            seen.set()
            return Response()
        html = _BARE if name == "bare" else _HTML
        html = html.replace("LOADER", LOADER_URL).replace("START", START).replace("MAIN", _PAGES[name])
        return HTMLResponse(html)

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        pages.requests.append(request)
        return await respond(await request.json())

    server.start()
    try:
        yield pages
    finally:
        server.stop()
