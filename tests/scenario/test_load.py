"""Scenario files: what is wrong is named with file, line, key, and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.errors import ScenarioError, UsageError
from chatkit_doctor.scenario.load import catalogue, load, select


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return str(caught.value)


def test_every_shipped_scenario_loads_and_says_where_it_leads() -> None:
    for named in select([]):
        assert named.scenario.expect is not None, named.name


@pytest.mark.parametrize(
    "name", ["control/first-turn", "control/two-turns", "control/reload", "seed/attempt-3"]
)
def test_the_catalogue_holds_what_the_readme_promises(name: str) -> None:
    assert name in catalogue()


def test_an_unknown_key_is_named_with_line_and_suggestion(tmp_path: Path) -> None:
    message = refused(tmp_path, "title: x\npage:\n  fetsh: none\n")
    assert "mine.yaml:3" in message
    assert "page.fetsh: unknown key; did you mean 'fetch'?" in message


def test_an_unknown_key_deep_inside_an_answer_is_found(tmp_path: Path) -> None:
    text = "title: x\nbackend:\n  kind: script\n  answers:\n    threads.create:\n      framin: {}\n"
    message = refused(tmp_path, text)
    assert "mine.yaml:6" in message
    assert "did you mean 'framing'?" in message


def test_an_unknown_frame_lists_the_known_ones(tmp_path: Path) -> None:
    text = "title: x\nbackend:\n  kind: script\n  answers:\n    '*':\n      stream:\n        - evnt: {}\n"
    assert "not a frame: use one of event, named, raw" in refused(tmp_path, text)


def test_an_unknown_step_lists_the_known_ones(tmp_path: Path) -> None:
    assert "steps.1: not a step: use one of send, click, reload, call" in refused(
        tmp_path, "title: x\nsteps:\n  - send: hi\n  - sned: hi\n"
    )


def test_a_symptom_outside_the_vocabulary_is_refused(tmp_path: Path) -> None:
    message = refused(tmp_path, "title: x\nexpect:\n  verdict: fail\n  symptoms: [gone]\n")
    assert "'gone' is no symptom" in message


def test_an_answer_has_one_body(tmp_path: Path) -> None:
    text = "title: x\nbackend:\n  kind: script\n  answers:\n    '*': {text: a, json: {}}\n"
    assert "one body" in refused(tmp_path, text)


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    assert "mine.yaml:2" in refused(tmp_path, "title: x\nsteps: [unclosed\n")


def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    assert "a scenario is a mapping" in refused(tmp_path, "- just\n- a list\n")


def test_a_wrong_name_suggests_the_right_one() -> None:
    with pytest.raises(UsageError, match="seed/attempt-3"):
        select(["seed/atempt-3"])


def test_a_folder_stands_for_all_scenarios_in_it() -> None:
    assert [named.name for named in select(["seed"])] == [
        "seed/attempt-1",
        "seed/attempt-2",
        "seed/attempt-3",
    ]


def test_a_scenario_can_be_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("title: my own\n")
    assert [named.name for named in select([str(path)])] == ["own"]
