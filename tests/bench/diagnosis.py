"""What the diagnosis of a very long recording costs, without a browser: with its audits and its experiments.

Times are of this process's own CPU, so that a busy machine does not change them. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.recording.reader import Recording, received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.simulate import simulate
from tests.chatkit_events import Event, created, done, reply, streamed, user
from tests.conversation.made import conversation, first

DIAGNOSIS_S: Final = 2.0
"""What the diagnosis of any of these recordings may take."""
STREAM_MS: Final = 20_000.0


def _streamed(events: int) -> list[Event]:
    """A reply of so many deltas."""
    text = "".join(f"word{number:04} " if number % 20 else "a point\n\n" for number in range(events))
    return streamed(text, pieces=events)


def faultless(events: int) -> list[Event]:
    """A turn that is as it should be."""
    return [created(), done(user()), *_streamed(events)]


def faulty(events: int) -> list[Event]:
    """The user's message is never confirmed, and an event is of a type that there is not."""
    return [created(), {"type": "strange.event"}, *_streamed(events)]


def shapeless(events: int) -> list[Event]:
    """Nearly every event has a wrong shape."""
    wrong = [{**event, "item_id": None} if "update" in event else event for event in _streamed(events)]
    return [created(), *wrong, done(reply(item_id="a1"))]


def foreign(events: int) -> list[Event]:
    """Nearly every event is of another protocol."""
    piece = {"type": "response.output_text.delta", "delta": "word ", "item_id": "m", "content_index": 0}
    return [created(), *[piece] * events]


RECORDINGS: Final[Mapping[str, Callable[[int], list[Event]]]] = MappingProxyType(
    {each.__name__: each for each in (faultless, faulty, shapeless, foreign)}
)


def recorded(events: list[Event]) -> Recording:
    """What a session would have left."""
    return received(simulate(conversation(first(events, stream_ms=STREAM_MS)), None, Redactor()))


def main(events: int) -> bool:
    """Measure and print; says whether every target was met."""
    for make in RECORDINGS.values():
        judge(recorded(make(5)), None)  # What is imported and built is paid once.
    within = True
    for name, make in RECORDINGS.items():
        recording = recorded(make(events))
        begun = time.process_time()
        diagnosis = judge(recording, None).diagnosis
        took = time.process_time() - begun
        within = within and took <= DIAGNOSIS_S
        cause = diagnosis.cause.id if diagnosis.cause is not None else "no cause"
        print(
            f"{name:18} {took:6.3f} s  (target {DIAGNOSIS_S:g} s, {events:,} events, "
            f"{len(recording.entries):,} entries: {diagnosis.verdict}, {cause})"
        )
    return within


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=20_000)
    sys.exit(0 if main(arguments.parse_args().events) else 1)
