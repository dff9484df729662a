"""What a backend remembers of the threads it has streamed, and its responses to requests for them."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from chatkit_doctor.host.stores import given_back
from chatkit_doctor.scenario.backend import Store

MAX_REMEMBERED_ITEMS: Final = 1_000
"""Items a backend remembers of a thread."""


class ThreadMemory:
    """The items of each thread by their ids, as finished events told them, and the threads' titles."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, dict[str, Any]]] = {}
        self._titles: dict[str, str | None] = {}

    def remember(self, event: Any, thread_id: str) -> None:
        """Take notice of an event that was sent in answer to a request that named this thread."""
        if not isinstance(event, dict):
            return
        if event.get("type") == "thread.created" and isinstance(event.get("thread"), dict):
            self._titles[str(event["thread"].get("id"))] = event["thread"].get("title")
        item = event.get("item")
        known = self._titles.keys()
        place = thread_id if thread_id in known or not known else next(reversed(known))
        items = self._items.setdefault(place, {})
        if (
            event.get("type") == "thread.item.done"
            and isinstance(item, dict)
            and len(items) < MAX_REMEMBERED_ITEMS
        ):
            items[str(item.get("id"))] = item
        elif event.get("type") == "thread.item.removed":
            items.pop(str(event.get("item_id")), None)

    def answer(self, op: str, thread_id: str, store: Store = "keeps") -> Response:
        """A plausible response to an operation whose response is a single JSON document."""
        items = given_back(store, list(self._items.get(thread_id, {}).values()))
        page = {"data": items, "has_more": False}
        thread = {"id": thread_id, "created_at": "2026-01-01T00:00:00", "status": {"type": "active"}}
        match op:
            case "threads.list":
                threads = [thread | {"id": id_, "title": title} for id_, title in self._titles.items()]
                return JSONResponse({"data": threads, "has_more": False})
            case "threads.get_by_id":
                return JSONResponse(thread | {"items": page})
            case "items.list":
                return JSONResponse(page)
            case _:
                return JSONResponse({})
