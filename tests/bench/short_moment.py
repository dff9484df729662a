"""Of how many messages that stand for a moment alone there is a picture on which something is written.

Run with ``make bench``, on a machine that does nothing else: on a busy one the browser begins to take
pictures when the message is gone.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Final

from chatkit_doctor.recording.views.film import film, frame_of
from chatkit_doctor.recording.views.messages import messages
from chatkit_doctor.runtime.choose import choose
from tests.e2e.test_film import ink, vanishing
from tests.session_runner import SessionRunner

STANDS_MS: Final = 150
WRITTEN: Final = 100
"""Dark pixels that words have and an empty panel has not."""
WANTED: Final = 0.9
"""The share that has to have one."""


def measure(runner: SessionRunner, runs: int) -> list[float]:
    """How long the message was there in each run (ms), negative where no picture shows it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for run in range(runs):
            place = Path(folder) / str(run)
            recording = runner.record(vanishing(STANDS_MS), place)
            (message,) = recording.derive(messages)
            frame = frame_of(recording.derive(film), 0)
            is_seen = frame is not None and ink(runner, place / frame.file) > WRITTEN
            found.append(message.visible_ms if is_seen else -message.visible_ms)
    return found


def main() -> int:
    """What is typed; 1 if there are too few pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runtime")
    parser.add_argument("--runs", type=int, default=20)
    typed = parser.parse_args()
    runner = SessionRunner(choose(typed.runtime))
    try:
        found = measure(runner, typed.runs)
    finally:
        runner.close()
    seen = [each for each in found if each > 0]
    is_enough = len(seen) >= WANTED * len(found)
    stood = f"{min(map(abs, found)):.0f} to {max(map(abs, found)):.0f} ms"
    print(
        f"{'ok  ' if is_enough else 'FEW '} messages that stood for {stood}: {len(seen)} of {len(found)} seen"
    )
    return 0 if is_enough else 1


if __name__ == "__main__":
    raise SystemExit(main())
