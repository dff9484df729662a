"""A thread that the simulated component reads back from the backend, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.lint.conversation import Call
from harness.lint.model_cors import refusal
from harness.lint.model_thread import Thread
from harness.protocol.events import member
from harness.protocol.payload import JsonObject, parse_json


class UnreadableError(Exception):
    """An answer that the component cannot load a thread from; says why."""


@dataclass(slots=True)
class Reading:
    """The answers so far: of ``threads.get_by_id``, and of ``items.list`` for what did not fit into it."""

    thread_id: object
    _pages: list[object] = field(default_factory=list)
    _id: object = None
    _error: str = ""

    def take(self, call: Call) -> None:
        """The next answer."""
        try:
            document = document_of(call)
        except UnreadableError as error:
            self._error = self._error or str(error)
            return
        if call.op == "threads.get_by_id":
            thread = as_object(document)
            self._id = thread.get("id")
            self._pages.append(thread.get("items"))
        else:
            self._pages.append(document)

    @property
    def is_whole(self) -> bool:
        """Whether no further page is to be asked for."""
        last = as_object(self._pages[-1]) if self._pages else {}
        return bool(self._error) or last.get("has_more") is not True

    def thread(self) -> Thread:
        """The thread. Raises UnreadableError where the component cannot load it."""
        if self._error:
            raise UnreadableError(self._error)
        items: list[JsonObject] = []
        for page in self._pages:
            data = as_object(page).get("data")
            if not isinstance(data, list):
                raise UnreadableError("the thread has no list of items")
            items += [item for item in data if isinstance(item, Mapping)]
        return Thread.stored(self._id, items)


def document_of(call: Call) -> object:
    """The JSON document a call was answered with. Raises UnreadableError when there is none to be had."""
    if refused := refusal(call):
        raise UnreadableError(refused)
    if call.status is None:
        raise UnreadableError(call.error or "it was never answered")
    if not 200 <= call.status < 300:
        raise UnreadableError(f"status {call.status}")
    try:
        return parse_json(call.body.decode(errors="replace"))
    except ValueError as error:
        raise UnreadableError(f"the answer is not JSON ({error})") from error


def params_of(call: Call) -> JsonObject:
    """The ``params`` of a request; empty where they cannot be read."""
    try:
        request = parse_json(call.request.decode(errors="replace"))
    except ValueError:
        return {}
    return member(as_object(request), "params")


def as_object(value: object) -> JsonObject:
    """The value where it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}
