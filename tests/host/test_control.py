"""The control backend is a real ChatKitServer that stores what it streams."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.responses import Response, StreamingResponse

from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.scenario.backend import SdkBackend


async def body_of(response: Response) -> bytes:
    if isinstance(response, StreamingResponse):
        return b"".join(
            [part if isinstance(part, bytes) else str(part).encode() async for part in response.body_iterator]
        )
    return bytes(response.body)


def conversation(*requests: dict[str, Any], reply: str = "Always this.") -> list[bytes]:
    """The bodies of the answers to requests, of which later ones may refer to ``THREAD``."""

    async def talk() -> list[bytes]:
        backend = ControlBackend(SdkBackend(reply=reply, stream_ms=0))
        bodies: list[bytes] = []
        thread = ""
        for request in requests:
            filled = json.loads(json.dumps(request).replace("THREAD", thread))
            bodies.append(await body_of(await backend.answer(filled)))
            if not thread:
                thread = json.loads(parse(bodies[0])[0][0].data)["thread"]["id"]
        backend.close()
        return bodies

    return asyncio.run(talk())


def message(op: str, text: str, **params: str) -> dict[str, Any]:
    user_input = {
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "inference_options": {},
    }
    return {"type": op, "params": {"input": user_input, **params}}


CREATE = message("threads.create", "First")
ADD = message("threads.add_user_message", "Second", thread_id="THREAD")
READ = {"type": "threads.get_by_id", "params": {"thread_id": "THREAD"}}


def test_a_turn_has_the_events_of_a_good_turn() -> None:
    (body,) = conversation(CREATE)
    types = [json.loads(event.data)["type"] for event in parse(body)[0]]
    assert types[:4] == ["thread.created", "thread.item.done", "stream_options", "thread.item.added"]
    assert types[-1] == "thread.item.done"


def test_what_was_streamed_is_what_is_stored() -> None:
    *_, read = conversation(CREATE, ADD, READ)
    items = json.loads(read)["items"]["data"]
    assert [item["content"][0]["text"] for item in items] == [
        "First",
        "Always this.",
        "Second",
        "Always this.",
    ]


def test_every_item_has_an_id_of_its_own() -> None:
    *_, read = conversation(CREATE, ADD, READ)
    ids = [item["id"] for item in json.loads(read)["items"]["data"]]
    assert len(set(ids)) == 4


def test_the_reply_can_quote_the_message() -> None:
    body = conversation(CREATE, reply="You said ${message}.")[0]
    final = json.loads(parse(body)[0][-1].data)
    assert final["item"]["content"][0]["text"] == "You said First."


def test_an_unknown_thread_is_not_found() -> None:
    async def ask() -> int:
        backend = ControlBackend(SdkBackend())
        response = await backend.answer({"type": "threads.get_by_id", "params": {"thread_id": "thr_none"}})
        backend.close()
        return response.status_code

    assert asyncio.run(ask()) == 404
