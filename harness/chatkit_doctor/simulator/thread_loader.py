"""A thread that the simulated component reads back from the backend, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatkit_doctor.component.thread_state import Thread
from chatkit_doctor.conversation.answers import UnreadableError, document_of
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.protocol.payload import JsonObject, as_object


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

    @property
    def is_endless(self) -> bool:
        """Whether the last page brought nothing new: the component asks on, and never gets further."""
        *before, last = ([item.get("id") for item in _items(page)] for page in self._pages)
        return not self.is_whole and {*last} <= {id_ for page in before for id_ in page}

    def thread(self) -> Thread:
        """The thread. Raises UnreadableError where the component cannot load it."""
        if self._error:
            raise UnreadableError(self._error)
        items: list[JsonObject] = []
        for page in self._pages:
            if not isinstance(as_object(page).get("data"), list):
                raise UnreadableError("the thread has no list of items")
            items += _items(page)
        return Thread.stored(self._id, items)


def _items(page: object) -> list[JsonObject]:
    data = as_object(page).get("data")
    return [item for item in data if isinstance(item, Mapping)] if isinstance(data, list) else []
