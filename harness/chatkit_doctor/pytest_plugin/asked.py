"""What a test reads from a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.pytest_plugin.failure import ChatKitFailure
from chatkit_doctor.recording.entries.dom import Speaker
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import exchanges
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.report.wording import told_symptom
from chatkit_doctor.safe_text import one_line
from chatkit_doctor.vocabulary import Verdict

_LONGEST: Final = 200
"""Characters of each message that a failure quotes."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as shown on the screen. ``kind`` is how the component marks it."""

    role: Speaker
    text: str
    kind: str


def transcript(recording: Recording) -> tuple[Message, ...]:
    """The messages on the screen at the end."""
    states = recording.derive(timeline).states
    items = states[-1].shown if states else ()
    return tuple(Message(item.role, item.text, item.kind) for item in items if item.shows_something)


def events(recording: Recording) -> tuple[JsonObject, ...]:
    """The events that reached the component, in order."""
    return tuple(event for exchange in recording.derive(exchanges) for event in exchange.events)


def assert_rendered(recording: Recording, texts: Sequence[str]) -> None:
    """Raises ChatKitFailure for the first text that is not on the screen, in order."""
    __tracebackhide__ = True
    shown = transcript(recording)
    screen = "\n".join(_spaced(message.text) for message in shown)
    begin = 0
    for number, text in enumerate(texts):
        found = screen.find(_spaced(text), begin)
        if found < 0:
            after = f" after {_quoted(texts[number - 1])}" if number else ""
            raise ChatKitFailure(f"{_quoted(text)} is not on the screen{after}\n{_screen(shown)}")
        begin = found + len(_spaced(text))


def expect_no_symptoms(recording: Recording) -> None:
    """Raises ChatKitFailure for symptoms that a user saw, and if there is too little to judge."""
    # The import takes half a second, and not every test needs it.
    from chatkit_doctor.engine.pipeline import judge

    __tracebackhide__ = True
    found = judge(recording, None).diagnosis
    if found.verdict == Verdict.PASS:
        return
    seen = [f"  {told_symptom(symptom.id, symptom.failure.turn)}" for symptom in found.symptoms]
    raise ChatKitFailure("\n".join(["Symptoms:", *seen]) if seen else found.reason)


def _screen(shown: Sequence[Message]) -> str:
    if not shown:
        return "No messages are on the screen."
    lines = [f"  {message.role}: {one_line(message.text, _LONGEST)}" for message in shown]
    return "\n".join(["On the screen:", *lines])


def _quoted(text: str) -> str:
    return f"“{one_line(text, _LONGEST)}”"


def _spaced(text: str) -> str:
    return " ".join(text.split())
