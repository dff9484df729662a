"""Which pictures of a film are kept."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.gather.film_cut import Shot, cut


def shots(*times: float, size: int = 10) -> list[Shot]:
    return [Shot(t, b"x" * size, 480, 680) for t in times]


def kept(taken: Sequence[Shot], changes: Sequence[float], **limits: int) -> list[float]:
    return [shot.t for shot in cut(taken, changes, **limits).shots]


def test_of_each_state_the_last_picture_is_kept() -> None:
    assert kept(shots(10, 30, 50, 110, 130, 150), [0, 100, 200]) == [50, 150]


def test_a_picture_that_may_be_of_the_next_state_is_not_the_last_of_a_state() -> None:
    assert kept(shots(10, 50, 90, 150), [0, 100]) == [50, 150]


def test_a_state_shorter_than_a_frame_keeps_the_picture_that_there_is() -> None:
    assert kept(shots(50, 104, 150), [0, 100, 110]) == [50, 104, 150]


def test_before_the_last_picture_of_a_long_state_there_are_some_between() -> None:
    assert kept(shots(*range(0, 1_010, 10)), [0]) == [200, 600, 1_000]


def test_where_there_is_no_room_the_shortest_states_are_kept() -> None:
    assert kept(shots(50, 150, 900, 1_050), [0, 100, 200, 1_000, 1_100], most=2) == [50, 150]


def test_pictures_between_go_before_any_states_own() -> None:
    assert kept(shots(0, 500, 950, 1_050), [0, 1_000, 1_100], most=2) == [950, 1_050]


def test_the_bytes_of_all_pictures_are_limited() -> None:
    taken = shots(50, 150, 250, size=100)
    assert len(cut(taken, [0, 100, 200, 300], most_bytes=250).shots) == 2


def test_it_is_said_whether_each_state_has_kept_its_picture() -> None:
    taken, changes = shots(0, 500, 950, 1_050), [0.0, 1_000.0]
    assert [cut(taken, changes, most=most).is_whole for most in (4, 2, 1)] == [True, True, False]


def test_without_changes_and_without_pictures_nothing_is_kept() -> None:
    assert kept([], [1.0]) == []


@given(
    times=st.lists(st.integers(0, 3_000), max_size=60),
    changes=st.lists(st.integers(0, 3_000), max_size=20),
    most=st.integers(1, 10),
)
def test_a_cut_film_that_is_cut_again_stays_as_it_is(times: list[int], changes: list[int], most: int) -> None:
    once = cut(shots(*times), changes, most=most).shots
    assert len(once) <= most
    assert cut(once, changes, most=most).shots == once
