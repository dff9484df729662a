"""Which picture shows what."""

from __future__ import annotations

from chatkit_doctor.recording.views.film import Frame, film, frame_of
from tests.recordings import Made, Part, entry, opened, recording, reloaded, reply, send, state, user


def shot(t: float, name: str = "") -> Made:
    """A picture of the film."""
    return entry(t, "paint", "paint.frame", file=f"film/{name or round(t)}.jpg", width=480, height=680)


def screenshot(t: float, file: str) -> Made:
    return entry(t, "paint", "paint.screenshot", name="turn-1", why="turn 1 is over", file=file)


def shown(*parts: Part) -> tuple[Frame, ...]:
    """The film of a turn that began at 100 ms, without what was shown before."""
    frames = film(recording(opened(), send(100, "Hi", until=900), *parts))
    return tuple(frame for frame in frames if frame.t > 50)


GONE = (state(200, user(1, "Hi")), state(400, view="blank"))
"""A message that stands for 200 ms."""


def test_the_last_picture_before_a_message_vanishes_shows_it() -> None:
    here, gone = shown(*GONE, shot(230), shot(370), shot(450))
    assert (here.file, here.says, here.moment) == ("film/370.jpg", "the message “Hi”", "appeared")
    assert (here.t, here.until, here.taken_ms, here.size) == (200, 400, 370, (480, 680))
    assert (gone.file, gone.says, gone.moment) == ("film/450.jpg", "an empty panel", "vanished")


def test_a_message_is_led_to_its_picture() -> None:
    frames = shown(*GONE, shot(370), shot(450))
    assert [frame.messages for frame in frames] == [(0,), ()]
    assert frame_of(frames, 0) == frames[0]


def test_a_message_of_which_there_is_no_picture_has_none() -> None:
    assert frame_of(shown(*GONE, shot(190), shot(450)), 0) is None


def test_a_picture_within_a_frame_of_a_change_is_not_taken_where_there_is_a_surer_one() -> None:
    here, _ = shown(*GONE, shot(300), shot(395), shot(450))
    assert here.file == "film/300.jpg"


def test_a_screenshot_that_may_have_been_taken_after_a_change_shows_nothing_for_sure() -> None:
    (gone,) = shown(*GONE, screenshot(350, "screenshots/1.png"), screenshot(600, "screenshots/2.png"))
    assert (gone.file, gone.size) == ("screenshots/2.png", None)


def test_a_screenshot_that_is_named_again_is_of_its_first_moment() -> None:
    frames = shown(
        state(200, user(1, "Hi")), screenshot(250, "screenshots/1.png"), screenshot(800, "screenshots/1.png")
    )
    assert [frame.taken_ms for frame in frames] == [250]


def test_where_a_text_has_grown_between_two_pictures_both_are_shown_with_what_they_say() -> None:
    grows = [state(200, reply(1, "One")), state(500, reply(1, "One two"))]
    first, second = shown(*grows, shot(300), shot(350), shot(700))
    assert (first.file, first.says, first.until) == ("film/350.jpg", "the reply “One”", second.t)
    assert (second.file, second.says, second.moment) == ("film/700.jpg", "the reply “One two”", "changed")


def test_a_message_that_is_put_up_anew_is_no_change() -> None:
    parts = [state(200, user(1, "Hi")), state(300, user(2, "Hi"))]
    assert [frame.file for frame in shown(*parts, shot(250), shot(350))] == ["film/350.jpg"]


def test_a_banner_is_said_with_its_words() -> None:
    banner = state(300, user(1, "Hi"), alerts=[("error", "No network")])
    _, frame = shown(state(200, user(1, "Hi")), banner, shot(250), shot(350))
    assert (frame.moment, frame.says) == ("banner", "the message “Hi” and an error: “No network”")


def test_many_messages_are_counted() -> None:
    items = [user(1, "A"), reply(2, "B"), user(3, "C"), reply(4, "D")]
    (frame,) = shown(state(200, *items), shot(300))
    assert frame.says == "2 messages and 2 replies"


def test_a_long_message_is_quoted_in_part() -> None:
    (frame,) = shown(state(200, user(1, "word " * 40)), shot(300))
    assert len(frame.says) == len("the message “”") + 60


def test_a_message_without_words_cannot_be_read_in_a_picture() -> None:
    (frame,) = shown(state(200, reply(1, "")), shot(300))
    assert (frame.says, frame.messages) == ("a conversation without messages", ())


def test_what_comes_back_after_a_reload_is_not_said_to_be_there_in_between() -> None:
    parts: list[Part] = [send(100, "Hi", until=300), state(200, user(1, "Hi")), *reloaded(400, until=800)]
    again: list[Part] = [state(600, view="start"), state(700, user(1, "Hi"))]
    frames = film(recording(opened(), *parts, *again, shot(250), shot(650), shot(750)))
    assert [(frame.says, frame.moment) for frame in frames[-3:]] == [
        ("the message “Hi”", "appeared"),
        ("the start screen", "appeared"),
        ("the message “Hi”", "appeared"),
    ]
