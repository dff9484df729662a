"""Every mistake of a scenario is named: its line and column, its key, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.scenario.read import MistakesError, read, scenario_from
from chatkit_doctor.scenario.select import catalogue

SCRIPT = "title: x\nbackend:\n  kind: script\n  answers:\n    '*':\n"
IN_STREAM = "backend.answers.*.stream.0"
FRAME = f"{SCRIPT}      stream:\n        - "


def mistakes(text: str) -> list[str]:
    with pytest.raises(MistakesError) as caught:
        read(text.encode(), "mine.yaml")
    return [f"{m.place.line}:{m.place.column}: {m}" for _, m in caught.value.found]


STEPS = "send, click, reload, call, press, attach, fill, answer, choose, dictate, rename, delete"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titel: x\n", "1:1: titel: unknown key; did you mean 'title'?"),
        ("why: x\n", "1:1: 'title' is missing"),
        ("title: ''\n", "1:8: title: should not be empty"),
        ("title: 404\n", "1:8: title: should be a text but is 404; put it in quotes"),
        ("title: yes\n", "1:8: title: should be a text but is yes; put it in quotes"),
        ("title: [x]\n", "1:8: title: should be a text but is a list"),
        ("title:\n", "1:7: title: should be a text but is empty"),
        ("- title: x\n", "1:1: a scenario must be a mapping with at least a title"),
        ("title: x\npage:\n  fetsh: none\n", "3:3: page.fetsh: unknown key; did you mean 'fetch'?"),
        ("title: x\npage: 3\n", "2:7: page: should be a mapping but is 3"),
        (
            "title: x\npage: {remember_thread: maybe}\n",
            "2:25: page.remember_thread: should be true or false but is the text 'maybe'",
        ),
        (
            "title: x\npage: {headers: {a: 1}}\n",
            "2:21: page.headers.a: should be a text but is 1; put it in quotes",
        ),
        ("title: x\nlimits: {turn: 1.5}\n", "2:16: limits.turn: should be a whole number but is 1.5"),
        ("title: x\nlimits: {turn: 1}\n", "2:16: limits.turn: should be at least 100 but is 1"),
        ("title: x\nlimits: {turn: 700000}\n", "2:16: limits.turn: should be at most 600,000 but is 700000"),
        (
            "title: x\npage: {script: {load: lat}}\n",
            "2:23: page.script.load: 'lat' is not known here; did you mean 'late'?",
        ),
        (
            "title: x\npage: {script: {load: true}}\n",
            "2:23: page.script.load: should be one of early, late, never but is true",
        ),
        (
            "title: x\npage: {script: {load: perhaps}}\n",
            "2:23: page.script.load: 'perhaps' is none of early, late, never",
        ),
        ("title: x\nsteps: {send: hi}\n", "2:8: steps: should be a list but is a mapping"),
    ],
)
def test_a_key_or_value(text: str, expected: str) -> None:
    assert mistakes(text) == [expected]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("sned: hi", "3:5: steps.0.sned: unknown step; did you mean 'send'?"),
        ("shout: hi", f"3:5: steps.0.shout: unknown step; known are: {STEPS}"),
        ("send: {text: hi, untill: end}", "3:22: steps.0.send.untill: unknown key; did you mean 'until'?"),
        (
            "send: {text: hi, until: ending}",
            "3:29: steps.0.send.until: 'ending' is not known here; did you mean 'end'?",
        ),
        ("send: {until: end}", "3:5: steps.0.send: 'text' is missing"),
        ("send: 12", "3:11: steps.0.send: should be a text but is 12; put it in quotes"),
        ("send: [hi]", "3:11: steps.0.send: should be a mapping of text, until"),
        ("send:", "3:10: steps.0.send: should be a text but is empty"),
        ("{send: hi, until: end}", "3:16: steps.0.until: unknown key; write it under 'send'"),
        (
            "{send: hi, click: ok}",
            "3:16: steps.0.click: unknown key; a step is one thing: write 'click' as a step of its own",
        ),
        ("{reload: , now: 1}", "3:16: steps.0.now: unknown key; 'reload' takes nothing"),
        ("reload: now", "3:13: steps.0.reload: takes nothing"),
        ("hello", f"3:5: steps.0: should be a step, which starts with one of {STEPS}"),
        ("{}", f"3:5: steps.0: should be a step, which starts with one of {STEPS}"),
        (
            "call: {method: setThreadID}",
            "3:20: steps.0.call.method: 'setThreadID' is not known here; did you mean 'setThreadId'?",
        ),
    ],
)
def test_a_step(step: str, expected: str) -> None:
    assert mistakes(f"title: x\nsteps:\n  - {step}\n") == [expected]


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("evnt: {}", f"7:11: {IN_STREAM}.evnt: unknown frame; did you mean 'event'?"),
        ("event: x", f"7:18: {IN_STREAM}.event: should be a mapping but is the text 'x'"),
        ("nmaed: x\n          data: 1", f"7:11: {IN_STREAM}.nmaed: unknown frame; did you mean 'named'?"),
        ("named: x\n          dta: 1", f"8:11: {IN_STREAM}.dta: unknown key; did you mean 'data'?"),
        ("named: x", f"7:11: {IN_STREAM}: 'data' is missing"),
        ("good_turn: {with: []}", f"7:23: {IN_STREAM}.good_turn.with: unknown key; did you mean 'without'?"),
        (
            "good_turn: {without: [repli]}",
            f"7:33: {IN_STREAM}.good_turn.without.0: 'repli' is not known here; did you mean 'reply'?",
        ),
        ("end: cutt", f"7:16: {IN_STREAM}.end: 'cutt' is not known here; did you mean 'cut'?"),
        (
            "{delay_ms: 1, end: cut}",
            f"7:25: {IN_STREAM}.end: unknown key; a frame is one thing: write 'end' as a frame of its own",
        ),
    ],
)
def test_a_frame(frame: str, expected: str) -> None:
    assert mistakes(f"{FRAME}{frame}\n") == [expected]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("framin: {}", "6:7: backend.answers.*.framin: unknown key; did you mean 'framing'?"),
        ("- framin: {}", "6:9: backend.answers.*.0.framin: unknown key; did you mean 'framing'?"),
        (
            "- {status: 200}\n      - {staus: 500}",
            "7:10: backend.answers.*.1.staus: unknown key; did you mean 'status'?",
        ),
        ("status: 99", "6:15: backend.answers.*.status: should be at least 100 but is 99"),
        (
            "{text: a, json: {}}",
            "6:7: backend.answers.*: an answer can have only one body, but this has json and text",
        ),
        ("[]", "6:7: backend.answers.*: should not be empty"),
        ("hello", "6:7: backend.answers.*: should be a mapping but is the text 'hello'"),
    ],
)
def test_an_answer(answer: str, expected: str) -> None:
    assert mistakes(f"{SCRIPT}      {answer}\n") == [expected]


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("{}", "2:1: backend: 'kind' is missing, which is one of sdk, script, url, replay"),
        ("sdk", "2:10: backend: should be a mapping with a kind, which is one of sdk, script, url, replay"),
        ("{kind: scrpt, answers: {}}", "2:17: backend.kind: 'scrpt' is no kind; did you mean 'script'?"),
        ("{kind: llm}", "2:17: backend.kind: 'llm' is no kind; known are: sdk, script, url, replay"),
        ("{kind: 3}", "2:17: backend.kind: '3' is no kind; known are: sdk, script, url, replay"),
        ("{knd: url, url: 'http://x'}", "2:11: backend.knd: unknown key; did you mean 'kind'?"),
        (
            "{kind: sdk, answers: {}}",
            "2:22: backend.answers: unknown key; known are: other_origin, reply, stream_ms, replies",
        ),
        ("{kind: script}", "2:1: backend: 'answers' is missing"),
        (
            "{kind: script, answers: {threads.creat: {}}}",
            "2:35: backend.answers.threads.creat: unknown operation; did you mean 'threads.create'?",
        ),
        (
            "{kind: url, url: 'localhost:8000'}",
            "2:27: backend.url: should be an http(s) URL, such as http://localhost:8000/chatkit",
        ),
    ],
)
def test_a_backend(backend: str, expected: str) -> None:
    assert mistakes(f"title: x\nbackend: {backend}\n") == [expected]


@pytest.mark.parametrize(
    ("expect", "expected"),
    [
        ("{}", "2:1: expect: 'verdict' is missing"),
        ("{verdict: fial}", "2:19: expect.verdict: 'fial' is not known here; did you mean 'fail'?"),
        (
            "{verdict: fail, symptoms: [blank-pannel]}",
            "2:36: expect.symptoms.0: 'blank-pannel' is no symptom; did you mean 'blank-panel'?",
        ),
        (
            "{verdict: fail, symptoms_may: [gone]}",
            "2:40: expect.symptoms_may.0: 'gone' is no symptom; see `chatkit-doctor list symptoms`",
        ),
        (
            "{verdict: fail, cause: cors}",
            "2:32: expect.cause: 'cors' is no cause; did you mean 'cors-blocked'?",
        ),
        ("{verdict: fail, layer: pages}", "2:32: expect.layer: 'pages' is no layer; did you mean 'page'?"),
        (
            "{verdict: pass, transcript: [{usr: hi}]}",
            "2:39: expect.transcript.0.usr: unknown key; did you mean 'user'?",
        ),
        (
            "{verdict: pass, transcript: [{}]}",
            "2:38: expect.transcript.0: a message must be either `user: text` or `assistant: text`",
        ),
    ],
)
def test_an_expectation(expect: str, expected: str) -> None:
    assert mistakes(f"title: x\nexpect: {expect}\n") == [expected]


def test_all_mistakes_are_named_one_per_line_in_their_order() -> None:
    steps = "steps:\n  - sned: hi\n  - send: {text: hi, untill: end}\n"
    text = f"titel: x\n{steps}expect: {{verdict: fial}}\ntitel: y\n"
    with pytest.raises(MistakesError) as caught:
        read(text.encode(), "mine.yaml")
    assert str(caught.value).splitlines() == [
        "5 mistakes",
        "mine.yaml:1:1: titel: unknown key; did you mean 'title'?",
        "mine.yaml:3:5: steps.0.sned: unknown step; did you mean 'send'?",
        "mine.yaml:4:22: steps.1.send.untill: unknown key; did you mean 'until'?",
        "mine.yaml:5:19: expect.verdict: 'fial' is not known here; did you mean 'fail'?",
        "mine.yaml:6:1: titel: duplicate key, first defined in line 1",
    ]


def test_a_step_of_which_nothing_is_right_has_several() -> None:
    assert mistakes("title: x\nsteps:\n  - send: {untill: end}\n") == [
        "3:5: steps.0.send: 'text' is missing",
        "3:12: steps.0.send.untill: unknown key; did you mean 'until'?",
    ]


def test_a_single_mistake_is_one_line() -> None:
    with pytest.raises(MistakesError) as caught:
        read(b"title: x\nwyh: y\n", "mine.yaml")
    assert str(caught.value) == "mine.yaml:2:1: wyh: unknown key; did you mean 'why'?"


def test_what_is_wrong_below_a_misspelled_key_is_named_at_once() -> None:
    assert len(mistakes("title: x\npge: {fetsh: none}\n")) == 2


def test_a_key_that_could_act_on_a_terminal_is_shown_harmless() -> None:
    (mistake,) = mistakes('title: x\n"\\e[31m": y\n')
    assert "\x1b" not in mistake


def test_python_data_is_refused_with_the_keys_alone() -> None:
    with pytest.raises(MistakesError) as caught:
        scenario_from({"title": "x", "steps": [{"sned": "hi"}]})
    assert str(caught.value) == "scenario: steps.0.sned: unknown step; did you mean 'send'?"


SCENARIOS: Final = [path.read_bytes() for path in catalogue().values()]
VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    [],
    ["x"],
    [None],
    {},
    {"x": 1},
    [[]],
    [{}],
)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping or list in a scenario with every key or index of it."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield data, key
        yield from places(value)


@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_the_place_of_a_value_is_answered_in_our_own_words(data: st.DataObject) -> None:
    scenario = yaml.safe_load(data.draw(st.sampled_from(SCENARIOS)))
    holder, key = data.draw(st.sampled_from(list(places(scenario))))
    holder[key] = data.draw(st.sampled_from(VALUES))
    # "cannot be" are the words for what nobody thought of.
    assert "cannot be" not in answer(scenario)


def answer(scenario: dict[str, Any]) -> str:
    try:
        scenario_from(scenario)
    except MistakesError as error:
        return str(error)
    return ""
