"""Scenario files as tests: ``test_*.chatkit.yaml``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from chatkit_doctor.browser.session import SessionOptions
from chatkit_doctor.engine.drive import Browsing
from chatkit_doctor.engine.events import SessionRef
from chatkit_doctor.engine.halting import Halt
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.errors import DoctorError
from chatkit_doctor.pytest_plugin.launch import Launch, launch_of
from chatkit_doctor.pytest_plugin.reports import closing, discard, report_on
from chatkit_doctor.pytest_plugin.settings import keeps_trace, reports_of
from chatkit_doctor.report.folder import new_folder
from chatkit_doctor.report.wording import Outcome, outcome
from chatkit_doctor.scenario.load import NamedScenario, load

if TYPE_CHECKING:
    from _pytest._code import ExceptionInfo
    from _pytest._code.code import TerminalRepr, TracebackStyle

    from chatkit_doctor.pytest_plugin.browsers import Browsers

ENDING: Final = ".chatkit"


class NotAsExpected(Exception):  # noqa: N818 - a result, not a defect
    """A scenario did not have the expected result; the argument is the text to show."""


class ScenarioFile(pytest.File):
    """A file with one scenario. Mistakes in it are collection errors."""

    def collect(self) -> Iterator[pytest.Item]:
        """The scenario."""
        name = self.path.stem.removesuffix(ENDING)
        try:
            named = load(self.path, name)
        except DoctorError as error:
            raise self.CollectError(str(error)) from error
        yield ScenarioTest.from_parent(self, name=name, named=named)


class ScenarioTest(pytest.Item):
    """A scenario. It fails if the result differs from ``expect``; without ``expect``, unless it passes."""

    def __init__(self, *, named: NamedScenario, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._named = named

    def runtest(self) -> None:
        """Run it in the browser of this process."""
        from chatkit_doctor.pytest_plugin.plugin import browsers_of

        browsers = browsers_of(self.config)
        reports, keeps = reports_of(self.config)
        folder = browsers.run(self._recorded(browsers, launch_of(self.config), reports))
        report = browsers.run(report_on(folder, self.name, writes=keeps))
        if outcome(report) is Outcome.PASSED:
            if not keeps:
                discard(folder)
            return
        if not keeps:
            report = browsers.run(report_on(folder, self.name))
        self.user_properties.append(("chatkit_report", str(folder)))
        raise NotAsExpected(closing(report, folder))

    def repr_failure(
        self, excinfo: ExceptionInfo[BaseException], style: TracebackStyle | None = None
    ) -> str | TerminalRepr:
        """The findings, without a traceback unless there is a defect."""
        if isinstance(excinfo.value, NotAsExpected | DoctorError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Its location and title."""
        return self.path, None, self._named.scenario.title

    async def _recorded(self, browsers: Browsers, launch: Launch, reports: Path) -> Path:
        drive = Drive(self._named)
        environment = await browsers.environment(launch, drive)
        folder = await asyncio.to_thread(new_folder, reports, self.name)
        options = SessionOptions(trace=keeps_trace(self.config))
        await Browsing(environment, options).record(
            drive,
            SessionRef(0, self.name, folder),
            tell=lambda _event: None,
            halt=Halt(asyncio.Event(), None),
            closed=lambda _journal: None,
        )
        return folder
