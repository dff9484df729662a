"""The life of every message."""

from __future__ import annotations

from chatkit_doctor.recording.views.messages import Message, messages
from tests.recordings import Part, item, opened, recording, reloaded, reply, send, state, user


def lives(*parts: Part) -> list[Message]:
    """The messages of a recording of one turn that began at 100 ms."""
    return list(messages(recording(opened(), send(100, "Hi", until=900), *parts)))


def test_a_message_is_visible_from_its_first_frame_until_it_is_gone() -> None:
    (life,) = lives(state(200, user(1, "Hi")), state(600, view="blank"))
    assert (life.appeared_ms, life.vanished_ms, life.visible_ms, life.turn) == (200, 600, 400, 1)


def test_a_message_that_stays_has_not_vanished_and_is_visible_to_the_end() -> None:
    (life,) = lives(state(200, user(1, "Hi")))
    assert life.vanished_ms is None
    assert 1000 <= life.visible_ms <= 1001  # The recording ends 300 ms after its last entry, at 1,200 ms.


def test_time_in_which_a_bubble_is_empty_is_not_time_in_which_it_can_be_read() -> None:
    (life,) = lives(state(200, reply(1, "")), state(500, reply(1, "Good")), state(700))
    assert (life.appeared_ms, life.readable_ms, life.visible_ms) == (200, 500, 200)


def test_an_image_needs_no_text_to_be_visible() -> None:
    (life,) = lives(state(200, item(1, "generated-image")), state(700))
    assert life.visible_ms == 500


def test_every_wording_is_kept_with_its_time() -> None:
    (life,) = lives(state(200, reply(1, "Go")), state(300, reply(1, "Good")), state(400, reply(1, "")))
    assert [(w.t, w.text) for w in life.wordings] == [(200, "Go"), (300, "Good"), (400, "")]
    assert (life.text, life.said, life.text_at(300)) == ("", "Good", "Go")


def test_an_element_that_is_replaced_in_one_frame_is_the_same_message() -> None:
    (life,) = lives(state(200, user(1, "Hi")), state(300, user(2, "Hi")), state(500))
    assert (life.visible_ms, life.vanished_ms) == (300, 500)


def test_in_its_turn_a_message_may_be_replaced_by_another() -> None:
    (life,) = lives(state(200, reply(1, "First version")), state(300, reply(2, "Other words")))
    assert life.text == "Other words"


def test_the_reply_of_a_later_turn_does_not_continue_an_earlier_one() -> None:
    found = messages(
        recording(
            opened(),
            send(100, "Hi", until=300),
            state(200, reply(1, "First")),
            send(400, "Again", turn=2, until=700),
            state(500, reply(2, "Second")),
        )
    )
    assert [(m.turn, m.text, m.vanished_ms) for m in found] == [(1, "First", 500), (2, "Second", None)]


def test_a_message_that_is_gone_for_some_frames_is_back() -> None:
    (life,) = lives(
        state(200, user(1, "Hi")), state(300), state(350, user(2, "Hi")), state(400, user(2, "Hi"))
    )
    assert life.vanished_ms is None
    assert life.wordings[0].t == 200


def test_the_same_words_in_a_later_turn_are_another_message() -> None:
    found = messages(
        recording(
            opened(),
            send(100, "Hi", until=300),
            state(200, user(1, "Hi")),
            state(250),
            send(400, "Hi", turn=2, until=700),
            state(500, user(2, "Hi")),
        )
    )
    assert [(m.turn, m.vanished_ms) for m in found] == [(1, 250), (2, None)]


def test_hidden_by_style_is_not_visible() -> None:
    (life,) = lives(state(200, user(1, "Hi", shown=False)), state(300, user(1, "Hi")), state(500))
    assert (life.appeared_ms, life.visible_ms) == (300, 200)


def test_what_only_the_mutation_observer_saw_was_never_painted() -> None:
    (life,) = lives(state(200, user(1, "Hi"), by="mutation"), state(210, by="mutation"))
    assert (life.painted, life.visible_ms, life.vanished_ms) == (False, 0, 210)


def test_a_state_in_between_adds_no_message_to_a_painted_one() -> None:
    found = lives(state(190, reply(7, "Go"), by="mutation"), state(200, reply(1, "Good")))
    assert [m.text for m in found] == ["Good"]


def test_an_assistant_item_under_the_users_id_ends_the_users_message() -> None:
    mine, theirs = user(1, "Hi"), item(1, "assistant-message", "Good", turn="user")
    assert [(m.role, m.vanished_ms) for m in lives(state(200, mine), state(300, theirs))] == [
        ("user", 300),
        ("assistant", None),
    ]


def test_a_message_that_is_back_after_a_reload_is_one_message() -> None:
    (life,) = lives(state(200, user(1, "Hi")), reloaded(1000, user(1, "Hi")))
    assert (life.vanished_ms, life.unloaded, life.turn) == (None, False, 1)
    assert 1000 < life.visible_ms < 1300


def test_a_message_that_is_not_back_after_a_reload_left_with_its_page() -> None:
    (life,) = lives(state(200, user(1, "Hi")), reloaded(1000))
    assert (life.vanished_ms, life.unloaded) == (1000, True)


def test_what_a_reload_brings_that_was_not_there_is_a_message_of_no_turn() -> None:
    (life,) = messages(recording(opened(), reloaded(100, user(1, "From before"))))
    assert life.turn is None


def test_a_message_that_is_put_up_anew_in_a_later_turn_never_went() -> None:
    found = messages(
        recording(
            opened(),
            send(100, "Hi", until=300),
            state(200, user(1, "Hi"), reply(2, "Good")),
            send(400, "And?", turn=2, until=900),
            state(500, user(3, "And?")),
            state(540, user(4, "Hi"), reply(5, "Good"), user(3, "And?")),
        )
    )
    assert [(m.turn, m.text, m.vanished_ms) for m in found] == [
        (1, "Hi", None),
        (1, "Good", None),
        (2, "And?", None),
    ]


def test_an_earlier_message_under_a_new_element_between_two_frames_is_no_ghost() -> None:
    found = messages(
        recording(
            opened(),
            send(100, "Hi", until=300),
            state(200, user(1, "Hi"), reply(2, "Good")),
            send(400, "And?", turn=2, until=900),
            state(500, user(7, "Hi"), reply(8, "Good"), by="mutation"),
            state(510, user(1, "Hi"), reply(2, "Good"), user(3, "And?")),
        )
    )
    assert [(m.turn, m.text) for m in found] == [(1, "Hi"), (1, "Good"), (2, "And?")]


def test_the_same_words_again_that_nobody_saw_are_a_message_of_their_own() -> None:
    found = messages(
        recording(
            opened(),
            send(100, "Hi", until=300),
            state(200, user(1, "Hi")),
            send(400, "Hi", turn=2, until=900),
            state(500, user(1, "Hi"), user(3, "Hi"), by="mutation"),
            state(510, user(1, "Hi")),
        )
    )
    assert [(m.turn, m.painted) for m in found] == [(1, True), (2, False)]
