"""Pages that are nobody's but their author's: with one mistake each, and some that only look mistaken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response

from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.runtime.runtime import LOADER_PATH, LOADER_URL, Runtime
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.scenario.model import Limits
from tests.chatkit_events import created, done, item, user

LOADER: Final = f'<script src="{LOADER_URL}" async></script>'

NO_LOCALHOST: Final = "intranet.test"
"""A name that a browser is led here for; over http no secure context."""

START: Final = """
const api = { url: "/chatkit", domainKey: "local-dev" };
const place = document.querySelector("#app");
function element(where = place) {
  const made = document.createElement("openai-chatkit");
  made.style = "display: block; width: 420px; height: 600px";
  where.append(made);
  return made;
}
async function chat(options = {}) {
  const made = element();
  await customElements.whenDefined("openai-chatkit");
  made.setOptions({ api, ...options });
  return made;
}
const withFetch = (own) => chat({ api: { ...api, fetch: own } });
const isStream = (response) => response.headers.get("content-type")?.startsWith("text/event-stream");
"""
"""What each page has of its own: a place for the chat, and how it is put there."""


_PATIENT: Final = Limits()
_NEVER_READY: Final = Limits(ready=2_000)
_NEVER_OVER: Final = Limits(turn=2_500)


@dataclass(frozen=True, slots=True)
class AppPage:
    """What an integrator wrote, and what has to come of one turn on it."""

    main: str
    """The script of the page, after START."""
    cause: str = ""
    """What must be repaired; nothing where the page only looks mistaken."""
    says: str = ""
    """What of the page the answer has to name."""
    head: str = LOADER
    limits: Limits = _PATIENT
    """Hurried where the chat never comes or the turn never ends."""
    reloads: bool = False
    """Whether it takes a reload to see it."""
    host: str = "localhost"
    """Without a port: the page's server."""


FAULTY: Final[Mapping[str, AppPage]] = {
    "script-from-a-folder-of-the-app": AppPage(
        "chat();",
        "script-not-loaded",
        "/static/chatkit.js",
        head='<script src="/static/chatkit.js" async></script>',
        limits=_NEVER_READY,
    ),
    "script-refused-by-policy": AppPage(
        "chat();",
        "script-blocked-by-csp",
        LOADER_URL,
        head=f"""<meta http-equiv="content-security-policy" content="script-src 'unsafe-inline'">{LOADER}""",
        limits=_NEVER_READY,
    ),
    "script-copied-to-another-host": AppPage(
        "chat();",
        "frame-load-failed",
        "/vendor/index-reference.html",
        head='<script src="/vendor/chatkit.js" async></script>',
        limits=_NEVER_READY,
    ),
    "options-wait-for-an-event-that-waits-for-them": AppPage(
        'const made = element(); made.addEventListener("chatkit.ready", () => made.setOptions({ api }));',
        "options-never-set",
        limits=_NEVER_READY,
    ),
    "option-that-is-unknown": AppPage(
        'chat({ colour: "green" });', "invalid-options", "colour", limits=_NEVER_READY
    ),
    "container-that-never-fades-in": AppPage(
        'place.className = "fade"; place.style.opacity = 0; chat();', "container-not-visible", "main#app"
    ),
    "http-beyond-localhost": AppPage(
        "chat();", "insecure-context", f"http://{NO_LOCALHOST}/", limits=_NEVER_READY, host=NO_LOCALHOST
    ),
    "key-that-changes-in-mid-turn": AppPage(
        """
        const render = () => { place.replaceChildren(); return chat(); };
        render().then((made) => made.addEventListener("chatkit.response.start", render));
        """,
        "element-remounted",
        "put it back",
        limits=_NEVER_OVER,
    ),
    "element-that-is-moved-as-soon-as-it-has-its-options": AppPage(
        "const made = await chat(); made.remove(); place.append(made);",
        "element-remounted",
        "put it back before this turn",
        limits=_NEVER_OVER,
    ),
    "page-that-is-loaded-anew-in-mid-turn": AppPage(
        'chat().then((made) => made.addEventListener("chatkit.response.start", () => location.reload()));',
        "element-remounted",
        "page-that-is-loaded-anew-in-mid-turn",
        limits=_NEVER_OVER,
    ),
    "effect-that-begins-a-new-thread-in-mid-turn": AppPage(
        """
        const made = await chat();
        made.addEventListener("chatkit.response.start", () => made.setThreadId(null));
        """,
        "app-reset-thread",
        "setThreadId(null)",
    ),
    "client-tool-without-handler": AppPage(
        'chat({ api: { ...api, url: "/tool" } });', "client-tool-unhandled", "get_time"
    ),
    "listener-on-the-document": AppPage(
        """
        const keep = ({ detail }) => { location.hash = detail.threadId; };
        document.addEventListener("chatkit.thread.change", keep);
        chat({ initialThread: location.hash.slice(1) || null });
        """,
        "thread-not-restored",
        "without initialThread",
        reloads=True,
    ),
    "fetch-without-its-token": AppPage(
        'withFetch(async () => { throw new Error("no session token yet"); });',
        "fetch-threw",
        "no session token yet",
    ),
    "fetch-that-forgets-to-return": AppPage(
        "withFetch(async (...request) => { await fetch(...request); });",
        "fetch-not-a-response",
        "undefined",
    ),
    "fetch-that-logs-the-answer": AppPage(
        """
        withFetch(async (...request) => {
          const response = await fetch(...request);
          console.debug(await response.text());
          return response;
        });
        """,
        "fetch-consumed-body",
    ),
    "fetch-that-forgets-the-headers": AppPage(
        "withFetch(async (...request) => new Response((await fetch(...request)).body));",
        "fetch-dropped-headers",
        "text/event-stream",
        limits=_NEVER_OVER,
    ),
    "fetch-that-hands-on-the-deltas-alone": AppPage(
        """
        withFetch(async (...request) => {
          const response = await fetch(...request);
          if (!isStream(response)) return response;
          const events = (await response.text()).split("\\n\\n");
          const wanted = events.filter((event) => /thread.created|text_delta/.test(event));
          const body = wanted.map((event) => `${event}\\n\\n`).join("");
          return new Response(body, { headers: response.headers });
        });
        """,
        "fetch-altered-stream",
    ),
    "fetch-that-waits-for-the-whole-answer": AppPage(
        """
        withFetch(async (...request) => {
          const response = await fetch(request[0] + "?slow", request[1]);
          return new Response(await response.text(), { headers: response.headers });
        });
        """,
        "fetch-buffered-stream",
    ),
}
"""Each is what users write; the first answer must be what is wrong in it."""

