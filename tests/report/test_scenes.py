"""What the user saw: the message while it was there, and what was left when it was gone."""

from __future__ import annotations

from chatkit_doctor.report.model import ReportModel, ScreenshotModel
from chatkit_doctor.report.scenes import scenes
from tests.report import examples


def picture(t_ms: float) -> ScreenshotModel:
    return ScreenshotModel(name="shot", why="", t_ms=t_ms, file=f"{t_ms:.0f}.png")


def shown(report: ReportModel, *times: float) -> list[tuple[str, float | None, list[str]]]:
    found = scenes(report, [picture(t) for t in times])
    return [
        (each.heading, each.shot.t_ms if each.shot else None, [m.text for m in each.messages])
        for each in found
    ]


def test_a_vanished_message_has_a_scene_before_and_one_after() -> None:
    # It was there from 398 to 731 ms.
    assert shown(examples.attempt_3(), 380, 410, 700, 745, 1170) == [
        ("398 ms to 731 ms: it is there", 700, ["Hello, who are you?"]),
        ("From 731 ms on: it is gone", 1170, []),
    ]


def test_a_picture_of_another_time_is_not_shown_for_a_message() -> None:
    assert [shot for _, shot, _ in shown(examples.attempt_3(), 380)] == [None, None]


def test_what_is_left_is_said_by_the_symptom() -> None:
    assert [each.left for each in scenes(examples.attempt_3(), [])] == ["The panel is empty."] * 2


def test_without_a_vanished_message_the_end_is_shown() -> None:
    ((heading, shot, texts),) = shown(examples.control(), 500, 880)
    assert (heading, shot) == ("At the end", 880)
    assert texts == ["Hello, who are you?", "I am a test backend, and I answer in small pieces."]


def test_a_message_that_goes_with_its_page_is_no_scene() -> None:
    control = examples.control()
    left = control.messages[0].model_copy(update={"vanished_ms": 600.0})
    report = control.model_copy(update={"messages": [left, control.messages[1]]})
    assert [heading for heading, _, _ in shown(report, 880)] == ["At the end"]


def test_where_nothing_was_seen_there_is_no_scene() -> None:
    nothing = {"messages": [], "symptoms": [], "runtime": examples.REFERENCE}
    assert scenes(examples.control().model_copy(update=nothing), []) == ()
