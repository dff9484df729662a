"""However short a scenario is written, it is the same scenario."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.scenario.backend import Answer, ScriptBackend
from chatkit_doctor.scenario.frames import Delay, End, EventFrame, GoodTurn, NamedFrame, RawFrame
from chatkit_doctor.scenario.read import scenario_from
from chatkit_doctor.scenario.steps import CallMethod, Click, Reload, Send


def steps(*written: object) -> list[Any]:
    return scenario_from({"title": "x", "steps": written}).steps


def answers(written: object) -> dict[str, list[Answer]]:
    backend = scenario_from({"title": "x", "backend": {"kind": "script", "answers": written}}).backend
    assert isinstance(backend, ScriptBackend)
    return backend.answers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"send": "Hello"}, Send(text="Hello")),
        ({"send": {"text": "Hello", "until": "reply"}}, Send(text="Hello", until="reply")),
        ({"click": "Retry"}, Click(name="Retry")),
        ({"click": {"name": "Retry", "nth": 1}}, Click(name="Retry", nth=1)),
        ("reload", Reload()),
        ({"reload": None}, Reload()),
        ({"reload": {}}, Reload()),
        ({"call": "focusComposer"}, CallMethod(method="focusComposer")),
        ({"call": {"method": "setThreadId", "args": ["t"]}}, CallMethod(method="setThreadId", args=["t"])),
    ],
    ids=str,
)
def test_a_step(written: object, expected: object) -> None:
    assert steps(written) == [expected]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"event": {"type": "x", "event": 1}}, EventFrame(event={"type": "x", "event": 1})),
        ({"named": "x", "data": [1]}, NamedFrame(named="x", data=[1])),
        ({"named": "x", "data": None}, NamedFrame(named="x", data=None)),
        ({"raw": ""}, RawFrame(raw="")),
        ({"delay_ms": 5}, Delay(delay_ms=5)),
        ({"good_turn": {"reply": "Hi", "stream_ms": 0}}, GoodTurn(reply="Hi", stream_ms=0)),
        ({"good_turn": "Hi"}, GoodTurn(reply="Hi")),
        ({"good_turn": None}, GoodTurn()),
        ("good_turn", GoodTurn()),
        ({"end": "cut"}, End(end="cut")),
    ],
    ids=str,
)
def test_a_frame(written: object, expected: object) -> None:
    ((answer,),) = answers({"*": {"stream": [written]}}).values()
    assert answer.stream == [expected]


def test_one_answer_is_a_list_of_one() -> None:
    one = {"status": 500}
    assert answers({"*": one}) == answers({"*": [one]}) == {"*": [Answer(status=500)]}


def test_json_may_be_anything_even_nothing() -> None:
    ((answer,),) = answers({"threads.list": {"json": None}}).values()
    assert "json_" in answer.model_fields_set


def test_what_the_canonical_form_says_of_the_kind_is_no_key_of_a_file() -> None:
    with pytest.raises(Exception, match="do: unknown key"):
        steps({"send": "Hello", "do": "send"})
