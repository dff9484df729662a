"""What the language and the library make of values that nobody expected."""

from __future__ import annotations

import pytest

from chatkit_doctor.component.javascript import (
    HOLE,
    UNDEFINED,
    ThrownError,
    at_unit,
    child,
    elements,
    get,
    index,
    joined,
    put,
    string,
    truthy,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (None, "null"),
        (UNDEFINED, "undefined"),
        (True, "true"),
        (7, "7"),
        (7.0, "7"),
        (1.5, "1.5"),
        ([1, None, ["a", "b"]], "1,,a,b"),
        ({}, "[object Object]"),
    ],
)
def test_a_value_as_a_text(value: object, text: str) -> None:
    assert string(value) == text


def test_a_list_in_lists_has_a_text_however_deep_it_is() -> None:
    value: object = [1, None, "x"]
    for _ in range(5_000):
        value = [value]
    assert string(value) == "1,,x"


@pytest.mark.parametrize(
    ("value", "text"), [(True, ""), (None, ""), (UNDEFINED, ""), (0, "0"), (["a", 1, None], "a1")]
)
def test_a_value_as_a_child(value: object, text: str) -> None:
    assert child(value) == text


@pytest.mark.parametrize("value", [{}, ["x", {}]])
def test_an_object_is_no_child(value: object) -> None:
    with pytest.raises(ThrownError, match="React child"):
        child(value)


@pytest.mark.parametrize("value", [[], {}, "x", 1, -1, True])
def test_what_holds_in_a_condition(value: object) -> None:
    assert truthy(value)


@pytest.mark.parametrize("value", [None, UNDEFINED, False, 0, 0.0, ""])
def test_what_does_not_hold_in_a_condition(value: object) -> None:
    assert not truthy(value)


@pytest.mark.parametrize("value", ["x", 5, True, []])
def test_what_has_no_such_property_has_nothing_there(value: object) -> None:
    assert get(value, "type") is UNDEFINED


@pytest.mark.parametrize(("value", "name"), [(None, "null"), (UNDEFINED, "undefined"), (HOLE, "undefined")])
def test_nothing_has_no_properties(value: object, name: str) -> None:
    with pytest.raises(ThrownError, match=rf"properties of {name} \(reading 'type'\)"):
        get(value, "type")


@pytest.mark.parametrize("value", [0, 0.0, "0"])
def test_a_place_however_it_is_written(value: object) -> None:
    assert index(value) == 0


@pytest.mark.parametrize("value", [-1, 0.5, True, None, "00", "", "x"])
def test_what_is_no_place(value: object) -> None:
    assert index(value) is None


def test_a_text_is_walked_through_and_a_number_not() -> None:
    assert elements("ab") == ["a", "b"]
    with pytest.raises(ThrownError, match="5 is not iterable"):
        elements(5)


def test_a_place_beyond_the_end_leaves_holes() -> None:
    values: list[object] = ["a"]
    put(values, 3, "d")
    assert values == ["a", HOLE, HOLE, "d"]


@pytest.mark.parametrize(
    ("text", "place", "at"), [("abc", 2, 2), ("abc", 4, -1), ("👋👋a", 4, 2), ("👋a", 3, 2), ("👋a", 4, -1)]
)
def test_an_emoji_counts_twice(text: str, place: int, at: int) -> None:
    assert at_unit(text, place) == at


def test_halves_of_a_character_are_one_again() -> None:
    assert joined(["Hi \ud83d", "\ude00"]) == "Hi 😀"
