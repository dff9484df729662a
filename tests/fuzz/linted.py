"""Streams through ``lint``: read, simulated, examined and diagnosed, twice, without a browser."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from chatkit_doctor.conversation.sources import read_file
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.engine.pipeline import judge_received
from chatkit_doctor.errors import DoctorError
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.simulate import simulate
from tests.fuzz.answers import Fuzzed
from tests.fuzz.streams import Stream

HANG_S: Final = 5.0
"""More time of a processor than this no stream of these sizes may take; others may be busy with it, too."""
_HEAD: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


class Hang(BaseException):
    """A stream took longer than it may. No audit's own error, so that none survives it."""


def lint(streams: Sequence[Stream], *, limit_s: float | None = None) -> Fuzzed:
    """What ``lint`` makes of the streams, each asked twice.

    With ``limit_s`` whoever takes longer is stopped, and complained of.
    """
    fuzzed = Fuzzed("lint")
    for stream in streams:
        begun = time.process_time()
        try:
            with _limited(limit_s):
                first = linted(stream)
            fuzzed.took(time.process_time() - begun, stream.name)
            with _limited(limit_s):
                second = linted(stream)
        except Hang:
            fuzzed.complain("hung", stream.name)
        except Exception as error:  # noqa: BLE001 - of any kind, it must not be
            fuzzed.complain(f"crashed: {type(error).__name__}: {str(error)[:160]}", stream.name)
        else:
            if first != second:
                fuzzed.complain("answered otherwise the second time", stream.name)
            if first is not None:
                fuzzed.answered(stream.name, first)
            else:
                fuzzed.count += 1
                fuzzed.verdicts["refused"] = fuzzed.verdicts.get("refused", 0) + 1
    return fuzzed


def linted(stream: Stream) -> Diagnosis | None:
    """The diagnosis of one saved answer; None where it is refused in a sentence."""
    with tempfile.TemporaryDirectory(prefix="chatkit-doctor-fuzz-") as folder:
        file = Path(folder) / "answer.txt"
        file.write_bytes(_HEAD + stream.body)
        try:
            conversation = read_file(file, op="threads.create")
            journal = simulate(conversation, Path(folder) / "recording", Redactor())
            return judge_received(journal, None).diagnosis
        except DoctorError:
            return None


@contextmanager
def _limited(limit_s: float | None) -> Iterator[None]:
    if limit_s is None:
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
