"""Chromium's sandbox is on wherever it can be, and a report says where it was not."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from pathlib import Path

import pytest
from playwright.async_api import Error as PlaywrightError
from rich.console import Console

from chatkit_doctor.browser.sandbox import REFUSED, with_sandbox
from chatkit_doctor.report.terminal import NO_SANDBOX, print_report
from chatkit_doctor.scenario.read import scenario_from
from tests.report.examples import checked
from tests.session_runner import SessionRunner


class Launches:
    """A browser that starts with a sandbox or does not, for a reason."""

    def __init__(self, problem: str = "") -> None:
        self._problem = problem
        self.asked: list[bool] = []

    async def __call__(self, sandbox: bool) -> str:
        self.asked.append(sandbox)
        if sandbox and self._problem:
            raise PlaywrightError(self._problem)
        return "a browser"


def test_where_a_sandbox_can_be_had_it_is_on() -> None:
    launch = Launches()
    assert asyncio.run(with_sandbox(launch)) == ("a browser", True)
    assert launch.asked == [True]


def test_where_it_cannot_the_browser_runs_without_and_it_is_known() -> None:
    launch = Launches(f"Target page, context or browser has been closed\nBrowser logs:\n{REFUSED}!")
    assert asyncio.run(with_sandbox(launch)) == ("a browser", False)
    assert launch.asked == [True, False]


def test_what_was_found_out_is_not_tried_again() -> None:
    launch = Launches(REFUSED)
    assert asyncio.run(with_sandbox(launch, tried=False)) == ("a browser", False)
    assert launch.asked == [False]


def test_a_browser_that_does_not_start_for_another_reason_is_not_tried_without() -> None:
    launch = Launches("there is no display")
    with pytest.raises(PlaywrightError, match="no display"):
        asyncio.run(with_sandbox(launch))
    assert launch.asked == [True]


@pytest.mark.parametrize(("sandbox", "says"), [(False, True), (True, False), (None, False)])
def test_a_report_says_where_there_was_none(sandbox: bool | None, says: bool) -> None:
    report = checked().model_copy(
        update={"browser": {"name": "chromium", "version": "1", "sandbox": sandbox}}
    )
    console = Console(file=io.StringIO(), width=200)
    print_report(report, console)
    assert isinstance(console.file, io.StringIO)
    assert (NO_SANDBOX in console.file.getvalue()) == says


@pytest.mark.browser
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="Chromium gives all but root one")
def test_a_recording_of_root_tells_that_there_was_none(reference: SessionRunner, tmp_path: Path) -> None:
    recording = reference.record(scenario_from({"title": "The page alone"}), tmp_path)
    assert recording.header.browser is not None
    assert recording.header.browser.sandbox is False
