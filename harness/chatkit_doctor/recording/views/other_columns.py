"""The columns of an operation for which the page asked in a different way from passing the request on."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.protocol.payload import json_or_text
from chatkit_doctor.recording.entries import RequestOther
from chatkit_doctor.recording.views.differences import Difference
from chatkit_doctor.recording.views.operation_answers import Answer
from chatkit_doctor.recording.views.operation_columns import Column, Request, compared
from chatkit_doctor.recording.views.other_requests import Others, named

_MOST_NAMED: Final = 3
"""Other requests that are named in one note."""


def sent_by(asked: Request | None, other: RequestOther) -> Column[Request]:
    """What the page sent in place of what it was asked to send."""
    body = json_or_text(other.body) if other.body else None
    if other.way == "websocket":
        before = f"{asked.method} {asked.url}" if asked is not None else None
        request = Request("WebSocket", other.url, None, body)
        return Column("different", request, (Difference("way", before, named(other)),))
    notes = {"xhr": "Sent by XMLHttpRequest.", "event-source": "Requested by an EventSource."}
    note = "Sent by a worker." if other.by == "worker" else notes.get(other.way, "")
    return compared(asked, Request(other.method, other.url, other.headers, body), note)


def answered_by(other: RequestOther) -> Column[Answer]:
    """What came by it."""
    note = f"It arrived through {named(other)}." if other.way in {"websocket", "event-source"} else ""
    if not other.got:
        return Column(
            "none", note=f"No response: {other.error}." if other.error else note or "No response arrived."
        )
    content_type = other.content_type or ("text/event-stream" if other.way == "event-source" else "")
    status = 200 if other.way == "event-source" else other.status
    body = other.answer.encode("utf-8", "replace")
    is_known = other.is_whole or bool(body)
    return Column(
        "shown", Answer(status, content_type, body if is_known else None, True, not other.is_whole), note=note
    )


def told_beside(others: Others) -> str:
    """What the page had under way meanwhile, of which nothing says that it has to do with the chat."""
    if not others.rest:
        return ""
    listed = ", ".join(named(each.data) for each in others.rest[:_MOST_NAMED])
    more = len(others.rest) - _MOST_NAMED
    return f" Meanwhile the page had {listed}{f' and {more} more' if more > 0 else ''}."
