"""Reading one scenario file, and the shipped ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.errors import ScenarioError
from chatkit_doctor.scenario.backend import ReplayBackend
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.read import read
from chatkit_doctor.scenario.select import catalogue
from tests.shipped import shipped

PAGE: Final = Path(__file__).parents[2] / "docs" / "own-scenarios.md"


def test_every_shipped_scenario_loads_and_says_where_it_leads() -> None:
    for named in shipped():
        assert named.scenario.expect is not None, named.name


@pytest.mark.parametrize(
    "name", ["control/first-turn", "control/two-turns", "control/reload", "seed/attempt-3"]
)
def test_the_catalogue_holds_what_the_documentation_promises(name: str) -> None:
    assert name in catalogue()


def test_the_scenario_of_the_page_can_be_used() -> None:
    examples = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert examples
    for example in examples:
        assert read(example.encode(), PAGE.name).steps


def test_the_mistakes_on_the_page_are_those_that_are_found() -> None:
    text = PAGE.read_text(encoding="utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    wrong = example.replace("stream_ms", "strem_ms").replace("send: Hello", "sned: Hello")
    with pytest.raises(ScenarioError) as caught:
        read(wrong.encode(), "my-scenario.yaml")
    assert str(caught.value).splitlines()[1:] == re.findall(
        r"^    (my-scenario\.yaml:.*)$", text, re.MULTILINE
    )


def test_a_scenario_goes_by_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("title: mine\n", encoding="utf-8")
    named = load(path)
    assert (named.name, named.path, named.scenario.title) == ("own", path, "mine")


def test_a_mistake_is_named_with_the_file_as_the_person_named_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.yaml").write_text("titel: mine\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match=r"^own\.yaml:1:1: titel: unknown key"):
        load(Path("own.yaml"))


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"own\.yaml: the file cannot be read: No such file"):
        load(tmp_path / "own.yaml")


REPLAY = "title: again\nbackend: {kind: replay, recording: kept}\n"


def test_a_recording_to_replay_lies_where_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "again.yaml").write_text(REPLAY, encoding="utf-8")
    backend = load(tmp_path / "again.yaml").scenario.backend
    assert isinstance(backend, ReplayBackend)
    assert backend.recording == str(tmp_path / "kept")


def test_a_recording_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(REPLAY, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"again\.yaml: no recording found at .*kept"):
        load(tmp_path / "again.yaml")


def test_a_file_without_end_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="larger than 4 MB"):
        load(Path("/dev/zero"))


def test_a_name_that_would_break_the_line_is_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.yaml"
    path.write_text("- x\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(caught.value).count("\n") == 0
