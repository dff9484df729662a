"""The reads of a HAR that a page made in place of the component's: known by what they were answered with.

A page's own fetch may read a thread with a plain ``GET /api/threads/7``. Its answer is taken for the
component's where it has the shape that the component is given, of a thread that was streamed before: another
shape may have been changed by the page before it was handed on, and nothing can be said of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chatkit_doctor.conversation.har_entry import answer_body, content_type, status_of
from chatkit_doctor.conversation.har_rewritten import announced, endpoint
from chatkit_doctor.protocol.events import ITEM_TYPES, member, type_of
from chatkit_doctor.protocol.payload import JsonObject, as_object, parse_json
from chatkit_doctor.safe_text import one_line

_MOST_BYTES: Final = 64 * 1024 * 1024
"""Of all bodies that are examined."""
_LONGEST: Final = 200
"""Characters of an endpoint in a note."""
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Read:
    """A read in the component's words, and in the page's."""

    op: str
    request: bytes
    """What the component asks where it reads this."""
    rewritten: bytes
    """What the page sent in place of that."""


@dataclass(slots=True)
class Reads:
    """Which requests in a page's own words read what the component reads. ``folder`` is the HAR's."""

    folder: Path | None
    _threads: set[str] = field(default_factory=set)
    _endpoints: dict[str, None] = field(default_factory=dict)
    _count: int = 0
    _bytes_left: int = _MOST_BYTES

    def streamed(self, answer: bytes) -> None:
        """A stream was answered, which may announce a thread."""
        self._threads |= announced(answer)

    def of(self, entry: JsonObject, sent: bytes) -> Read | None:
        """The read that an entry stands for; None for what is none."""
        name = endpoint(entry)
        is_json = content_type(entry) == "application/json" and status_of(member(entry, "response")) == 200
        if not name or not is_json or not self._threads or self._bytes_left <= 0:
            return None
        body = answer_body(entry, self.folder).data or b""
        self._bytes_left -= len(body)
        try:
            found = _read(as_object(parse_json(body.decode(errors="replace"))), self._threads)
        except ValueError:
            return None
        if found is None:
            return None
        op, params = found
        self._endpoints[name] = None
        self._count += 1
        return Read(op, json.dumps({"type": op, "params": params}).encode(), sent or name.encode())

    def note(self) -> str:
        """Which were taken; empty without any."""
        if not self._count:
            return ""
        noun = "read is" if self._count == 1 else "reads are"
        named = ", ".join(one_line(name, _LONGEST) for name in list(self._endpoints)[:_MOST_NAMED])
        more = len(self._endpoints) - _MOST_NAMED
        listed = f"{named} and {more} more" if more > 0 else named
        return (
            f"{self._count} {noun} not ChatKit's own, and recognised by the thread in the response: {listed}"
        )


def _read(document: JsonObject, threads: set[str]) -> tuple[str, dict[str, str]] | None:
    """The operation that is answered with such a document, and its parameters."""
    id_, items = document.get("id"), document.get("items")
    if isinstance(id_, str) and id_ in threads and isinstance(items, Mapping) and _are_items(items):
        return "threads.get_by_id", {"thread_id": id_}
    rows = document.get("data")
    if not isinstance(rows, list) or not rows or "has_more" not in document:
        return None
    owners = {as_object(row).get("thread_id") for row in rows}
    if _are_items(document) and len(owners) == 1 and (owner := owners.pop()) in threads:
        return "items.list", {"thread_id": str(owner)}
    if all(_is_thread(as_object(row)) for row in rows):
        return "threads.list", {}
    return None


def _are_items(page: JsonObject) -> bool:
    rows = page.get("data")
    return isinstance(rows, list) and all(type_of(as_object(row)) in ITEM_TYPES for row in rows)


def _is_thread(row: JsonObject) -> bool:
    return isinstance(row.get("id"), str) and "created_at" in row and isinstance(row.get("status"), Mapping)
