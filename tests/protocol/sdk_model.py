"""A model for the Agents SDK that says what it is told: Responses items, streamed as the API streams them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from agents import Model, ModelResponse
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

Json = dict[str, Any]

_EVENT: Final[TypeAdapter[Any]] = TypeAdapter(ResponseStreamEvent)


class ToldModel(Model):
    """Gives one answer after the other, each a list of output items."""

    def __init__(self, *answers: Sequence[Json]) -> None:
        self._answers = iter(answers)

    async def get_response(self, *_: Any, **__: Any) -> ModelResponse:
        """Only streams are requested."""
        raise NotImplementedError

    async def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        """The events of the next answer."""
        items = next(self._answers)
        response: Json = {"id": "resp", "object": "response", "created_at": 0, "model": "told", "output": []}
        response |= {"parallel_tool_calls": False, "tool_choice": "auto", "tools": []}
        events: list[Json] = [{"type": "response.created", "response": response}]
        for index, item in enumerate(items):
            events += [{"output_index": index, **event} for event in _streamed(item)]
        events.append({"type": "response.completed", "response": {**response, "output": list(items)}})
        for number, event in enumerate(events):
            told = _EVENT.validate_python({"sequence_number": number, **event})
            if "annotation" in event:
                told.annotation = event["annotation"]  # chatkit takes it as the API gives it: an object.
            yield told


def message(*parts: str | Json, name: str) -> Json:
    """A message of these texts; a part may bring its own annotations."""
    base = {"type": "output_text", "annotations": []}
    content = [{**base, "text": part} if isinstance(part, str) else {**base, **part} for part in parts]
    return {
        "type": "message",
        "id": name,
        "role": "assistant",
        "status": "completed",
        "content": content,
    }


def call(tool: str, name: str) -> Json:
    """A call of a function."""
    arguments = {"arguments": "{}", "status": "completed"}
    return {"type": "function_call", "id": name, "call_id": f"call_{name}", "name": tool, **arguments}


def reasoning(*thoughts: str, name: str) -> Json:
    """Reasoning with summaries."""
    summary = [{"type": "summary_text", "text": thought} for thought in thoughts]
    return {"type": "reasoning", "id": name, "summary": summary}


def image(name: str) -> Json:
    """A generated image."""
    return {"type": "image_generation_call", "id": name, "status": "completed", "result": "aGVsbG8="}


def _streamed(item: Json) -> list[Json]:
    empty: dict[str, Json] = {
        "message": {"content": []},
        "reasoning": {"summary": []},
        "image_generation_call": {"result": None},
    }
    begun = {**item, **empty.get(item["type"], {})}
    added = {"type": "response.output_item.added", "item": begun}
    done = {"type": "response.output_item.done", "item": item}
    return [added, *_inside(item), done]


def _inside(item: Json) -> list[Json]:
    """What is streamed between the beginning and the end of an item."""
    about = {"item_id": item["id"]}
    events: list[Json] = []
    if item["type"] == "message":
        for index, part in enumerate(item["content"]):
            events += [{**about, "content_index": index, **event} for event in _part(part)]
    elif item["type"] == "reasoning":
        kind = "response.reasoning_summary_text"
        for index, summary in enumerate(item["summary"]):
            text = summary["text"]
            place = {**about, "summary_index": index}
            events += [{**place, "type": f"{kind}.delta", "delta": half} for half in _halves(text)]
            events.append({**place, "type": f"{kind}.done", "text": text})
    elif item["type"] == "image_generation_call":
        kind = "response.image_generation_call.partial_image"
        events.append({**about, "type": kind, "partial_image_b64": "aGU=", "partial_image_index": 0})
    return events


def _part(part: Json) -> list[Json]:
    text = part["text"]
    empty = {**part, "text": "", "annotations": []}
    added = {"type": "response.content_part.added", "part": empty}
    deltas = [{"type": "response.output_text.delta", "delta": half, "logprobs": []} for half in _halves(text)]
    notes = [
        {"type": "response.output_text.annotation.added", "annotation": note, "annotation_index": number}
        for number, note in enumerate(part["annotations"])
    ]
    done = {"type": "response.output_text.done", "text": text, "logprobs": []}
    return [added, *deltas, *notes, done, {"type": "response.content_part.done", "part": part}]


def _halves(text: str) -> list[str]:
    middle = len(text) // 2
    return [text[:middle], text[middle:]]
