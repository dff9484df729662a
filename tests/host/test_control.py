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


def asked(settings: SdkBackend, *requests: dict[str, Any]) -> list[Any]:
    """The answers to operations that follow a first turn, as JSON; of streams, their events."""

    async def talk() -> list[Any]:
        backend = ControlBackend(settings, "http://localhost:1/s/x/files")
        events = parse(await body_of(await backend.answer(CREATE)))[0]
        first, last = json.loads(events[0].data), json.loads(events[-1].data)
        answers = []
        for request in requests:
            told = (
                json.dumps(request)
                .replace("THREAD", first["thread"]["id"])
                .replace("ITEM", last["item"]["id"])
            )
            body = await body_of(await backend.answer(json.loads(told)))
            streamed = parse(body)[0]
            answers.append([json.loads(event.data) for event in streamed] if streamed else json.loads(body))
        backend.close()
        return answers

    return asyncio.run(talk())


def action(op: str, **action: Any) -> dict[str, Any]:
    return {"type": op, "params": {"thread_id": "THREAD", "item_id": "ITEM", "action": action}}


def test_a_form_comes_back_in_the_reply() -> None:
    submit = action("threads.custom_action", type="submit", payload={"name": "Ann"})
    (events,) = asked(SdkBackend(replies=["widget"], stream_ms=0), submit)
    assert events[-1]["item"]["content"][0]["text"] == 'Done: submit {"name": "Ann"}'


def test_a_synchronous_action_changes_its_widget() -> None:
    (answer,) = asked(SdkBackend(replies=["widget"]), action("threads.sync_custom_action", type="save"))
    assert answer["updated_item"]["widget"]["children"][0]["value"] == "Saved"


def test_answers_to_its_questions_are_followed_by_the_reply() -> None:
    given = {"name": {"values": ["Ann"]}, "colour": {"values": ["Blue"]}}
    answers = {"thread_id": "THREAD", "item_id": "ITEM", "input": {"status": "answered", "answers": given}}
    settings = SdkBackend(replies=["questions"], reply="Thank you.", stream_ms=0)
    events, thread = asked(settings, {"type": "threads.add_structured_input", "params": answers}, READ)
    assert events[-1]["item"]["content"][0]["text"] == "Thank you."
    asked_for = [item for item in thread["items"]["data"] if item["type"] == "structured_input"]
    assert [each["answer"]["values"] for each in asked_for[0]["inputs"]] == [["Ann"], ["Blue"]]


def test_a_renamed_thread_has_its_title_and_a_deleted_one_is_gone() -> None:
    rename = {"type": "threads.update", "params": {"thread_id": "THREAD", "title": "My talk"}}
    delete = {"type": "threads.delete", "params": {"thread_id": "THREAD"}}
    every = {"type": "threads.list", "params": {}}
    _, before, _, after = asked(SdkBackend(stream_ms=0), rename, every, delete, every)
    assert [thread["title"] for thread in before["data"]] == ["My talk"]
    assert after["data"] == []
