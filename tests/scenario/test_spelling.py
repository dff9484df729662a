from __future__ import annotations

import pytest

from chatkit_doctor.scenario.spelling import edits, nearest, suggestion


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("send", "send", 0), ("sned", "send", 1), ("sendd", "send", 1), ("sed", "send", 1), ("sand", "send", 1)],
)
def test_a_slip_of_the_hand_is_one_edit(a: str, b: str, expected: int) -> None:
    assert edits(a, b) == expected


def test_edits_add_up() -> None:
    assert edits("", "abc") == edits("abc", "") == 3


def test_swapped_letters_are_nearer_than_a_longer_word() -> None:
    assert nearest("ned", ["named", "end"]) == "end"


@pytest.mark.parametrize("written", ["setOptions", "set-options", "SET_OPTIONS"])
def test_case_and_dashes_are_a_matter_of_habit(written: str) -> None:
    assert nearest(written, ["options", "set_options"]) == "set_options"


def test_a_part_of_a_word_is_near_it() -> None:
    assert nearest("delay", ["event", "delay_ms"]) == "delay_ms"


def test_a_word_that_is_like_none_has_no_nearest() -> None:
    assert nearest("colour", ["send", "click"]) is None


def test_without_a_near_word_all_are_shown() -> None:
    assert suggestion("colour", ["send", "click"]) == "known are: send, click"
