"""What the exported server says: of each thread its replies, as events that a ``ChatKitServer`` yields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from chatkit.types import ThreadStreamEvent
from pydantic import TypeAdapter, ValidationError

from chatkit_doctor.conversation.answers import is_stream, params_of
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.correction import corrected
from chatkit_doctor.protocol.dialects import Frame
from chatkit_doctor.protocol.events import item_of, member, type_of
from chatkit_doctor.protocol.payload import JsonObject, as_object, parse_json, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.vocabulary import STREAMING_OPS

_EVENT: Final[TypeAdapter[ThreadStreamEvent]] = TypeAdapter(ThreadStreamEvent)
_OF_THE_SDK: Final = frozenset({"thread.created", "thread.updated", "stream_options"})
"""Events that the SDK sends by itself."""
_NOT_OF_REPLIES: Final = frozenset({"user_message"})

Reply = list[JsonObject]


class NoRepliesError(Exception):
    """Why no server can answer so, in a sentence without its end."""


def replies(conversation: Conversation) -> list[list[Reply]]:
    """The replies of each thread, in the order in which they were given.

    Raises NoRepliesError where none was streamed, or one holds what the SDK cannot send.
    """
    threads: dict[str, list[Reply]] = {}
    for number, call in enumerate(_answered(conversation), start=1):
        events = [value for event in parse(call.body)[0] if (value := read_payload(event.data).value)]
        begun = next((event for event in events if type_of(event) == "thread.created"), None)
        own = params_of(call).get("thread_id")
        thread = member(begun, "thread").get("id") if begun is not None else own
        threads.setdefault(str(thread), []).append(_reply(call, events, number))
    if not threads:
        raise NoRepliesError("no streamed reply can be served")
    return [_with_own_ids(each) for each in threads.values()]


def as_json(threads: list[list[Reply]]) -> str:
    """The text of the file that the server reads, one event to a line."""
    told = ["[\n" + ",\n".join("  " + _reply_text(reply) for reply in thread) + "\n]" for thread in threads]
    return "[" + ", ".join(told) + "]\n"


def _reply_text(reply: Reply) -> str:
    return "[\n" + ",\n".join(f"    {json.dumps(event, ensure_ascii=False)}" for event in reply) + "\n  ]"


def _answered(conversation: Conversation) -> Iterator[Call]:
    return (
        call
        for call in conversation.calls
        if call.op in STREAMING_OPS and not call.probe and call.status == 200 and is_stream(call)
    )


def _reply(call: Call, events: list[JsonObject], number: int) -> Reply:
    """The events of one reply, or those that say the same where the SDK does not send such ones."""
    kept = [event for event in events if _is_of_the_reply(event)]
    if not all(map(_is_sendable, kept)):
        frames = [Frame("", json.dumps(event), event) for event in events]
        request = as_object(_request(call))
        said = corrected(frames, op=call.op, request=request, turn=number)
        kept = [event for event in said if _is_of_the_reply(event)]
    unsendable = [type_of(event) for event in kept if not _is_sendable(event)]
    if unsendable:
        raise NoRepliesError(
            f"reply {number} contains something openai-chatkit does not send ({unsendable[0]})"
        )
    return kept


def _request(call: Call) -> object:
    try:
        return parse_json(call.request.decode(errors="replace"))
    except ValueError:
        return {}


def _is_of_the_reply(event: JsonObject) -> bool:
    item = item_of(event)
    return type_of(event) not in _OF_THE_SDK and (item is None or type_of(item) not in _NOT_OF_REPLIES)


def _is_sendable(event: JsonObject) -> bool:
    try:
        _EVENT.validate_python(event)
    except ValidationError:
        return False
    return True


def _with_own_ids(thread: list[Reply]) -> list[Reply]:
    """The same with ids that tell which item of which reply it is; the server makes them unique."""
    names: dict[object, str] = {}

    def named(id_: object, number: int) -> str:
        return names.setdefault(id_, f"reply-{number}-item-{len(names) + 1}")

    made: list[Reply] = []
    for number, reply in enumerate(thread, start=1):
        told: Reply = []
        for event in reply:
            item = item_of(event)
            if item is not None:
                event = {**event, "item": {**item, "id": named(item.get("id"), number)}}  # noqa: PLW2901
            if "item_id" in event:
                event = {**event, "item_id": named(event["item_id"], number)}  # noqa: PLW2901
            told.append(event)
        made.append(told)
    return made
