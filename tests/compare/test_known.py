"""The list of known differences: usable, about scenarios that exist, and the same as what users read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatkit_doctor.compare.aspects import Aspect
from chatkit_doctor.compare.known import known_differences, read
from chatkit_doctor.compare.model import KnownModel
from chatkit_doctor.scenario.select import catalogue

PAGE = Path(__file__).parents[2] / "docs" / "reference-differences.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def test_every_known_difference_is_of_a_shipped_scenario() -> None:
    assert [entry for entry in known_differences() if entry.scenario not in catalogue()] == []


def test_no_known_difference_is_listed_twice() -> None:
    listed = [(entry.scenario, entry.aspect) for entry in known_differences()]
    assert len(listed) == len(set(listed))


def test_the_page_names_each_known_difference_with_its_reason_and_no_other() -> None:
    told = {
        (scenario, aspect.strip(), reason.strip())
        for scenario, aspects, reason in ROW.findall(PAGE.read_text(encoding="utf-8"))
        for aspect in aspects.split(",")
    }
    listed = {(entry.scenario, str(entry.aspect), entry.reason) for entry in known_differences()}
    assert told == listed


def test_an_entry_stands_for_each_of_its_aspects_with_its_reason_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(
        "differences:\n- scenario: a/b\n  aspects: [events, states]\n  reason: >\n    it is\n    so\n"
    )
    assert read(path) == (
        KnownModel(scenario="a/b", aspect=Aspect.EVENTS, reason="it is so"),
        KnownModel(scenario="a/b", aspect=Aspect.STATES, reason="it is so"),
    )


@pytest.mark.parametrize(
    "entry",
    [
        "{scenario: a/b, aspects: [colours], reason: x}",
        "{scenario: a/b, aspects: [], reason: x}",
        "{scenario: a/b, aspects: [events]}",
    ],
)
def test_an_entry_without_aspect_or_reason_is_refused(entry: str, tmp_path: Path) -> None:
    path = tmp_path / "known.yaml"
    path.write_text(f"differences: [{entry}]")
    with pytest.raises(ValueError, match="validation error"):
        read(path)
