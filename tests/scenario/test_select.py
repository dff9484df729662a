"""What a user means by the arguments of `run`."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.errors import ScenarioError, UsageError
from chatkit_doctor.scenario.select import catalogue, run_name, select


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(f"title: {path!r}\n", encoding="utf-8")


def names(*arguments: str) -> list[str]:
    return [named.name for named in select(arguments)]


def test_nothing_said_means_the_catalogue() -> None:
    assert names() == list(catalogue())


def test_the_catalogue_is_in_the_order_in_which_parts_of_it_are_put_together() -> None:
    assert names() == sorted(names())


@pytest.mark.parametrize("argument", ["seed", "seed/"])
def test_a_folder_of_the_catalogue_stands_for_all_in_it(argument: str) -> None:
    assert names(argument) == ["seed/attempt-1", "seed/attempt-2", "seed/attempt-3"]


def test_a_shipped_scenario_keeps_its_name_when_it_is_named_by_its_ending(here: Path) -> None:
    assert names("seed/attempt-3.yaml") == ["seed/attempt-3"]


@pytest.mark.parametrize("argument", ["own.yaml", "./own.yaml", "own.yml"])
def test_a_file_goes_by_its_name(here: Path, argument: str) -> None:
    write(argument)
    assert names(argument) == ["own"]


@pytest.mark.parametrize("argument", ["mine", "mine/", "./mine"])
def test_a_folder_stands_for_all_files_below_it_in_order_of_their_names(here: Path, argument: str) -> None:
    write(
        "mine/b.yaml",
        "mine/a/z.yml",
        "mine/a-b.yaml",
        "mine/a.yaml",
        "mine/notes.txt",
        "mine/.hidden/x.yaml",
        "mine/.x.yaml",
    )
    assert names(argument) == ["a", "a-b", "a/z", "b"]


def test_the_working_folder_can_be_named(here: Path) -> None:
    write("a.yaml")
    assert names(".") == ["a"]


def test_arguments_keep_their_order_and_can_be_mixed(here: Path) -> None:
    write("mine/b.yaml", "z.yaml")
    assert names("z.yaml", "mine", "control/first-turn") == ["z", "b", "control/first-turn"]


def test_a_file_given_twice_is_run_once(here: Path) -> None:
    write("mine/b.yaml")
    assert names("mine/b.yaml", "mine", str(here / "mine" / "b.yaml")) == ["b"]


def test_two_folders_do_not_shadow_each_other(here: Path) -> None:
    write("x/a.yaml", "y/a.yaml", "y/b.yaml")
    chosen = select(["x", "y"])
    assert [(n.name, n.scenario.title) for n in chosen] == [
        ("x/a", "x/a.yaml"),
        ("y/a", "y/a.yaml"),
        ("b", "y/b.yaml"),
    ]


def test_two_endings_do_not_shadow_each_other(here: Path) -> None:
    write("x/a.yaml", "x/a.yml")
    assert names("x") == ["x/a.yaml", "x/a.yml"]


def test_a_shipped_scenario_is_not_shadowed(here: Path) -> None:
    write("mine/seed/attempt-1.yaml")
    assert names("mine", "seed/attempt-1") == ["mine/seed/attempt-1", "seed/attempt-1"]


def test_the_catalogue_comes_before_a_folder_of_the_same_name_unless_it_is_written_as_a_path(
    here: Path,
) -> None:
    write("seed/own.yaml")
    assert (len(names("seed")), names("./seed")) == (3, ["own"])


def test_a_name_that_cannot_be_printed_is_made_printable(here: Path) -> None:
    write("mine/a\nb.yaml")
    assert names("mine") == ["a\ufffdb"]


def test_a_file_whose_name_is_dots_keeps_its_ending(here: Path) -> None:
    write("...yaml")
    assert names("...yaml") == ["...yaml"]


@pytest.mark.parametrize(
    ("argument", "hint"),
    [
        ("seed/atempt-3", "seed/attempt-3"),
        ("sede", "seed"),
        ("zzzzzz", "Run `chatkit-doctor list` to see the catalogue."),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(here: Path, argument: str, hint: str) -> None:
    with pytest.raises(UsageError, match="no scenario, file or folder named") as caught:
        select([argument])
    assert hint in caught.value.hint


@pytest.mark.parametrize("argument", ["x" * 5000, "a\0b", "no/such.yaml", "", "a\nb"])
def test_what_is_no_path_is_no_scenario(here: Path, argument: str) -> None:
    with pytest.raises(UsageError) as caught:
        select([argument])
    assert "\n" not in caught.value.what


def test_a_folder_without_scenarios_says_so(here: Path) -> None:
    write("mine/notes.txt")
    with pytest.raises(UsageError, match=r"mine: this folder contains no scenario \(\*\.yaml, \*\.yml\)"):
        select(["mine"])


def test_another_file_is_no_scenario(here: Path) -> None:
    write("notes.txt")
    with pytest.raises(UsageError, match=r"notes\.txt: a scenario file name must end in \.yaml or \.yml"):
        select(["notes.txt"])


def test_the_mistakes_of_all_files_are_named(here: Path) -> None:
    Path("a.yaml").write_text("titel: x\n", encoding="utf-8")
    Path("b.yaml").write_text("- x\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        select(["a.yaml", "seed", "b.yaml"])
    assert str(caught.value).splitlines() == [
        "2 mistakes",
        "a.yaml:1:1: titel: unknown key; did you mean 'title'?",
        "b.yaml:1:1: a scenario must be a mapping with at least a title",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "catalogue"),
        (["seed"], "seed"),
        (["seed/attempt-3"], "seed/attempt-3"),
        (["./mine/"], "mine"),
        (["mine", "seed"], "scenarios"),
    ],
)
def test_a_run_is_called_after_what_was_asked_for(here: Path, arguments: list[str], expected: str) -> None:
    write("mine/a.yaml", "mine/b.yaml")
    assert run_name(arguments, select(arguments)) == expected
