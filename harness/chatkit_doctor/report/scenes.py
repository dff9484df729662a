"""What the user saw, as a scene or two: a message while it was there, and what was left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.report.model import MessageModel, ReportModel, ScreenshotModel
from chatkit_doctor.report.wording import milliseconds

MOST_BUBBLES: Final = 4
"""Messages drawn of one scene: the last ones."""

_LEFT: Final = {
    "blank-panel": "The panel is empty.",
    "no-component": "There is no chat on the page.",
    "start-screen-returned": "The start screen is back.",
    "turn-crashed": "The turn has been replaced by an error fallback.",
}
"""What is left on screen without any message, by the symptom that says so."""
_SAME_MS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What was on screen in one stretch of the session; without a picture it is drawn from the messages."""

    heading: str
    shot: ScreenshotModel | None
    messages: tuple[MessageModel, ...]
    left: str
    """What was there where no message was."""


def scenes(report: ReportModel, pictures: Sequence[ScreenshotModel]) -> tuple[Scene, ...]:
    """The scenes that show what a session came to: two where a message vanished, else its end.

    ``pictures`` are all there are, in any order.
    """
    if report.runtime.get("name") and not (report.messages or pictures or report.symptoms):
        return ()
    gone = _gone(report)
    end = _end(report)
    if gone is None or gone.vanished_ms is None:
        return (_scene(report, pictures, "At the end", end, end + _SAME_MS),)
    there = f"{milliseconds(gone.appeared_ms)} to {milliseconds(gone.vanished_ms)}: it is there"
    after = f"From {milliseconds(gone.vanished_ms)} on: it is gone"
    return (
        _scene(report, pictures, there, gone.appeared_ms, gone.vanished_ms),
        _scene(report, pictures, after, gone.vanished_ms, end + _SAME_MS),
    )


def _gone(report: ReportModel) -> MessageModel | None:
    """The first message whose disappearance is a symptom."""
    moments = [each.t_ms for each in report.symptoms if each.t_ms is not None]
    return next(
        (
            message
            for message in report.messages
            if message.vanished_ms is not None
            and any(abs(message.vanished_ms - moment) < _SAME_MS for moment in moments)
        ),
        None,
    )


def _end(report: ReportModel) -> float:
    times = [each.t_ms for each in report.timeline] + [each.t_ms for each in report.screenshots]
    return max(times, default=report.duration_ms)


def _scene(
    report: ReportModel, pictures: Sequence[ScreenshotModel], heading: str, start_ms: float, end_ms: float
) -> Scene:
    """What was there between two moments, at its last."""
    at_the_end = end_ms > _end(report)
    taken = [each for each in pictures if start_ms <= each.t_ms < end_ms]
    if at_the_end and not taken:
        # The last picture is named again for as long as nothing changes.
        taken = [each for each in pictures if each.t_ms < end_ms and not _changes(report, each.t_ms)]
    seen = tuple(
        message
        for message in report.messages
        if message.appeared_ms < end_ms and (message.vanished_ms is None or message.vanished_ms >= end_ms)
    )
    said = {each.id for each in report.symptoms}
    left = next((words for id_, words in _LEFT.items() if id_ in said), "No message.")
    return Scene(heading, max(taken, key=lambda each: each.t_ms, default=None), seen[-MOST_BUBBLES:], left)


def _changes(report: ReportModel, t_ms: float) -> bool:
    """Whether a message came or went after this moment."""
    return any(
        message.appeared_ms > t_ms or (message.vanished_ms is not None and message.vanished_ms > t_ms)
        for message in report.messages
    )
