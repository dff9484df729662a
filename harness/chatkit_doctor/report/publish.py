"""From the engine's events to reports, and both to everybody who subscribes."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.engine.events import (
    Event,
    RunFinished,
    RunStarted,
    SessionJudged,
    SessionRef,
    StepBegan,
)
from chatkit_doctor.errors import Interrupted, UsageError
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Subscriber, Told

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chatkit_doctor.report.model import ReportModel


async def publish(
    events: AsyncGenerator[Event, None], subscribers: Sequence[Subscriber], *, strict: bool = False
) -> RunReported:
    """Tell the subscribers of every event, and of the reports that come of them.

    ``strict``: warnings count as failures. Returns the report of the run.

    Raises what the stream raises, Interrupted when it was stopped before there was anything to report, and
    DoctorError when a subscriber cannot write.
    """
    loop = asyncio.get_running_loop()
    publisher = Publisher(subscribers, strict=strict)
    with ExitStack() as stack:
        # A thread of their own: writing must not hold up the sessions, and nobody is told two things at once.
        thread = ThreadPoolExecutor(1, thread_name_prefix="report")
        stack.callback(thread.shutdown, wait=False)
        try:
            async with aclosing(events):
                async for event in events:
                    await loop.run_in_executor(thread, publisher.on_event, event)
        finally:
            await asyncio.shield(loop.run_in_executor(thread, publisher.close))
    if publisher.result is None:
        raise Interrupted(f"{publisher.reason} before there was anything to report")
    return publisher.result


class Publisher:
    """Passes events on, and makes a report of each judgement."""

    def __init__(self, subscribers: Sequence[Subscriber], *, strict: bool = False) -> None:
        self.result: RunReported | None = None
        self.reason = ""
        """Why the run ended before its end."""
        self._subscribers = tuple(subscribers)
        self._strict = strict
        self._directory = Path()
        self._sessions: tuple[SessionRef, ...] = ()
        self._reports: dict[int, ReportModel] = {}
        self._is_single = False
        self._prepared = False

    def on_event(self, event: Event) -> None:
        """Tell everybody of an event and of what follows from it."""
        self._tell(event)
        match event:
            case RunStarted(directory=directory, sessions=sessions):
                self._directory, self._sessions = directory, sessions
                self._is_single = event.is_single
            case StepBegan() if not self._prepared:
                # What reports are made with takes a while to import, and there is nothing to write yet.
                self._prepared = True
                importlib.import_module("chatkit_doctor.report.build")
            case SessionJudged(session=session):
                self._reports[session.index] = report = _report(event, strict=self._strict)
                self._tell(SessionReported(session, report, event.judgement))
            case RunFinished(reason=reason) if not self._reports:
                self.reason = reason
            case RunFinished():
                self.result = self._run(event)
                self._tell(self.result)

    def close(self) -> None:
        """Let everybody close."""
        with ExitStack() as stack:
            for subscriber in self._subscribers:
                stack.callback(subscriber.close)

    def _tell(self, event: Told) -> None:
        for subscriber in self._subscribers:
            try:
                subscriber.on_event(event)
            except OSError as error:
                where = str(error.filename or self._directory)
                raise UsageError(f"cannot write a report: {error.strerror or error}", where=where) from error

    def _run(self, event: RunFinished) -> RunReported:
        from chatkit_doctor.report.build import build_run

        reports = [self._reports[index] for index in sorted(self._reports)]
        not_run = [session.name for session in self._sessions if session.index not in self._reports]
        run = build_run(reports, duration_ms=event.duration_ms, not_run=not_run)
        return RunReported(self._directory, run, self._is_single, event.interrupted)


def _report(event: SessionJudged, *, strict: bool) -> ReportModel:
    from chatkit_doctor.report.build import report_of
    from chatkit_doctor.report.folder import artifacts_in

    session = event.session
    directory = event.judgement.recording.directory or session.directory
    return report_of(event.judgement, artifacts_in(directory, session.place), strict=strict)