SOUND: Final[Mapping[str, AppPage]] = {
    "an-effect-that-runs-twice": AppPage(
        """
        await customElements.whenDefined("openai-chatkit");
        const effect = () => {
          const made = element();
          made.setOptions({ api });
          return () => made.remove();
        };
        effect()();
        effect();
        """
    ),
    "element-that-is-moved-before-it-has-its-options": AppPage(
        """
        await customElements.whenDefined("openai-chatkit");
        const made = element();
        made.remove();
        place.append(made);
        made.setOptions({ api });
        """
    ),
    "options-made-anew-by-every-render": AppPage(
        """
        chat().then((made) => {
          const render = () => made.setOptions({ api: { ...api }, theme: { colorScheme: "light" } });
          for (const name of ["response.start", "thread.change", "response.end"])
            made.addEventListener(`chatkit.${name}`, render);
        });
        """
    ),
    "options-set-again-with-another-thread": AppPage(
        """
        chat().then((made) => made.addEventListener("chatkit.response.start", () =>
          made.setOptions({ api, initialThread: "thr_of_somebody_else" })));
        """
    ),
    "script-that-comes-late": AppPage(
        f"""
        chat();
        setTimeout(() => {{
          const late = document.createElement("script");
          late.src = "{LOADER_URL}";
          document.head.append(late);
        }}, 300);
        """,
        head="",
    ),
}
"""Each looks mistaken, and is none: what React's StrictMode and renders do, and a slow network."""

_HTML: Final = """<!doctype html><html><head><meta charset="utf-8"><title>An app</title>HEAD</head>
<body><main id="app"></main><script type="module">START MAIN</script></body></html>"""


_CALL: Final = item(
    "client_tool_call", "ctc_1", status="pending", call_id="call_1", name="get_time", arguments={}
)
_TOOL_CALLED: Final = (created(), done(user()), done(_CALL))


@contextmanager
def app_pages(runtime: Runtime) -> Iterator[int]:
    """The pages, each below ``/NAME``, and what they ask for; the port of their server."""
    app = FastAPI(openapi_url=None)
    backend, slow = (ControlBackend(SdkBackend(stream_ms=ms)) for ms in (150, 1_500))
    server = LoopbackServer(app, name="app-pages", names=(NO_LOCALHOST,))
    pages = {**FAULTY, **SOUND}

    @app.get("/vendor/chatkit.js")
    async def vendored() -> Response:
        return Response(runtime.files[LOADER_PATH].path.read_bytes(), media_type="text/javascript")

    @app.get("/{name}")
    async def page(name: str) -> Response:
        if name not in pages:
            return Response(status_code=404)
        html = _HTML.replace("HEAD", pages[name].head).replace("START", START)
        return HTMLResponse(html.replace("MAIN", pages[name].main))

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        chosen = slow if "slow" in request.query_params else backend
        return await chosen.answer(await request.json())

    @app.post("/tool")
    async def tool(request: Request) -> Response:
        body = await request.json()
        if body["type"] != "threads.create":
            return await backend.answer(body)
        events = "".join(f"data: {json.dumps(event)}\n\n" for event in _TOOL_CALLED)
        return Response(events, media_type="text/event-stream")

    server.start()
    try:
        yield server.port
    finally:
        server.stop()
