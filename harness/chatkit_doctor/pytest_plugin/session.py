"""The session of one test: opened on first use, judged when the test is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from chatkit_doctor.browser.by_program import ByProgram
from chatkit_doctor.browser.session import HOST_PAGE, SessionOptions, Watcher, record
from chatkit_doctor.engine.drive import Browsing
from chatkit_doctor.engine.environment import Environment
from chatkit_doctor.engine.events import Judgement, SessionRef
from chatkit_doctor.engine.halting import Halt
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.engine.replaying import Replaying
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

PROOF_LIMIT_S: Final = 30.0
"""How long replays may delay the following tests."""
OVER: Final = "the session is over and cannot be used any more"


@dataclass(frozen=True, slots=True)
class Task:
    """What to test, in which browser, as which user, and where to write the report.

    ``driven`` determines how to open the page, just before it is opened. ``keeps``: reports of passed tests
    are also kept. ``proves``: the session of a failed test is replayed with the fault repaired.
    """

    name: str
    driven: Callable[[], Awaitable[Drive]]
    launch: Launch
    guest: Guest
    options: SessionOptions
    headers: Mapping[str, str]
    reports: Path
    keeps: bool
    proves: bool = True


class Session:
    """Its coroutines run on the browsers' thread, its other methods on any other thread."""

    def __init__(self, browsers: Browsers, task: Task) -> None:
        self.browsers: Final = browsers
        self.folder: Path | None = None
        """The folder of the recording; None until it is opened."""
        self.has_failed: bool | None = None
        """Whether the test has failed; None if it did not end."""
        self._task = task
        self._program: ByProgram | None = None
        self._asked: list[Step] = []
        """The steps carried out so far, to be repeated in a replay."""
        self._replaying: Callable[[], Replaying] | None = None
        """How it is replayed; None until it is opened."""
        self._carried_out: asyncio.Task[None] | None = None
        self._report: ReportModel | None = None

    async def open(self) -> None:
        """Open the page, unless it is open. Raises DoctorError if that is impossible."""
        if self._carried_out is not None:
            return
        task = self._task
        drive = await task.driven()
        environment = await self.browsers.environment(task.launch, drive)
        self.folder = await asyncio.to_thread(new_folder, task.reports, task.name)
        browser = task.guest.let_into(environment.browser)
        self._replaying = lambda: self._replayed(drive, replace(environment, browser=browser))
        self._program = program = ByProgram()
        self._carried_out = asyncio.create_task(
            record(
                drive.named,
                self.folder,
                browser,
                environment.host,
                task.options,
                target=drive.target or HOST_PAGE,
                watcher=Watcher(by_program=program, why=lambda: "the test was interrupted"),
            )
        )
        await self._came(program.opened, "the chat cannot be used")

    async def do(self, step: Step) -> None:
        """Carry out a step. Raises ChatKitFailure if it does not complete; the session is then over."""
        await self.open()
        if self._program is None or self._is_over:
            raise ChatKitFailure(OVER)
        self._asked.append(step)
        await self._came(self._program.ask(step), f"{step.do!r} did not end")

    async def so_far(self) -> Callable[[], Recording]:
        """A function that builds the recording so far, as if the session ended now, on any thread."""
        await self.open()
        received = self._program.so_far() if self._program is not None and not self._is_over else None
        return partial(load, self._place) if received is None else lambda: ended(received())

    def answer(self) -> str:
        """The findings, as shown below a failure; empty if nothing was opened."""
        if self.folder is None:
            return ""
        try:
            return closing(self.browsers.run(self._reported()), self.folder)
        except DoctorError as error:
            return str(error)

    def close(self) -> None:
        """End it, and write the report if it is kept. Raises DoctorError if it cannot be written."""
        if self.folder is None:
            return
        # A user who stops a test does not want to wait for the end of a turn.
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
            self._report = await report_on(
                self._place, task.name, task.options.secrets, task.headers, proves=self._proves
            )
        return self._report

    @property
    def _proves(self) -> Callable[[Judgement], Awaitable[Judgement]] | None:
        """The function that proves a cause; None if the test passed, was stopped, or proofs are off."""
        if self._replaying is None or not (self._task.proves and self.has_failed):
            return None
        replaying = self._replaying()
        if not replaying.browsing.is_connected:
            return None
        return lambda judgement: replaying.proven(judgement, PROOF_LIMIT_S)

    def _replayed(self, drive: Drive, environment: Environment) -> Replaying:
        scenario = drive.named.scenario.model_copy(update={"steps": self._asked})
        again = replace(drive, named=replace(drive.named, scenario=scenario))
        browsing = Browsing(environment, self._task.options)
        ref = SessionRef(0, self._task.name, self._place)
        return Replaying(browsing, ref, again, Halt(asyncio.Event(), None))


def _why(recording: Recording) -> str:
    """What ended a session early."""
    if (broke := recording.last(SessionBrokeOff)) is not None:
        return broke.data.reason
    if (limit := recording.last(SessionLimit)) is None:
        return "the session ended"
    waited = f" of {duration(limit.data.limit_ms)}" if limit.data.limit_ms else ""
    why = f" ({limit.data.error})" if limit.data.error else ""
    return f"the limit {limit.data.name!r}{waited} was reached{why}"
