"""The page about ChatKit's behaviour is what the scenarios say, and nothing besides."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from chatkit.types import ThreadStreamEvent
from pydantic import TypeAdapter

from chatkit_doctor.report.behaviour_page import GOOD_TURN, behaviour_page, page_path
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select


@pytest.fixture(scope="module")
def scenarios() -> list[NamedScenario]:
    return select(["behaviour"])


@pytest.fixture(scope="module")
def page(scenarios: list[NamedScenario]) -> str:
    return behaviour_page(scenarios)


def test_the_committed_page_is_what_the_scenarios_say(page: str) -> None:
    assert page_path().read_text(encoding="utf-8") == page, "write it again: make docs"


def test_every_scenario_has_its_line(page: str, scenarios: list[NamedScenario]) -> None:
    missing = [n.name for n in scenarios if f"](../scenarios/{n.name}.yaml) |" not in page]
    assert missing == []


def test_the_events_that_must_be_sent_are_events_the_sdk_knows(page: str) -> None:
    lines = [line.removeprefix("data: ") for line in page.splitlines() if line.startswith("data: ")]
    types = [TypeAdapter(ThreadStreamEvent).validate_json(line).type for line in lines]
    assert types[0] == "thread.created"
    assert types.count("thread.created") == 1, "a later turn announces no thread"
    assert types.count("thread.item.done") == 4


def test_what_is_tolerated_passes(page: str, scenarios: list[NamedScenario]) -> None:
    tolerated = page.split("## What is tolerated")[1].split("\n## ", maxsplit=1)[0]
    listed = [n for n in scenarios if f"{n.name}.yaml" in tolerated]
    assert listed
    assert {n.scenario.expect.verdict for n in listed if n.scenario.expect} == {"pass"}


def test_what_a_scenario_says_is_text(scenarios: list[NamedScenario]) -> None:
    good = next(named for named in scenarios if named.name == GOOD_TURN)
    expect = Expect.model_validate({"verdict": "pass", "transcript": [{"user": "<b> | __id__"}]})
    named = replace(good, scenario=good.scenario.model_copy(update={"expect": expect}))
    assert "You: &lt;b&gt; \\| \\_\\_id\\_\\_" in behaviour_page([named])


def test_the_dates_of_the_page_do_not_depend_on_the_day(page: str) -> None:
    first = next(line for line in page.splitlines() if line.startswith("data: "))
    assert json.loads(first.removeprefix("data: "))["thread"]["created_at"] == "2026-01-01T00:00:00"
