"""The conversations of the backend that was written by hand, in SQLite."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Final

from agents import TResponseInputItem

FIRST: Final = 223
"""The first conversation's id; the report had this one on its screen."""
_SCHEMA: Final = """
create table if not exists conversations (id integer primary key, user_id text not null);
create table if not exists messages (
  id integer primary key, conversation_id integer not null, role text not null, text text not null
);
"""
_BEGIN: Final = """
insert into conversations (id, user_id)
select max(coalesce(max(id), 0) + 1, ?), ? from conversations
"""


class Conversations:
    """Who said what. ``path`` is the database's file."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._db.executescript(_SCHEMA)

    def begin(self, user_id: str) -> int:
        """A new conversation."""
        with self._lock:
            return int(self._db.execute(_BEGIN, (FIRST, user_id)).lastrowid or 0)

    def add(self, conversation_id: int, role: str, text: str) -> int:
        """Store a message. The answer is its number."""
        with self._lock:
            sql = "insert into messages (conversation_id, role, text) values (?, ?, ?)"
            return int(self._db.execute(sql, (conversation_id, role, text)).lastrowid or 0)

    def messages(self, conversation_id: int) -> list[TResponseInputItem]:
        """All of a conversation, as an agent wants them."""
        with self._lock:
            sql = "select role, text from messages where conversation_id = ? order by id"
            rows = self._db.execute(sql, (conversation_id,)).fetchall()
        return [
            {"role": "user" if role == "user" else "assistant", "content": str(text)} for role, text in rows
        ]
