"""A thread as it was read: the page in ``threads.get_by_id``, and those of ``items.list`` behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges

Items = tuple[JsonObject, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ThreadPages:
    """One reading of a thread that gave a list of items.

    ``whole`` says whether every page of it was read: only then is something that is not there missing.
    """

    exchange: Exchange
    thread_id: str
    items: Items
    whole: bool
    stuck: Exchange | None = None
    """The first answer that says there is more, and brings nothing that had not come before."""
    again: int = 0
    """How many items that answer brought again."""
    asked: int = 1
    """How often the thread and its pages were asked for in this reading."""


def thread_pages(recording: Recording) -> tuple[ThreadPages, ...]:
    """Every reading of a thread. Use as ``recording.derive(thread_pages)``."""
    every = exchanges(recording)
    found = []
    for number, exchange in enumerate(every):
        if exchange.op != "threads.get_by_id":
            continue
        thread_id = asked_thread(exchange)
        first = member(_answer(recording, exchange), "items")
        if isinstance(first.get("data"), list):
            later = _behind(every[number + 1 :], thread_id)
            found.append(_read(recording, exchange, thread_id, first, later))
    return tuple(found)


def asked_thread(exchange: Exchange) -> str:
    """The thread a request is about; empty where it names none."""
    asked = exchange.body_asked
    params = member(cast("JsonObject", asked), "params") if isinstance(asked, Mapping) else {}
    return str(params.get("thread_id") or "")


def _behind(later: tuple[Exchange, ...], thread_id: str) -> list[Exchange]:
    """The further pages of a thread, until it is read again."""
    pages = []
    for exchange in later:
        if asked_thread(exchange) != thread_id:
            continue
        if exchange.op == "threads.get_by_id":
            break
        if exchange.op == "items.list":
            pages.append(exchange)
    return pages


def _read(
    recording: Recording, exchange: Exchange, thread_id: str, first: JsonObject, later: list[Exchange]
) -> ThreadPages:
    items: Items = ()
    page = first
    asked = 1 + len(later)
    is_known = True
    for answered in (exchange, *later):
        if answered is not exchange:
            page = _answer(recording, answered)
        if not page:
            # What was not answered, or not recorded, tells nothing of what is behind it.
            is_known = False
            continue
        brought = _items(page)
        known = {str(item.get("id")) for item in items}
        if page.get("has_more") is True and all(str(item.get("id")) in known for item in brought):
            return ThreadPages(
                exchange, thread_id, items, whole=False, stuck=answered, again=len(brought), asked=asked
            )
        items += brought
        if page.get("has_more") is not True:
            return ThreadPages(exchange, thread_id, items, whole=is_known, asked=asked)
    return ThreadPages(exchange, thread_id, items, whole=False, asked=asked)


def _answer(recording: Recording, exchange: Exchange) -> JsonObject:
    try:
        answer = exchange.answer(recording)
    except ValueError:
        return {}
    return cast("JsonObject", answer) if isinstance(answer, Mapping) else {}


def _items(page: JsonObject) -> Items:
    data = page.get("data")
    return tuple(item for item in data if isinstance(item, Mapping)) if isinstance(data, list) else ()
