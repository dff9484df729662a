"""Whatever a scenario is called, its report has a folder of its own inside that of the run."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.scenario.names import RESERVED, distinct, folder_of
from chatkit_doctor.scenario.select import catalogue


def test_a_shipped_scenario_has_the_folder_of_its_name() -> None:
    assert {name: folder_of(name) for name in catalogue()} == {name: name for name in catalogue()}


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("my chat/first try", "my chat/first try"),
        ("Grüße", "Grüße"),
        ("..", "scenario"),
        ("../../etc", "etc"),
        ("/etc/passwd", "etc/passwd"),
        ("a//b", "a/b"),
        ("a\nb", "a-b"),
        ("a\0b", "a-b"),
        ("a\\b", "a-b"),
        ("C:evil", "C-evil"),
        ("", "scenario"),
        ("report.json", "report.json-"),
        ("chat/Screenshots", "chat/Screenshots-"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_name_becomes_a_folder(name: str, folder: str) -> None:
    assert folder_of(name) == folder


@given(st.text())
def test_no_name_leads_out_of_the_run_or_onto_its_files(name: str) -> None:
    parts = PurePosixPath(folder_of(name)).parts
    assert parts
    for part in parts:
        assert part not in {"", ".", "..", *RESERVED}
        assert not set(part) & set('/\\\0\n:*?"<>|')


def test_folders_can_be_made(tmp_path: Path) -> None:
    for name in ["\U0001f600" * 300, "a/" * 20, "\ud800", " . "]:
        (tmp_path / folder_of(name)).mkdir(parents=True, exist_ok=True)


def test_what_does_not_clash_keeps_its_shortest_name() -> None:
    assert distinct([("a", "x/a"), ("b", "x/b")]) == ["a", "b"]


def test_all_that_clash_take_a_longer_name() -> None:
    assert distinct([("a", "x/a"), ("a", "y/a"), ("b", "x/b")]) == ["x/a", "y/a", "b"]


def test_what_has_no_longer_name_keeps_its_own() -> None:
    assert distinct([("seed/a", "my/seed/a"), ("seed/a",)]) == ["my/seed/a", "seed/a"]


def test_what_clashes_in_every_name_gets_a_number_that_is_free() -> None:
    assert distinct([("a",), ("a",), ("a-2",), ("a",)]) == ["a", "a-3", "a-2", "a-4"]


@pytest.mark.parametrize(("one", "other"), [("Chat", "chat"), ("a?", "a!"), ("report.json", "report.json-")])
def test_two_names_with_one_folder_clash(one: str, other: str) -> None:
    names = distinct([(one,), (other,)])
    assert names == [one, f"{other}-2"]


@given(st.lists(st.lists(st.text("ab/.A", max_size=3), min_size=1, max_size=3), max_size=6))
def test_names_and_folders_are_never_shared(wanted: list[list[str]]) -> None:
    names = distinct(wanted)
    assert len({folder_of(name).casefold() for name in names}) == len(wanted)
