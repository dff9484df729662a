"""What a file of known failures says, and what becomes of the scenarios that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.errors import ScenarioError
from chatkit_doctor.scenario.known_failures import with_known_failures
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.read import scenario_from
from chatkit_doctor.vocabulary import SYMPTOMS


def named(name: str, **expect: object) -> NamedScenario:
    return NamedScenario(
        name, Path(), scenario_from({"title": name, **({"expect": expect} if expect else {})})
    )


def written(folder: Path, text: str) -> Path:
    path = folder / "expected.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_entry_takes_the_place_of_what_was_expected(tmp_path: Path) -> None:
    path = written(tmp_path, "expected:\n  mine/one: {cause: wrong-dialect, symptoms: [blank-panel]}\n")
    one, two = with_known_failures(
        [named("mine/one", verdict="pass"), named("mine/two", verdict="pass")], path
    )
    assert one.scenario.expect is not None
    assert two.scenario.expect is not None
    assert (one.scenario.expect.verdict, one.scenario.expect.cause) == ("fail", "wrong-dialect")
    assert one.scenario.expect.symptoms == ["blank-panel"]
    assert one.scenario.expect.symptoms_may == []
    assert two.scenario.expect.verdict == "pass"


def test_symptoms_that_are_not_named_may_be_any(tmp_path: Path) -> None:
    (one,) = with_known_failures([named("one")], written(tmp_path, "expected: {one: {}}"))
    assert one.scenario.expect is not None
    assert (one.scenario.expect.symptoms, set(one.scenario.expect.symptoms_may)) == ([], set(SYMPTOMS))


def test_without_a_file_nothing_is_known() -> None:
    one = named("one", verdict="pass")
    assert with_known_failures([one], None) == [one]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("expected: {one: {cause: wrong-dialct}}", "did you mean 'wrong-dialect'?"),
        ("expected: {one: {verdict: pass}}", "a scenario that passes is not a failure: remove the entry"),
        ("expcted: {one: {}}", "unknown key; did you mean 'expected'?"),
        ("[one]", "known failures are a mapping with `expected`"),
        ("expected: {one: {symptms: [blank-panel]}}", "did you mean 'symptoms'?"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        with_known_failures([named("one")], written(tmp_path, text))
    assert says in str(refused.value)
    assert "expected.yaml:1:" in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"cannot be read: No such file") as refused:
        with_known_failures([named("one")], tmp_path / "none.yaml")
    assert "none.yaml" in str(refused.value)


def test_the_example_of_the_docs_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/ci.md").read_text(encoding="utf-8")
    (example,) = (block for block in page.split("```yaml\n")[1:] if block.startswith("expected:"))
    path = written(tmp_path, example.partition("```")[0])
    check, history = with_known_failures([named("check"), named("my-scenarios/history")], path)
    assert check.scenario.expect is not None
    assert history.scenario.expect is not None
    assert (check.scenario.expect.cause, history.scenario.expect.symptoms) == (
        "wrong-dialect",
        ["history-lost"],
    )
