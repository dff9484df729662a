"""How the memory of a scripted backend fails: which of the streamed items it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chatkit_doctor.scenario.backend import Store

Items = list[dict[str, Any]]
"""The items of a thread, oldest first."""


def given_back(store: Store, items: Items) -> Items:
    """What a backend with this kind of store returns when these items are requested."""
    return _STORES[store](items)


def _without(kind: str) -> Callable[[Items], Items]:
    return lambda items: [item for item in items if item.get("type") != kind]


def _with_new_ids(items: Items) -> Items:
    return [item | {"id": f"row_{number}"} for number, item in enumerate(items, start=1)]


def _rewritten(items: Items) -> Items:
    return [_shouted(item) if item.get("type") == "assistant_message" else item for item in items]


def _shouted(item: dict[str, Any]) -> dict[str, Any]:
    return item | {"content": [part | {"text": str(part["text"]).upper()} for part in item["content"]]}


def _of_one_moment(items: Items) -> Items:
    """As of a turn that took less than the times in the store tell apart, and sorted by what is left."""
    moments = [item["created_at"] for item in items[:1]]
    return [item | {"created_at": moments[0]} for item in sorted(items, key=lambda item: str(item["id"]))]


_STORES: Final[dict[Store, Callable[[Items], Items]]] = {
    "keeps": lambda items: items,
    "forgets-replies": _without("assistant_message"),
    "forgets-messages": _without("user_message"),
    "forgets-all": lambda _items: [],
    "makes-new-ids": _with_new_ids,
    "reverses": lambda items: items[::-1],
    "one-moment": _of_one_moment,
    "rewrites": _rewritten,
    "doubles": lambda items: [twice for item in items for twice in (item, item)],
}
