"""A page whose own fetch asks by every other way than by passing the request on: one for each message."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from websockets.sync.server import ServerConnection, serve

from chatkit_doctor.gather.other_requests import LONGEST_BODY
from chatkit_doctor.loopback import LoopbackServer
from tests.app_pages import LOADER

BY_SOCKET: Final = "Say it by a socket"
BY_EVENTS: Final = "Say it by events"
BY_WORKER: Final = "Say it by a worker"
BY_WORKERS_SOCKET: Final = "Say it by a socket of a worker"
BY_XHR: Final = "Say it by an old request"
BY_FORM: Final = "Say it by a form & more"
BY_NOBODY: Final = "Say it by yourself"
MADE_UP: Final = "Nobody had to be asked for this."
WAYS: Final = (BY_SOCKET, BY_EVENTS, BY_WORKER, BY_WORKERS_SOCKET, BY_XHR, BY_FORM, BY_NOBODY)

_MAIN: Final = """
const at = new Date().toISOString();
const item = (type, id, text, part) =>
  ({ type, id, thread_id: "thr_1", created_at: at, content: [{ type: part, text, annotations: [] }] });
let turn = 0;
const told = (asked, reply) => {
  turn += 1;
  const user = item("user_message", `u${turn}`, asked, "input_text");
  const events = [
    { type: "thread.item.done", item: { ...user, attachments: [], inference_options: {} } },
    { type: "thread.item.done", item: item("assistant_message", `a${turn}`, reply, "output_text") },
  ];
  const thread = { id: "thr_1", created_at: at, status: { type: "active" }, items: { data: [] } };
  if (turn === 1) events.unshift({ type: "thread.created", thread });
  const body = events.map((event) => `data: ${JSON.stringify(event)}\\n\\n`).join("");
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
};
const token = async () => (await fetch("/token")).text();
const json = (body) => ({ method: "POST", body: JSON.stringify(body) });

const at_socket = "ws://localhost:SOCKET/chat";
const socket = new WebSocket(at_socket);
const heard = (source, isLast) => new Promise((resolve) => {
  let text = "";
  source.onmessage = ({ data }) => {
    text += JSON.parse(data).delta;
    if (isLast(JSON.parse(data))) resolve(text);
  };
});
const worked = (work) => {
  const worker = new Worker("/worker.js");
  worker.postMessage(work);
  return new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
};
const ways = {
  "BY_SOCKET": async (said) => {
    socket.send(JSON.stringify({ message: said }));
    return heard(socket, ({ last }) => last);
  },
  "BY_EVENTS": async (said) => {
    const source = new EventSource("/events");
    const reply = heard(source, ({ last }) => last);
    await fetch("/messages", json({ message: said }));
    return reply.finally(() => source.close());
  },
  "BY_WORKER": (said, url, { method, body, headers }) =>
    worked({ fetches: [new URL(url, location.href).href, { method, body, headers }] }),
  "BY_WORKERS_SOCKET": (message) => worked({ at_socket, message }),
  "BY_XHR": async (said) => {
    await token();
    const request = new XMLHttpRequest();
    request.open("POST", "/api/chat");
    request.send(JSON.stringify({ message: said }));
    await new Promise((resolve) => { request.onload = resolve; });
    return JSON.parse(request.responseText).answer;
  },
  "BY_FORM": async (said) => {
    await token();
    const answer = await fetch("/proxy/7", { method: "POST", body: new URLSearchParams({ said }) });
    return (await answer.json()).answer;
  },
  "BY_NOBODY": async () => {
    await (await fetch("/me")).text();
    return "MADE_UP";
  },
};
await new Promise((resolve) => { socket.onopen = resolve; });
withFetch(async (url, init) => {
  const { type, params } = JSON.parse(init.body);
  if (!params?.input) return Response.json({ data: [], has_more: false });
  const said = params.input.content[0].text;
  return told(said, await ways[said](said, url, init));
});
"""
_WORKER: Final = """
onmessage = async ({ data: { fetches, at_socket, message } }) => {
  if (fetches) return postMessage((await (await fetch(...fetches)).json()).answer);
  const socket = new WebSocket(at_socket);
  let text = "";
  socket.onopen = () => socket.send(JSON.stringify({ message }));
  socket.onmessage = ({ data }) => {
    text += JSON.parse(data).delta;
    if (JSON.parse(data).last) postMessage(text);
  };
};
"""


@dataclass(frozen=True, slots=True)
class OtherWays:
    """Where the page and its socket are."""

    origin: str
    socket: str


def answer_to(said: str) -> str:
    """What the server answers to a message."""
    return f"The answer to {said.lower()}."


def _pieces(said: str) -> Iterator[str]:
    words = answer_to(said).split(" ")
    for number, word in enumerate(words, start=1):
        yield json.dumps({"delta": f" {word}" if number > 1 else word, "last": number == len(words)})


def _chat(connection: ServerConnection) -> None:
    for message in connection:
        for piece in _pieces(json.loads(message)["message"]):
            connection.send(piece)


@contextmanager
def other_ways(start: str) -> Iterator[OtherWays]:
    """The page at ``/``, and all it speaks to. ``start`` is what each page begins with."""
    app = FastAPI(openapi_url=None)
    socket = serve(_chat, "localhost", 0)
    port = socket.socket.getsockname()[1]
    server = LoopbackServer(app, name="other-ways")
    main = _MAIN.replace("SOCKET", str(port), 1)
    for name in (name for name in globals() if name.startswith("BY_") or name == "MADE_UP"):
        main = main.replace(f'"{name}"', json.dumps(globals()[name]))

    @app.get("/")
    async def page() -> Response:
        script = f'<script type="module">{start}{main}</script>'
        return HTMLResponse(f"<title>An app</title>{LOADER}<main id=app></main>{script}")

    @app.get("/worker.js")
    async def worker() -> Response:
        return Response(_WORKER, media_type="text/javascript")

    @app.get("/{name}")
    async def other(name: str) -> Response:
        if name != "events":
            return Response(f"{name} of nobody".ljust(LONGEST_BODY + 1 if name == "me" else 0))

        async def events() -> AsyncIterator[str]:
            for piece in _pieces(BY_EVENTS):
                yield f"data: {piece}\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    @app.post("/messages")
    async def taken() -> Response:
        return Response(status_code=202)

    @app.post("/{path:path}")
    async def chat(request: Request) -> Response:
        if request.headers["content-type"].startswith("application/x-www-form-urlencoded"):
            said: Any = BY_FORM
        else:
            body = await request.json()
            said = body["message"] if "message" in body else body["params"]["input"]["content"][0]["text"]
        return JSONResponse({"answer": answer_to(said)})

    serving = threading.Thread(target=socket.serve_forever, name="other-ways-socket")
    serving.start()
    server.start()
    try:
        yield OtherWays(f"http://localhost:{server.port}", f"ws://localhost:{port}/chat")
    finally:
        server.stop()
        socket.shutdown()
        serving.join()
