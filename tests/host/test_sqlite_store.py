"""The SQLite store pages, orders and deletes as the SDK asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

import pytest
from chatkit.store import NotFoundError
from chatkit.types import AssistantMessageContent, AssistantMessageItem, ThreadMetadata

from chatkit_doctor.host.sqlite_store import SQLiteStore

T = TypeVar("T")
NOW = datetime(2026, 1, 1)  # noqa: DTZ001 - naive, as the SDK writes it


def with_items(count: int, ask: Callable[[SQLiteStore], Coroutine[Any, Any, T]]) -> T:
    async def run() -> T:
        store = SQLiteStore()
        await store.save_thread(ThreadMetadata(id="thr", created_at=NOW), None)
        for number in range(count):
            content = [AssistantMessageContent(text=str(number))]
            item = AssistantMessageItem(id=f"i{number}", thread_id="thr", created_at=NOW, content=content)
            await store.add_thread_item("thr", item, None)
        try:
            return await ask(store)
        finally:
            store.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("order", "after", "expected", "more"),
    [
        ("asc", None, ["i0", "i1"], True),
        ("asc", "i1", ["i2", "i3"], True),
        ("asc", "i3", ["i4"], False),
        ("desc", None, ["i4", "i3"], True),
        ("desc", "i1", ["i0"], False),
    ],
)
def test_items_are_paged_in_both_orders(
    order: str, after: str | None, expected: list[str], more: bool
) -> None:
    page = with_items(5, lambda store: store.load_thread_items("thr", after, 2, order, None))
    assert ([item.id for item in page.data], page.has_more) == (expected, more)


def test_an_item_stored_twice_is_one_item_in_its_old_place() -> None:
    async def again(store: SQLiteStore) -> list[str]:
        first = await store.load_item("thr", "i0", None)
        await store.save_item("thr", first, None)
        return [item.id for item in (await store.load_thread_items("thr", None, 9, "asc", None)).data]

    assert with_items(3, again) == ["i0", "i1", "i2"]


def test_a_deleted_thread_takes_its_items_along() -> None:
    async def delete(store: SQLiteStore) -> int:
        await store.delete_thread("thr", None)
        return len((await store.load_thread_items("thr", None, 9, "asc", None)).data)

    assert with_items(3, delete) == 0


def test_what_is_not_there_raises_not_found() -> None:
    with pytest.raises(NotFoundError):
        with_items(0, lambda store: store.load_item("thr", "nope", None))
