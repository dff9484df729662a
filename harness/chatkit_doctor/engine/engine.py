"""Carries a plan out: records and judges its sessions, several side by side, and tells what happens."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from chatkit_doctor.engine.events import (
    Announced,
    Event,
    Judgement,
    ReplayStarted,
    RunFinished,
    RunStarted,
    SessionJudged,
    SessionRecorded,
    SessionRef,
    SessionStarted,
    StepBegan,
)
from chatkit_doctor.engine.halting import Halt
from chatkit_doctor.engine.plan import Drive, Plan, Reread, Session, Simulate
from chatkit_doctor.engine.replaying import PROOF_FOLDER, Replaying
from chatkit_doctor.engine.workers import default_workers
from chatkit_doctor.errors import UsageError

if TYPE_CHECKING:
    from chatkit_doctor.browser.silence import OnSilence
    from chatkit_doctor.engine.drive import Browsing
    from chatkit_doctor.engine.proof import Replay
    from chatkit_doctor.engine.rehearsal import Rehearsal
    from chatkit_doctor.engine.setup import Setup
    from chatkit_doctor.recording.journal import Journal
    from chatkit_doctor.runtime.runtime import Runtime


async def carry_out(plan: Plan, stop: asyncio.Event | None = None) -> AsyncGenerator[Event, None]:
    """The events of a plan, as they happen, while it is carried out.

    When ``stop`` is set, or the time of the plan is as good as over, the sessions under way break off, are
    judged like any other, and the run ends. When the caller is cancelled or closes the stream, they break off
    and nothing more is told.

    Raises DoctorError when there is no browser or no runtime, when a backend cannot be reached, and when a
    file cannot be read.
    """
    told: asyncio.Queue[Event | None] = asyncio.Queue()

    async def work() -> None:
        try:
            await _Run(plan, told.put_nowait, Halt(stop or asyncio.Event(), plan.limit_s, plan.since)).run()
        finally:
            told.put_nowait(None)

    working = asyncio.ensure_future(work())
    try:
        while (event := await told.get()) is not None:
            yield event
        await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


class _Run:
    def __init__(self, plan: Plan, tell: Callable[[Event], None], halt: Halt) -> None:
        self._plan = plan
        self._tell = tell
        self._halt = halt
        self._refs = tuple(
            SessionRef(index, session.name, plan.directory / session.place, session.place)
            for index, session in enumerate(plan.sessions)
        )
        self._is_over = False
        """Whether no further session begins."""
        self._journals: dict[int, Journal] = {}
        """What was received in sessions that are still to be judged, by their number."""
        self._browsing: Browsing | None = None
        self._rehearsals: dict[int, Rehearsal] = {}
        """Replays that began before their session was over, by its number."""
        self._judging: list[asyncio.Future[None]] = []
        self._is_prepared = False
        """Whether what judging takes is loaded, or about to be."""
        # One thread: judging is work for the processor, and sessions need it, too.
        self._judges = ThreadPoolExecutor(1, thread_name_prefix="judge")

    async def run(self) -> None:
        begun = time.perf_counter()
        drives = [session for session in self._plan.sessions if isinstance(session, Drive)]
        workers = min(self._plan.workers or default_workers(), len(self._plan.sessions))
        async with AsyncExitStack() as stack:
            stack.callback(self._judges.shutdown, wait=False, cancel_futures=True)
            watching = asyncio.ensure_future(self._halt.watch())
            stack.callback(watching.cancel)
            if not await self._halt.unless(self._begin(drives, workers, stack)):
                todo = iter(zip(self._refs, self._plan.sessions, strict=True))
                await _all(self._work(todo) for _ in range(workers))
            await self._judged()
            # Told before the browsers are closed: the report is due, and nothing more results from them.
            interrupted = self._is_over or self._halt.is_set
            reason = self._halt.reason if self._halt.is_set else ""
            self._tell(RunFinished((time.perf_counter() - begun) * 1000, interrupted, reason))
            self._halt.now_closing()

    async def _begin(self, drives: Sequence[Drive], workers: int, stack: AsyncExitStack) -> None:
        """Tell that the run begins, and open a browser if there is a session for it."""
        if not drives:
            self._begun(None, workers)
            return
        # What needs no browser does not load one.
        from chatkit_doctor.engine.drive import open_browsing, runtime_of

        runtime = await runtime_of(self._plan)
        self._begun(runtime, workers)
        self._browsing = await stack.enter_async_context(
            open_browsing(self._plan, drives, runtime, self._halt)
        )
        if self._plan.judged:
            # While the first page loads.
            self._judges.submit(importlib.import_module, "chatkit_doctor.engine.pipeline")
        stack.push_async_callback(self._leave_rehearsals)

    def _begun(self, runtime: Runtime | None, workers: int) -> None:
        plan = self._plan
        self._tell(RunStarted(plan.name, plan.directory, self._refs, runtime, workers))

    async def _work(self, todo: Iterator[tuple[SessionRef, Session]]) -> None:
        """One worker: takes the next session until there is none."""
        for ref, session in todo:
            if self._is_over or self._halt.is_set:
                return
            self._tell(SessionStarted(ref))
            try:
                interrupted = await self._halt.unless(self._recorded(ref, session))
            except OSError as error:
                raise UsageError(
                    f"the recording cannot be written: {error.strerror or error}",
                    where=str(ref.directory),
                    hint="Free disk space, or choose another folder with --output.",
                ) from error
            if interrupted and ref.index not in self._journals:
                return  # There is nothing yet that could be judged.
            self._tell(SessionRecorded(ref, interrupted))
            if self._plan.judged:
                judging = asyncio.ensure_future(self._judge(ref, session))
                self._judging.append(judging)
                if self._plan.proves:
                    # Replays are sessions, too: no worker has two at a time.
                    await self._halt.unless(_over([judging]))
            if self._browsing is not None and not self._browsing.is_connected:
                self._is_over = True

    async def _recorded(self, ref: SessionRef, session: Session) -> None:
        match session:
            case Drive():
                assert self._browsing is not None  # noqa: S101 - opened for a plan that has such a session
                if session.announcement:
                    self._tell(Announced(ref, session.announcement))
                keep = partial(self._journals.__setitem__, ref.index)
                silence = self._silence(ref, session, self._browsing)
                await self._browsing.record(session, ref, self._tell_and_prepare, self._halt, keep, silence)
            case Simulate():
                from chatkit_doctor.engine.simulated import announcement, record_simulated

                if said := announcement(session):
                    self._tell(Announced(ref, said))

                def asked() -> None:
                    self._tell(StepBegan(ref, 0, "send"))

                journal = await record_simulated(session, ref.directory, self._plan.secrets, asked=asked)
                self._journals[ref.index] = journal
            case Reread():
                pass

    def _tell_and_prepare(self, event: Event) -> None:
        """Tell an event of a session, and load what judging takes while its first answer is waited for."""
        self._tell(event)
        is_asking = isinstance(event, StepBegan) and event.do == "send"
        if is_asking and self._plan.judged and not self._is_prepared:
            self._is_prepared = True
            self._judges.submit(_prepare)

    async def _judged(self) -> None:
        """Wait for what is being judged; when the run has to end, only for a while."""
        if not self._judging:
            return
        if await self._halt.unless(_over(self._judging)):
            await asyncio.wait(self._judging, timeout=self._halt.judging_limit_s)
        for each in self._judging:
            if each.done():
                each.result()

    async def _judge(self, ref: SessionRef, session: Session) -> None:
        loop = asyncio.get_running_loop()
        journal = self._journals.pop(ref.index, None)
        judgement = await loop.run_in_executor(self._judges, _judgement, session, journal)
        if self._plan.proves and isinstance(session, Drive):
            judgement = await self._proven(ref, session, judgement)
        if isinstance(session, Reread) and session.proves is not None:
            judgement = await session.proves(judgement)
        judgement = await loop.run_in_executor(self._judges, _with_remedies, judgement)
        self._tell(SessionJudged(ref, judgement))

    async def _proven(self, ref: SessionRef, session: Drive, judgement: Judgement) -> Judgement:
        """The judgement with what replays of the session say of it."""
        browsing = self._browsing
        if browsing is None or not browsing.is_connected or self._halt.is_set:
            return judgement
        from chatkit_doctor.engine.prove import prove

        replaying = self._replaying(browsing, ref, session)
        rehearsal = self._rehearsals.get(ref.index)
        made = rehearsal.carry if rehearsal is not None else replaying.carry

        async def carry(setup: Setup, causes: tuple[str, ...], number: int) -> Replay | None:
            self._tell(ReplayStarted(ref, causes))
            return await made(setup, causes, number)

        try:
            return await prove(judgement, replaying.setup(judgement.recording, judgement.diagnosis), carry)
        finally:
            await self._leave_rehearsals()

    def _replaying(self, browsing: Browsing, ref: SessionRef, session: Drive) -> Replaying:
        return Replaying(browsing, ref, session, self._halt, self._judges)

    def _silence(self, ref: SessionRef, session: Drive, browsing: Browsing) -> OnSilence | None:
        """Who makes use of a silence in which a session only waits, if it is the only one there is."""
        is_alone = len(self._plan.sessions) == 1 and browsing.bears_more
        if not (is_alone and self._plan.proves and session.named.scenario.limits.silence is not None):
            return None
        from chatkit_doctor.engine.rehearsal import Rehearsal

        replaying = self._replaying(browsing, ref, session)
        rehearsal = Rehearsal(replaying.setup, replaying.carry, ref.directory / PROOF_FOLDER)
        self._rehearsals[ref.index] = rehearsal
        return rehearsal.on_silence

    async def _leave_rehearsals(self) -> None:
        while self._rehearsals:
            await self._rehearsals.popitem()[1].leave()


def _judgement(session: Session, journal: Journal | None) -> Judgement:
    from chatkit_doctor.engine.pipeline import judge_folder, judge_received

    if isinstance(session, Reread):
        return judge_folder(session.recording)
    assert journal is not None  # noqa: S101 - every other session leaves one
    return judge_received(journal, session.named.scenario.expect if isinstance(session, Drive) else None)


def _prepare() -> None:
    from chatkit_doctor.engine.pipeline import prepare

    prepare()


def _with_remedies(judgement: Judgement) -> Judgement:
    from chatkit_doctor.engine.pipeline import with_remedies

    return with_remedies(judgement)


async def _over(futures: Iterable[asyncio.Future[None]]) -> None:
    """Wait until all are done. Whoever does not want to wait any longer leaves them as they are."""
    await asyncio.wait(futures)


async def _all(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Carry all out side by side; when one fails, the others end, too."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
