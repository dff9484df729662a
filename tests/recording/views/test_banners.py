"""How long a banner was on screen."""

from __future__ import annotations

from chatkit_doctor.recording.views.banners import banners
from tests.recordings import opened, recording, reloaded, state, user

ERROR = ("error", "Something went wrong")


def test_a_banner_lives_from_the_first_frame_with_it_to_the_first_without() -> None:
    shown = recording(
        opened(),
        state(100.0, user(1, "Hello")),
        state(140.0, user(1, "Hello"), alerts=[ERROR]),
        state(180.0, user(1, "Hello"), alerts=[ERROR, ("notice", "Try again")]),
        state(300.0, user(1, "Hello"), alerts=[("notice", "Try again")]),
    ).derive(banners)
    assert [(banner.kind, banner.t, banner.until) for banner in shown] == [
        ("error", 140.0, 300.0),
        ("notice", 180.0, None),
    ]


def test_the_banner_of_a_page_that_was_left_is_another_one() -> None:
    made = recording(
        opened(), state(140.0, alerts=[ERROR]), reloaded(400.0), state(600.0, alerts=[ERROR])
    ).derive(banners)
    assert [(banner.t, banner.until) for banner in made] == [(140.0, 460.0), (600.0, None)]


def test_what_no_frame_painted_was_never_there() -> None:
    assert recording(opened(), state(140.0, by="mutation", alerts=[ERROR])).derive(banners) == ()
