"""One test's session: opened with the first thing that is asked for, judged when the test is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from chatkit_doctor.browser.by_program import ByProgram
from chatkit_doctor.browser.session import HOST_PAGE, SessionOptions, Watcher, record
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.errors import DoctorError, UsageError
from chatkit_doctor.pytest_plugin.browsers import Browsers
from chatkit_doctor.pytest_plugin.failure import ChatKitFailure
from chatkit_doctor.pytest_plugin.guest import Guest
from chatkit_doctor.pytest_plugin.launch import Launch
from chatkit_doctor.pytest_plugin.reports import closing, discard, report_on
from chatkit_doctor.recording.entries import SessionBrokeOff, SessionLimit
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.recording.so_far import ended
from chatkit_doctor.report.folder import new_folder
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.report.wording import duration
from chatkit_doctor.scenario.steps import Step

OVER: Final = "the session is over, and nothing more can be done in it"


@dataclass(frozen=True, slots=True)
class Task:
    """What is driven, in which browser, as whom, and where its report goes.

    ``driven`` finds out how the page is to be opened, once that is about to be done. ``keeps``: the report of
    a test that passed is kept, too.
    """

    name: str
    driven: Callable[[], Awaitable[Drive]]
    launch: Launch
    guest: Guest
    options: SessionOptions
    headers: Mapping[str, str]
    reports: Path
    keeps: bool


class Session:
    """Its coroutines run on the browsers' thread, its other methods on any other."""

    def __init__(self, browsers: Browsers, task: Task) -> None:
        self.browsers: Final = browsers
        self.folder: Path | None = None
        """Where it is recorded; None before it was opened."""
        self.has_failed: bool | None = None
        """Whether the test has; None: it did not end."""
        self._task = task
        self._program: ByProgram | None = None
        self._carried_out: asyncio.Task[None] | None = None
        self._report: ReportModel | None = None

    async def open(self) -> None:
        """Open the page, unless it is open. Raises DoctorError when that cannot be done at all."""
        if self._carried_out is not None:
            return
        task = self._task
        drive = await task.driven()
        environment = await self.browsers.environment(task.launch, drive)
        self.folder = await asyncio.to_thread(new_folder, task.reports, task.name)
        self._program = program = ByProgram()
        self._carried_out = asyncio.create_task(
            record(
                drive.named,
                self.folder,
                task.guest.let_into(environment.browser),
                environment.host,
                task.options,
                target=drive.target or HOST_PAGE,
                watcher=Watcher(by_program=program, why=lambda: "the test was interrupted"),
            )
        )
        await self._came(program.opened, "the chat cannot be used")

    async def do(self, step: Step) -> None:
        """Carry a step out. Raises ChatKitFailure when it does not end: the session has then ended."""
        await self.open()
        if self._program is None or self._is_over:
            raise ChatKitFailure(OVER)
        await self._came(self._program.ask(step), f"{step.do!r} did not end")

    async def so_far(self) -> Callable[[], Recording]:
        """Makes the recording of what has come by now, as of a session that ended there, on any thread."""
        await self.open()
        received = self._program.so_far() if self._program is not None and not self._is_over else None
        return partial(load, self._place) if received is None else lambda: ended(received())

    def answer(self) -> str:
        """What was found in it, as it is shown below a failure; empty where nothing was opened."""
        if self.folder is None:
            return ""
        try:
            return closing(self.browsers.run(self._reported()), self.folder)
        except DoctorError as error:
            return str(error)

    def close(self) -> None:
        """End it, and keep what is to be kept. Raises DoctorError when that cannot be written."""
        if self.folder is None:
            return
        # Whoever stops a test does not wait for the end of a turn.
        self.browsers.run(self._end(at_once=self.has_failed is None))
        if self._task.keeps or self.has_failed is not False:
            self.browsers.run(self._reported())
        else:
            discard(self.folder)

    @property
    def name(self) -> str:
        """The name of the test."""
        return self._task.name

    @property
    def _place(self) -> Path:
        assert self.folder is not None  # noqa: S101 - it is opened before
        return self.folder

    @property
    def _is_over(self) -> bool:
        return self._carried_out is None or self._carried_out.done()

    async def _came(self, done: asyncio.Future[bool], words: str) -> None:
        assert self._carried_out is not None  # noqa: S101 - it is opened before
        first: set[asyncio.Future[Any]] = {done, self._carried_out}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        if done.done() and done.result():
            return
        await self._end()
        raise ChatKitFailure(f"{words}: {_why(await asyncio.to_thread(load, self._place))}")

    async def _end(self, *, at_once: bool = False) -> None:
        if self._program is None or self._carried_out is None:
            return
        self._program.end()
        if at_once:
            self._carried_out.cancel()
        try:
            await asyncio.wait([self._carried_out])
            if not self._carried_out.cancelled():
                self._carried_out.result()
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError(f"the recording cannot be written: {reason}", where=str(self.folder)) from error

    async def _reported(self) -> ReportModel:
        await self._end()
        if self._report is None:
            task = self._task
            self._report = await report_on(self._place, task.name, task.options.secrets, task.headers)
        return self._report


def _why(recording: Recording) -> str:
    """What ended a session before it should have."""
    if (broke := recording.last(SessionBrokeOff)) is not None:
        return broke.data.reason
    if (limit := recording.last(SessionLimit)) is None:
        return "the session ended"
    waited = f" of {duration(limit.data.limit_ms)}" if limit.data.limit_ms else ""
    why = f" ({limit.data.error})" if limit.data.error else ""
    return f"the limit {limit.data.name!r}{waited} was reached{why}"
