"""What the tests leave out on the real component is shown there by something they do not leave out."""

from __future__ import annotations

from typing import Final

import pytest

from chatkit_doctor.compare.known import known_differences
from chatkit_doctor.scenario.select import catalogue, select
from tests.played import components, played

ALL: Final = list(catalogue())
PART: Final = frozenset(played("snapshot", has_snapshot=True, whole=False))
ON_BOTH: Final = frozenset(played("reference", has_snapshot=True, whole=False)) & PART


def _ids(names: frozenset[str]) -> set[str]:
    """Causes, symptoms and warnings that these scenarios expect."""
    found: set[str] = set()
    for named in select(sorted(names)):
        expect = named.scenario.expect
        assert expect is not None
        found |= {expect.cause or "no cause", *(expect.causes or []), *expect.symptoms, *expect.warnings}
    return found


def _near_misses(names: frozenset[str]) -> set[str]:
    expectations = (named.scenario.expect for named in select(sorted(names)))
    return {id_ for expect in expectations if expect is not None for id_ in expect.near_miss_of}


def test_the_real_component_shows_every_cause_and_symptom_and_warning() -> None:
    assert _ids(PART) == _ids(frozenset(ALL))


def test_the_real_component_comes_close_to_whatever_the_catalogue_comes_close_to() -> None:
    assert _near_misses(PART) == _near_misses(frozenset(ALL))


def test_of_every_folder_there_is_one() -> None:
    assert {name.rpartition("/")[0] for name in PART} == {name.rpartition("/")[0] for name in ALL}


def test_what_is_known_to_differ_is_played_on_both() -> None:
    assert {known.scenario for known in known_differences()} <= ON_BOTH


@pytest.mark.parametrize("folder", ["control", "seed"])
def test_what_everything_rests_on_is_played_on_both(folder: str) -> None:
    assert {name for name in ALL if name.startswith(f"{folder}/")} <= ON_BOTH


@pytest.mark.parametrize(
    ("runtime", "has_snapshot", "whole"),
    [
        ("snapshot", True, True),
        ("reference", True, True),
        ("reference", False, False),
    ],
    ids=["the real component in full", "the reference in full", "no copy of the real component"],
)
def test_everything_is_played(runtime: str, *, has_snapshot: bool, whole: bool) -> None:
    assert played(runtime, has_snapshot=has_snapshot, whole=whole) == ALL


def test_nothing_is_played_on_what_is_not_there() -> None:
    assert played("snapshot", has_snapshot=False, whole=True) == []


@pytest.mark.parametrize(
    ("has_snapshot", "whole", "expected"),
    [
        (True, False, ("snapshot",)),
        (True, True, ("reference", "snapshot")),
        (False, False, ("reference",)),
        (False, True, ("reference",)),
    ],
)
def test_other_sessions_are_played_on_the_real_component_where_there_is_one(
    *, has_snapshot: bool, whole: bool, expected: tuple[str, ...]
) -> None:
    assert components(has_snapshot=has_snapshot, whole=whole) == expected
