"""A scripted answer becomes exactly the bytes its framing describes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_doctor.host.body import Ending, Wait
from chatkit_doctor.host.frames import RequestFacts, pieces
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.scenario.backend import Answer, ScriptBackend
from chatkit_doctor.scenario.read import scenario_from

FACTS = RequestFacts(op="threads.create", message='say "hi"', thread_id="thr_7", turn=2)


def scripted(answer: dict[str, Any]) -> Answer:
    backend = scenario_from({"title": "x", "backend": {"kind": "script", "answers": {"*": answer}}}).backend
    assert isinstance(backend, ScriptBackend)
    return backend.answers["*"][0]


def written(stream: list[dict[str, Any]], **framing: Any) -> bytes:
    answer = scripted({"stream": stream, "framing": framing})
    return b"".join(piece for piece in pieces(answer, FACTS) if isinstance(piece, bytes))


EVENTS: list[dict[str, Any]] = [
    {"event": {"type": "a", "n": 1}},
    {"event": {"type": "b", "text": "zwei \u00fc"}},
]


def test_an_event_is_one_data_line_and_a_blank_line() -> None:
    assert written(EVENTS[:1]) == b'data: {"type": "a", "n": 1}\n\n'


@pytest.mark.parametrize(
    "framing",
    [
        {"line_end": "crlf"},
        {"line_end": "cr"},
        {"event_names": True},
        {"ids": True},
        {"retry": True},
        {"comments": True},
        {"bom": True},
        {"prefix": "data:"},
        {"bytes_per_write": 1},
    ],
    ids=str,
)
def test_every_legal_framing_reads_as_the_same_events(framing: dict[str, Any]) -> None:
    events, problems = parse(written(EVENTS, **framing))
    assert [json.loads(event.data)["type"] for event in events] == ["a", "b"]
    assert problems == []


def test_a_forgotten_blank_line_is_really_forgotten() -> None:
    assert b"\n\n" not in written(EVENTS, separator="newline")


def test_the_request_is_filled_into_every_string() -> None:
    body = written([{"event": {"${op}": ["${message}", {"id": "${thread_id}-${turn}"}]}}])
    assert json.loads(body.removeprefix(b"data: ")) == {"threads.create": ['say "hi"', {"id": "thr_7-2"}]}


def test_a_raw_frame_is_sent_as_it_is() -> None:
    assert written([{"raw": "not: sse at all"}]) == b"not: sse at all"


def test_a_named_frame_carries_its_name() -> None:
    assert written([{"named": "thread.message.created", "data": {"x": 1}}]).startswith(
        b"event: thread.message.created\ndata: {"
    )


def test_nothing_follows_an_ending() -> None:
    answer = scripted({"stream": [{"event": {"type": "a"}}, {"end": "cut"}, {"event": {"type": "b"}}]})
    assert list(pieces(answer, FACTS))[1:] == [Ending("cut")]


def test_a_good_turn_takes_its_time() -> None:
    answer = scripted({"stream": [{"good_turn": {"reply": "one two three four", "stream_ms": 200}}]})
    assert [piece.ms for piece in pieces(answer, FACTS) if isinstance(piece, Wait)] == [50, 50, 50, 50]


def test_a_good_turn_validates_against_the_sdk() -> None:
    from chatkit.types import ThreadStreamEvent
    from pydantic import TypeAdapter

    events, _ = parse(written([{"good_turn": {"reply": "fine", "stream_ms": 0}}]))
    adapter: TypeAdapter[ThreadStreamEvent] = TypeAdapter(ThreadStreamEvent)
    types = [adapter.validate_json(event.data).type for event in events]
    assert (types[0], types[-1]) == ("thread.created", "thread.item.done")
