"""Two sequences side by side."""

from __future__ import annotations

from chatkit_doctor.compare.alignment import align, align_moments
from chatkit_doctor.report.model import MomentModel


def told(left: list[str], right: list[str]) -> list[tuple[str | None, str | None, bool]]:
    return [(row.left, row.right, row.same) for row in align(left, right)]


def moment(text: str, layer: str = "dom", t_ms: float = 1) -> MomentModel:
    return MomentModel(t_ms=t_ms, layer=layer, text=text, n=1)


def test_what_both_have_stands_in_the_same_row() -> None:
    assert told(["a", "b"], ["a", "b"]) == [("a", "a", True), ("b", "b", True)]


def test_an_extra_line_moves_what_follows_and_stands_beside_nothing() -> None:
    assert told(["a", "c"], ["a", "b", "c"]) == [("a", "a", True), (None, "b", False), ("c", "c", True)]


def test_a_changed_line_stands_beside_what_it_was() -> None:
    assert told(["a", "b", "c"], ["a", "x", "c"])[1] == ("b", "x", False)


def test_lines_in_another_order_are_not_the_same() -> None:
    assert not all(same for *_, same in told(["a", "b"], ["b", "a"]))


def test_positions_count_the_rows() -> None:
    assert [row.position for row in align(["a", "c"], ["a", "b", "c"])] == [1, 2, 3]


def test_nothing_beside_nothing_is_no_row() -> None:
    assert align([], []) == []


def test_moments_match_whatever_their_times_addresses_and_ids() -> None:
    left = [moment("threads.list is sent to http://localhost:1/s/ab"), moment("thread thr_d923ca1e", t_ms=3)]
    right = [moment("threads.list is sent to http://localhost:2/s/cd"), moment("thread thr_0a1b2c3d", t_ms=9)]
    assert [row.same for row in align_moments(left, right)] == [True, True]


def test_the_same_words_of_another_layer_do_not_match() -> None:
    (row,) = align_moments([moment("it is gone")], [moment("it is gone", "frame")])
    assert not row.same
