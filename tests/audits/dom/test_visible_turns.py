"""Whether a user could see how a turn ended."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.audit import NotTestable
from chatkit_doctor.audits.dom.visible_turns import ended_turns
from tests.recordings import Part, opened, recording, reply, send, state, user

TURN: list[Part] = [opened(), state(50, view="start"), send(100, "Hi", until=4000)]
LIMITED: list[Part] = [opened(), state(50, view="start"), send(100, "Hi", until=4000, limit="turn")]
ANSWERED = user(1, "Hi"), reply(2, "Yes")


def is_known(*parts: Part) -> bool:
    """Whether the end of the turn is told; NotTestable where it cannot be."""
    return len(ended_turns(recording(TURN, *parts))) == 1


@pytest.mark.parametrize("drawn", [[], [state(300, user(1, "Hi"))]], ids=["never", "for a moment"])
def test_what_goes_on_where_nothing_is_drawn_is_not_judged(drawn: list[Part]) -> None:
    with pytest.raises(NotTestable, match="the browser painted no frame of the panel after 400 ms"):
        ended_turns(recording(TURN, drawn, state(400, *ANSWERED, by="mutation")))


def test_what_a_frame_shows_in_the_end_is_known() -> None:
    assert is_known(state(400, user(1, "Hi"), by="mutation"), state(2000, *ANSWERED))


def test_a_change_that_its_frame_is_still_to_come_for_is_known_as_far() -> None:
    assert is_known(state(400, *ANSWERED), state(3900, user(1, "Hi"), reply(2, "Yes, b"), by="mutation"))


def test_what_comes_and_goes_between_two_frames_leaves_what_was_drawn() -> None:
    assert is_known(state(400, user(1, "Hi"), by="mutation"), state(410, view="start", by="mutation"))


def test_a_turn_in_which_nothing_changes_was_seen_as_it_was() -> None:
    assert is_known()


@pytest.mark.parametrize("written_ms", [3_500, 4_500], ids=["until the limit came", "beyond it"])
def test_text_that_is_still_written_when_its_time_is_over_is_not_all_there_is(written_ms: float) -> None:
    with pytest.raises(NotTestable, match="turn 1 was still being written"):
        ended_turns(
            recording(LIMITED, state(400, *ANSWERED), state(written_ms, user(1, "Hi"), reply(2, "Yes.")))
        )


@pytest.mark.parametrize(
    ("written_ms", "responding"), [(2_900, False), (3_900, True)], ids=["it rests", "it goes on"]
)
def test_of_text_that_rests_or_an_answer_that_goes_on_when_its_time_is_over_all_is_known(
    written_ms: float, *, responding: bool
) -> None:
    last = state(written_ms, user(1, "Hi"), reply(2, "Yes."), responding=responding)
    assert len(ended_turns(recording(LIMITED, state(400, *ANSWERED), last))) == 1
