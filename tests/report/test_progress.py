"""Showing a run while it goes on."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from chatkit_doctor.report.progress import RunProgress
from tests.report import examples

NAMES = ("control/first-turn", "seed/attempt-3", "transport/event-names")


def test_piped_there_is_one_plain_line_for_each_finished_scenario() -> None:
    stream = io.StringIO()
    with RunProgress(Console(file=stream, width=60), NAMES) as progress:
        for report in (examples.control(), examples.attempt_3()):
            progress.started(report.name)
            progress.finished(report)
    assert stream.getvalue().splitlines() == [
        "as expected   control/first-turn     pass  904 ms",
        (
            "as expected   seed/attempt-3         "
            "fail: wrong-dialect (responses); blank-panel, user-message-vanished  1,193 ms"
        ),
    ]


def test_a_line_comes_when_its_scenario_is_done_and_not_later() -> None:
    stream = io.StringIO()
    with RunProgress(Console(file=stream, width=100), NAMES) as progress:
        progress.started("control/first-turn")
        assert stream.getvalue() == ""
        progress.finished(examples.control())
        assert "control/first-turn" in stream.getvalue()


def test_drift_is_shown_as_it_happens() -> None:
    stream = io.StringIO()
    with RunProgress(Console(file=stream, width=100), NAMES) as progress:
        progress.finished(examples.drifted())
    assert "The verdict is pass, expected was fail." in stream.getvalue()


def terminal() -> tuple[io.StringIO, Console]:
    stream = io.StringIO()
    return stream, Console(
        file=stream, width=100, force_terminal=True, color_system=None, _environ={"TERM": "xterm"}
    )


def test_a_terminal_shows_what_is_running_and_how_much_is_done() -> None:
    stream, console = terminal()
    with RunProgress(console, NAMES) as progress:
        progress.started("control/first-turn")
        progress.finished(examples.control())
        progress.started("seed/attempt-3")
        progress.started("transport/event-names")
    assert "1 of 3 done, running seed/attempt-3, transport/event-names" in stream.getvalue()


def test_a_terminal_is_left_clean_when_the_run_is_interrupted() -> None:
    stream, console = terminal()

    def interrupted_run() -> None:
        with RunProgress(console, NAMES) as progress:
            progress.started("seed/attempt-3")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_run()
    show_cursor = "\x1b[?25h"
    assert show_cursor in stream.getvalue()


def test_a_hostile_name_cannot_act_on_the_terminal() -> None:
    stream, console = terminal()
    with RunProgress(console, NAMES) as progress:
        progress.started(examples.HOSTILE)
    assert "\x1b[31m" not in stream.getvalue()
    assert "[bold]markup[/bold]" in stream.getvalue()
