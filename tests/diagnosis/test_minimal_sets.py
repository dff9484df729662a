"""Which faults must be repaired until nothing is left."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chatkit_doctor.diagnosis.minimal_sets import Left, minimal_sets


def left_by(cures: Mapping[str, list[set[str]]]) -> Left:
    """Symptoms by the sets of which any one clears them."""

    def left(repaired: frozenset[str]) -> frozenset[str]:
        return frozenset(s for s, sets in cures.items() if not any(each <= repaired for each in sets))

    return left


@pytest.mark.parametrize(
    ("cures", "wanted"),
    [
        ({"x": [{"b"}]}, [{"b"}]),
        ({"x": [{"b"}], "y": [{"d"}]}, [{"b", "d"}]),
        ({"x": [{"a", "c", "d"}]}, [{"a", "c", "d"}]),
        ({"x": [{"b"}, {"d"}]}, [{"b"}, {"d"}]),
        ({"x": [{"a", "b"}, {"c", "d"}]}, [{"a", "b"}, {"c", "d"}]),
        ({"x": [{"a"}, {"c", "d"}]}, [{"a"}]),
        ({"x": []}, [set()]),
        ({"x": [], "y": [{"c"}]}, [{"c"}]),
        ({}, [set()]),
    ],
)
def test_each_member_is_needed_and_no_smaller_set_does(
    cures: Mapping[str, list[set[str]]], wanted: list[set[str]]
) -> None:
    found = minimal_sets("abcd", left_by(cures), most_tried=100)
    smallest = min(map(len, found))
    assert sorted(sorted(each) for each in found if len(each) == smallest) == sorted(map(sorted, wanted))


def test_of_many_suspects_few_sets_are_tried() -> None:
    tried: set[frozenset[str]] = set()
    left = left_by({"x": [{"k"}]})

    def counting(repaired: frozenset[str]) -> frozenset[str]:
        tried.add(repaired)
        return frozenset(map(str, left(repaired)))

    suspects = "abcdefghijklmnop"
    assert minimal_sets(suspects, counting, most_tried=0) == [frozenset("k")]
    assert len(tried) < len(suspects)
