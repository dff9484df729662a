"""How large an answer can become, and what it leaves out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.mcp_server.answers import LEFT_OUT, MOST_CHARACTERS, bounded, of_session
from chatkit_doctor.mcp_server.next_calls import ToolCall, in_terms_of_tools
from chatkit_doctor.report.json_output import as_json
from chatkit_doctor.report.model import MomentModel
from chatkit_doctor.results import SessionResult
from tests.report import examples

CALL: Final = ToolCall("check", {"url": "http://localhost:8000/chatkit", "headers": {"x-key": "k-123456"}})
REPORT: Final[dict[str, Any]] = json.loads(as_json(examples.attempt_3()))


def size(data: object) -> int:
    return len(json.dumps(data, ensure_ascii=False))


def test_what_has_room_is_left_as_it_is() -> None:
    small = {"id": "wrong-dialect", "sent": [{"text": "a"}]}
    assert bounded(small) == {**small, LEFT_OUT: []}


def test_what_is_least_needed_goes_first_and_is_named() -> None:
    rows = [MomentModel(t_ms=n, layer="sse", text="an event", n=n) for n in range(5_000)]
    report = examples.attempt_3().model_copy(update={"timeline": rows})
    told = of_session(SessionResult(report, Path("reports")), CALL).structured_content
    assert size(told) <= MOST_CHARACTERS
    assert (told["timeline"], "timeline" in told[LEFT_OUT]) == ([], True)
    assert (told["cause"], told["corrections"]) == (REPORT["cause"], REPORT["corrections"])


@pytest.mark.parametrize("most", [500, 2_000, 20_000])
@pytest.mark.parametrize(
    "grown",
    [
        {"cause": {"id": "wrong-dialect", "fix": "x" * 100_000}},
        {"causes": [{"id": "wrong-dialect", "fix": "x" * 500}] * 5_000},
        {"versions": {f"package-{n}": "1" * 50 for n in range(5_000)}},
        {"corrections": [{"text": "x" * 100_000}] * 3},
    ],
    ids=["a text", "a list", "an object", "corrections"],
)
def test_whatever_grows_there_is_an_answer_within_the_limit(grown: dict[str, Any], most: int) -> None:
    told = bounded({**REPORT, **grown, "folder": "/r/1"}, most)
    assert size(told) <= most
    assert (told["verdict"], told["folder"]) == ("fail", "/r/1")
    assert told[LEFT_OUT]


def test_what_no_encoding_has_costs_no_answer() -> None:
    told = bounded({"text": "a lone \ud800 surrogate"})
    assert json.dumps(told, ensure_ascii=False).encode("utf-8")


def test_what_to_do_next_is_said_as_calls_without_the_values_of_headers() -> None:
    answer = of_session(SessionResult(examples.attempt_3(), Path("reports")), CALL)
    explained, again = answer.structured_content["next"]
    assert (explained["tool"], explained["arguments"]) == ("explain", {"what": "wrong-dialect"})
    assert (again["tool"], again["arguments"]) == ("check", {"url": "http://localhost:8000/chatkit"})
    assert "the same headers" in again["why"]
    assert "k-123456" not in answer.model_dump_json()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Use --runtime snapshot.", "Use `runtime` snapshot."),
        ("For a ChatKit endpoint use --backend.", 'For a ChatKit endpoint use `kind="endpoint"`.'),
        ("Choose another folder with --output.", "Choose another folder with --output."),
        ("chatkit-doctor browser install", "chatkit-doctor browser install"),
    ],
)
def test_options_that_are_parameters_here_are_named_so(said: str, told: str) -> None:
    assert in_terms_of_tools(said) == told
