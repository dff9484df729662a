"""The conversation that a scripted scenario makes, without a socket and without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.host.body import Ending, Wait
from chatkit_doctor.host.frames import RequestFacts, events_of, pieces
from chatkit_doctor.host.thread_memory import ThreadMemory
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.scenario.backend import Answer, ScriptBackend
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Send
from tests.conversation.made import EVENT_STREAM, URL, answered, asked, conversation, said

THREAD: Final = "thr_1"
_STEP_MS: Final = 3_000.0
_HOW: Final[dict[str, BodyEnd]] = {"close": "finished", "cut": "cut", "hang": "open"}


def conversed(scenario: Scenario) -> Conversation:
    """What crosses the network in a scenario of messages and reloads, with one thread."""
    return conversation(*_calls(scenario))


def _calls(scenario: Scenario) -> Iterator[Call]:
    backend = scenario.backend
    assert isinstance(backend, ScriptBackend)
    memory = ThreadMemory()
    turn = 0
    if "threads.list" in backend.answers:
        yield _whole("threads.list", {"limit": 9999}, backend.answers["threads.list"][0], 0.0)
    for number, step in enumerate(scenario.steps):
        t = (number + 1) * _STEP_MS
        if isinstance(step, Send):
            turn += 1
            op = "threads.create" if turn == 1 else "threads.add_user_message"
            params = said(step.text) | ({"thread_id": THREAD} if turn > 1 else {})
            scripted = backend.answers.get(op) or backend.answers["*"]
            answer = scripted[min(turn, len(scripted)) - 1]
            facts = RequestFacts(op, step.text, THREAD, turn)
            for event in events_of(answer, facts):
                memory.remember(event, THREAD)
            yield (
                _whole(op, params, answer, t) if answer.stream is None else _stream(answer, facts, params, t)
            )
        elif scenario.page.remember_thread:
            params = {"thread_id": THREAD}
            if "threads.get_by_id" in backend.answers:
                read = _whole(
                    "threads.get_by_id", params, backend.answers["threads.get_by_id"][0], t, reload=True
                )
            else:
                document = json.loads(bytes(memory.answer("threads.get_by_id", THREAD, backend.store).body))
                read = answered("threads.get_by_id", params, document, t=t, reload=True)
            yield read


def _whole(op: str, params: dict[str, Any], answer: Answer, t: float, *, reload: bool = False) -> Call:
    return answered(op, params, answer.json_, t=t, status=answer.status, reload=reload)


def _stream(answer: Answer, facts: RequestFacts, params: dict[str, Any], t: float) -> Call:
    at = t + 10
    how = _HOW["close"]
    chunks = []
    for piece in pieces(answer, facts):
        match piece:
            case Wait():
                at += piece.ms
            case Ending():
                how = _HOW[piece.how]
            case bytes():
                at += 1
                chunks.append(Chunk(at, piece))
    return Call(
        facts.op,
        URL,
        t,
        asked(facts.op, params),
        status=answer.status,
        headers={**EVENT_STREAM, **{name.lower(): value for name, value in answer.headers.items()}},
        answered_ms=t + 10,
        chunks=tuple(chunks),
        how=how,
        ended_ms=at + 1,
    )
