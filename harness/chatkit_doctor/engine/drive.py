"""Sessions in a browser, as the engine carries them out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.target import Address, HostPage
from chatkit_doctor.browser.warm import WarmProfile
from chatkit_doctor.engine.environment import Environment, open_environment
from chatkit_doctor.engine.events import Event, Progressed, SessionRef, StepBegan, StepEnded, Waiting
from chatkit_doctor.engine.halting import Halt
from chatkit_doctor.engine.plan import Drive, Plan
from chatkit_doctor.engine.session_limit import session_limit_s
from chatkit_doctor.gather.awaited import Awaited
from chatkit_doctor.recording.entries import AnyEntry, StepBegin, StepEnd
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.scenario.backend import UrlBackend
from chatkit_doctor.scenario.load import NamedScenario

if TYPE_CHECKING:
    from chatkit_doctor.browser.session import SessionOptions
    from chatkit_doctor.browser.silence import OnSilence, SoFar
    from chatkit_doctor.engine.setup import Setup


async def runtime_of(plan: Plan) -> Runtime:
    """The runtime that a plan asks for.

    Raises UsageError for an unknown name, RuntimeSourceError when it is not available.
    """
    if isinstance(plan.runtime, Runtime):
        return plan.runtime
    return await asyncio.to_thread(choose, plan.runtime)


@dataclass(frozen=True, slots=True)
class Browsing:
    """A browser and all that sessions in it share."""

    environment: Environment
    options: SessionOptions

    @property
    def is_connected(self) -> bool:
        """Whether the browser is still there."""
        return self.environment.browser.is_connected

    @property
    def bears_more(self) -> bool:
        """Whether another session beside one does not disturb it, as a window would that lies over it."""
        return self.environment.browser.info(motion=False).headless

    async def replay(
        self,
        session: Drive,
        setup: Setup,
        ref: SessionRef,
        halt: Halt,
    ) -> Journal | None:
        """Replay a session into a folder below its own; None when it had to stop before it began."""
        named = NamedScenario(session.named.name, session.named.path, setup.scenario)
        closed: list[Journal] = []
        # Nobody looks at the trace of an experiment, nor at what it showed for a moment.
        quiet = replace(self, options=replace(self.options, trace=False, film=False))
        drive = Drive(named, target=HostPage(setup.conversation))
        stopped = await halt.unless(quiet.record(drive, ref, lambda _: None, halt, closed.append))
        return closed[0] if closed and not stopped else None

    async def record(
        self,
        session: Drive,
        ref: SessionRef,
        tell: Callable[[Event], None],
        halt: Halt,
        closed: Callable[[Journal], None],
        silence: OnSilence | None = None,
    ) -> None:
        """Carry one session out within its own limit, and tell of its steps.

        ``closed`` gets its journal, however it ended; ``silence`` is told of a stream that may never end.
        """
        from chatkit_doctor.browser.session import HOST_PAGE, Watcher, record

        by_hand = session.by_hand
        # A user takes what time they want.
        limit_s = session_limit_s(session.named.scenario) if by_hand is None else None
        awaited = Awaited()
        is_somebodys = isinstance(session.target, Address) or isinstance(
            session.named.scenario.backend, UrlBackend
        )

        def listen(_t: float, entry: AnyEntry) -> None:
            before = awaited.what
            awaited.on_entry(entry)
            if is_somebodys and awaited.what != before:
                tell(Waiting(ref, awaited.what))
            match entry:
                case StepBegin(index=number, do=do):
                    tell(StepBegan(ref, number, do))
                case StepEnd(index=number, do=do, limit=limit, waited_ms=waited_ms):
                    tell(StepEnded(ref, number, do, limit, waited_ms))

        def progressed(so_far: SoFar) -> None:
            tell(Progressed(ref, so_far))

        def why() -> str:
            if halt.is_set or limit_s is None:
                return halt.reason
            return f"the session's time limit of {limit_s:g} s was reached"

        environment = self.environment
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await record(
                    session.named,
                    ref.directory,
                    environment.browser,
                    environment.host,
                    self.options,
                    target=session.target or HOST_PAGE,
                    watcher=Watcher(
                        listen,
                        closed,
                        why,
                        halt.patience,
                        silence,
                        by_hand,
                        None if by_hand is None else progressed,
                    ),
                )


@asynccontextmanager
async def open_browsing(
    plan: Plan, drives: Sequence[Drive], runtime: Runtime, halt: Halt
) -> AsyncIterator[Browsing]:
    """The browser, the host and the runtime for sessions, until the context ends.

    Raises BrowserError when no browser can be found or started.
    """
    provider = plan.browser or WarmProfile(await asyncio.to_thread(choose_browser))
    async with open_environment(drives, runtime, provider, halt.patience) as environment:
        # Loaded while the browser starts.
        from chatkit_doctor.browser.session import SessionOptions

        yield Browsing(environment, SessionOptions(plan.motion, plan.trace, plan.secrets, plan.headers))
