"""Conversations made by hand, and what is made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation, SourceKind
from chatkit_doctor.engine.pipeline import judge, with_remedies
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.report.build import report_of
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.simulator.simulate import simulate
from tests.chatkit_events import HELLO, Event

URL: Final = "http://localhost:8000/chatkit"
EVENT_STREAM: Final = {"content-type": "text/event-stream"}
JSON: Final = {"content-type": "application/json"}
STREAM_MS: Final = 300.0


def sse(events: Iterable[Event]) -> list[bytes]:
    """Each event as it goes over the wire."""
    return [f"data: {json.dumps(event)}\n\n".encode() for event in events]


def asked(op: str, params: Mapping[str, Any]) -> bytes:
    """The body of a request."""
    return json.dumps({"type": op, "params": params}).encode()


def said(text: str) -> dict[str, Any]:
    """The input of a request that carries a message."""
    return {"input": {"content": [{"type": "input_text", "text": text}]}}


def streamed(
    op: str,
    params: Mapping[str, Any],
    events: Iterable[Event] | bytes,
    *,
    t: float = 0.0,
    first_ms: float = 30.0,
    stream_ms: float = STREAM_MS,
    **more: Any,
) -> Call:
    """A request that is answered with a stream: its first piece comes after ``first_ms``."""
    pieces = [events] if isinstance(events, bytes) else sse(events)
    begin, pace = t + first_ms, stream_ms / max(1, len(pieces) - 1)
    chunks = tuple(Chunk(begin + number * pace, piece) for number, piece in enumerate(pieces) if piece)
    times = {"answered_ms": begin, "ended_ms": begin + stream_ms + 1}
    made: dict[str, Any] = {"status": 200, "headers": EVENT_STREAM, "chunks": chunks, **times, **more}
    return Call(op, URL, t, asked(op, params), **made)


def first(events: Iterable[Event] | bytes, *, text: str = HELLO, t: float = 0.0, **more: Any) -> Call:
    """The first turn."""
    return streamed("threads.create", said(text), events, t=t, **more)


def later(events: Iterable[Event] | bytes, *, text: str = "And?", t: float = 1_000.0, **more: Any) -> Call:
    """A later turn."""
    params = said(text) | {"thread_id": "thr_1"}
    return streamed("threads.add_user_message", params, events, t=t, **more)


def answered(op: str, params: Mapping[str, Any], document: object, *, t: float, **more: Any) -> Call:
    """A request that is answered with one JSON document."""
    body = (Chunk(t + 5, json.dumps(document).encode()),)
    made: dict[str, Any] = {"status": 200, "headers": JSON, "chunks": body, **more}
    return Call(op, URL, t, asked(op, params), answered_ms=t + 5, ended_ms=t + 6, **made)


def read_back(items: Sequence[Event], *, t: float = 5_000.0, has_more: bool = False, **more: Any) -> Call:
    """The thread as the store gives it back after a reload."""
    page = {"data": list(items), "has_more": has_more}
    thread = {"id": "thr_1", "created_at": "2026-01-01T00:00:00", "status": {"type": "active"}, "items": page}
    return answered("threads.get_by_id", {"thread_id": "thr_1"}, thread, t=t, **{"reload": True, **more})


def conversation(*calls: Call, kind: SourceKind = "url", timed: bool = True) -> Conversation:
    """These calls, in this order."""
    return Conversation(kind, URL, calls, timed=timed)


def saved(body: bytes, *, op: str = "threads.create") -> Conversation:
    """A stream in a file: no request, no times."""
    call = Call(op, "", 0.0, status=200, headers=EVENT_STREAM, chunks=(Chunk(0.0, body),))
    return conversation(call, kind="stream", timed=False)


def judged(made: Conversation, folder: Path) -> ReportModel:
    """The report on a conversation. No audit may fail itself."""
    simulate(made, folder, Redactor())
    report = report_of(with_remedies(judge(load(folder), None)), {})
    assert [(each.id, each.why) for each in report.unanswered if each.status == "error"] == []
    return report


def symptoms(report: ReportModel) -> list[str]:
    """The ids of the symptoms, each once."""
    return list(dict.fromkeys(symptom.id for symptom in report.symptoms))


def answer(report: ReportModel) -> tuple[str, str, list[str]]:
    """Verdict, cause, and symptoms."""
    return report.verdict, report.cause.id if report.cause else "", symptoms(report)
