"""A ChatKit store on SQLite: whole items as JSON, in the order in which they were stored."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import TypeVar

from chatkit.store import NotFoundError, Store
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata
from pydantic import BaseModel, TypeAdapter

_SCHEMA = """
create table if not exists threads (seq integer primary key, id text unique not null, json text not null);
create table if not exists items (
  seq integer primary key, id text not null, thread_id text not null, json text not null,
  unique (thread_id, id)
);
create table if not exists attachments (id text primary key, json text not null);
"""
_ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
_ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)
Context = None
"""This store serves one person at a time and needs nothing of the request."""
T = TypeVar("T", bound=BaseModel)


class SQLiteStore(Store[None]):
    """Threads and items of one control backend. ``path`` may be ``:memory:``."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    async def load_thread(self, thread_id: str, context: None) -> ThreadMetadata:
        return ThreadMetadata.model_validate_json(
            self._one("select json from threads where id = ?", thread_id)
        )

    async def save_thread(self, thread: ThreadMetadata, context: None) -> None:
        metadata = ThreadMetadata.model_validate(thread.model_dump(include=set(ThreadMetadata.model_fields)))
        self._run(
            "insert into threads (id, json) values (?, ?) "
            "on conflict (id) do update set json = excluded.json",
            thread.id,
            metadata.model_dump_json(),
        )

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: None
    ) -> Page[ThreadMetadata]:
        rows = self._page("threads", "1 = 1", (), limit, after, order)
        return _paged([ThreadMetadata.model_validate_json(row) for row in rows], limit)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: None
    ) -> Page[ThreadItem]:
        rows = self._page("items", "thread_id = ?", (thread_id,), limit, after, order)
        items = [_ITEM.validate_json(row) for row in rows]
        more = len(items) > limit
        return Page(data=items[:limit], has_more=more, after=items[limit - 1].id if more else None)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: None) -> None:
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id: str, item: ThreadItem, context: None) -> None:
        self._run(
            "insert into items (id, thread_id, json) values (?, ?, ?) "
            "on conflict (thread_id, id) do update set json = excluded.json",
            item.id,
            thread_id,
            _ITEM.dump_json(item).decode(),
        )

    async def load_item(self, thread_id: str, item_id: str, context: None) -> ThreadItem:
        return _ITEM.validate_json(
            self._one("select json from items where thread_id = ? and id = ?", thread_id, item_id)
        )

    async def delete_thread(self, thread_id: str, context: None) -> None:
        self._run("delete from items where thread_id = ?", thread_id)
        self._run("delete from threads where id = ?", thread_id)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: None) -> None:
        self._run("delete from items where thread_id = ? and id = ?", thread_id, item_id)

    async def save_attachment(self, attachment: Attachment, context: None) -> None:
        self._run(
            "insert or replace into attachments (id, json) values (?, ?)",
            attachment.id,
            _ATTACHMENT.dump_json(attachment).decode(),
        )

    async def load_attachment(self, attachment_id: str, context: None) -> Attachment:
        return _ATTACHMENT.validate_json(
            self._one("select json from attachments where id = ?", attachment_id)
        )

    async def delete_attachment(self, attachment_id: str, context: None) -> None:
        self._run("delete from attachments where id = ?", attachment_id)

    def _run(self, sql: str, *values: str) -> None:
        with self._lock:
            self._db.execute(sql, values)

    def _one(self, sql: str, *values: str) -> str:
        with self._lock:
            row = self._db.execute(sql, values).fetchone()
        if row is None:
            raise NotFoundError(values[-1])
        return str(row[0])

    def _page(
        self, table: str, where: str, values: tuple[str, ...], limit: int, after: str | None, order: str
    ) -> list[str]:
        """One row more than the limit, so that the caller can tell whether there are more."""
        compare, direction = ("<", "desc") if order == "desc" else (">", "asc")
        bound: tuple[str | int, ...] = values
        if after is not None:
            # The cursor is an id; its place in the order is the sequence number.
            where += f" and seq {compare} (select seq from {table} where {where} and id = ?)"  # noqa: S608
            bound = (*values, *values, after)
        sql = f"select json from {table} where {where} order by seq {direction} limit ?"  # noqa: S608
        with self._lock:
            return [str(row[0]) for row in self._db.execute(sql, (*bound, limit + 1))]


def _paged(models: list[ThreadMetadata], limit: int) -> Page[ThreadMetadata]:
    more = len(models) > limit
    return Page(data=models[:limit], has_more=more, after=models[limit - 1].id if more else None)
