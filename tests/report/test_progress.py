"""Showing a run while it goes on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from rich.console import Console

from chatkit_doctor.engine.events import (
    ReplayStarted,
    RunStarted,
    SessionRecorded,
    SessionRef,
    SessionStarted,
    Waiting,
)
from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.report.progress import Progress
from chatkit_doctor.report.subscriber import RunReported, SessionReported
from tests.report import examples

NAMES: Final = ("control/first-turn", "seed/attempt-3", "transport/event-names")
REFS: Final = tuple(SessionRef(index, name, Path(name), name) for index, name in enumerate(NAMES))
STARTED: Final = RunStarted("catalogue", Path(), REFS, None, 2)
ONLY: Final = RunStarted("check", Path(), (SessionRef(0, "check", Path()),), None, 1)


def piped(started: RunStarted = STARTED, *, width: int = 100) -> tuple[io.StringIO, Progress]:
    stream = io.StringIO()
    progress = Progress(Console(file=stream, width=width))
    progress.on_event(started)
    return stream, progress


def terminal() -> tuple[io.StringIO, Progress]:
    stream = io.StringIO()
    console = Console(
        file=stream, width=100, force_terminal=True, color_system=None, _environ={"TERM": "xterm"}
    )
    return stream, Progress(console)


def begin(progress: Progress, index: int) -> None:
    progress.on_event(SessionStarted(REFS[index]))


def end(progress: Progress, index: int, report: ReportModel) -> None:
    progress.on_event(SessionRecorded(REFS[index]))
    progress.on_event(SessionReported(REFS[index], report))


def test_piped_there_is_one_plain_line_for_each_session() -> None:
    stream, progress = piped(width=60)
    for index, report in enumerate((examples.control(), examples.attempt_3())):
        begin(progress, index)
        end(progress, index, report)
    assert stream.getvalue().splitlines() == [
        "as expected   control/first-turn     pass  904 ms",
        (
            "as expected   seed/attempt-3         "
            "fail: wrong-dialect (responses); blank-panel, user-message-vanished  1,193 ms"
        ),
    ]


def test_a_line_comes_when_its_session_has_its_report_and_not_later() -> None:
    stream, progress = piped()
    begin(progress, 0)
    assert stream.getvalue() == ""
    end(progress, 0, examples.control())
    assert "control/first-turn" in stream.getvalue()


def test_lines_stand_in_the_order_of_the_scenarios_whichever_is_done_first() -> None:
    stream, progress = piped()
    for index in (0, 1):
        begin(progress, index)
    end(progress, 1, examples.attempt_3())
    assert stream.getvalue() == ""
    end(progress, 0, examples.control())
    assert [line.split()[2] for line in stream.getvalue().splitlines()] == [NAMES[0], NAMES[1]]


def test_what_an_interrupted_run_has_left_out_holds_up_no_line() -> None:
    stream, progress = piped()
    begin(progress, 1)
    end(progress, 1, examples.attempt_3())
    run = build_run([examples.attempt_3()], duration_ms=1)
    progress.on_event(RunReported(Path(), run, is_single=False, interrupted=True))
    assert "seed/attempt-3" in stream.getvalue()


def test_drift_is_shown_as_it_happens() -> None:
    stream, progress = piped()
    begin(progress, 0)
    end(progress, 0, examples.drifted())
    assert "The verdict is pass, expected was fail." in stream.getvalue()


def test_a_session_that_stands_for_itself_has_no_line() -> None:
    stream, progress = piped(ONLY)
    begin(progress, 0)
    end(progress, 0, examples.control())
    assert stream.getvalue() == ""


def test_a_terminal_shows_what_is_running_and_how_much_is_done() -> None:
    stream, progress = terminal()
    progress.on_event(STARTED)
    begin(progress, 0)
    end(progress, 0, examples.control())
    begin(progress, 1)
    begin(progress, 2)
    progress.close()
    assert "1 of 3 done, running seed/attempt-3, transport/event-names" in stream.getvalue()


def test_a_terminal_is_left_clean_when_the_run_fails() -> None:
    stream, progress = terminal()
    progress.on_event(STARTED)
    begin(progress, 1)
    progress.close()
    show_cursor = "\x1b[?25h"
    assert show_cursor in stream.getvalue()


def test_a_hostile_name_cannot_act_on_the_terminal() -> None:
    stream, progress = terminal()
    hostile = SessionRef(0, examples.HOSTILE, Path())
    progress.on_event(RunStarted("x", Path(), (hostile,), None, 1))
    progress.on_event(SessionStarted(hostile))
    progress.close()
    assert "\x1b[31m" not in stream.getvalue()
    assert "[bold]markup[/bold]" in stream.getvalue()


def test_a_terminal_says_which_fault_is_repaired_in_a_replay() -> None:
    stream, progress = terminal()
    progress.on_event(STARTED)
    begin(progress, 0)
    progress.on_event(SessionRecorded(REFS[0]))
    progress.on_event(ReplayStarted(REFS[0], ("sse-bad-framing",)))
    progress.close()
    assert f"proving the cause: replaying {NAMES[0]} without sse-bad-framing" in stream.getvalue()


def test_a_terminal_says_what_is_waited_for() -> None:
    stream, progress = terminal()
    progress.on_event(STARTED)
    begin(progress, 0)
    progress.on_event(Waiting(REFS[0], "the chat: no <openai-chatkit> yet; chatkit.js has come"))
    progress.close()
    assert "waiting for the chat: no <openai-chatkit> yet; chatkit.js has come" in stream.getvalue()
