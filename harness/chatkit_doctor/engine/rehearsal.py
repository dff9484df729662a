"""Replays that are made while a stream that may never end is still waited for.

The wait is long and nothing happens in it, and what a proof will begin with is known: the session as it was,
and with its stream closed. When the wait is over, both are there already. Whatever turns out otherwise - more
comes, something else is found - is replayed when it is known, as ever.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from chatkit_doctor.browser.silence import OnSilence, SoFar
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.engine.proof import Replay
from chatkit_doctor.engine.prove import Carry
from chatkit_doctor.engine.setup import Setup, repaired
from chatkit_doctor.recording.reader import Recording

EXPECTED: Final = ("stream-never-ends",)
"""What will be found if the silence goes on, and nothing else is wrong."""


@dataclass(frozen=True, slots=True)
class _Made:
    """One replay, made or still to be made."""

    causes: tuple[str, ...]
    setup: Setup
    replay: asyncio.Future[Replay | None]


class Rehearsal:
    """The replays of one session that begin before it is over.

    ``setup_of`` says what is replayed of a recording; ``carry`` makes a replay, in a folder of its number
    below ``directory``.
    """

    def __init__(self, setup_of: Callable[[Recording], Setup], carry: Carry, directory: Path) -> None:
        self._setup_of = setup_of
        self._carry = carry
        self._directory = directory
        self._made: dict[int, _Made] = {}
        self._making: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None

    @property
    def on_silence(self) -> OnSilence:
        """Who must be told that the stream is silent."""
        return OnSilence(self._begin, self._give_up)

    async def carry(self, setup: Setup, causes: tuple[str, ...], number: int) -> Replay | None:
        """A replay, in place of ``carry``: one that was made before if it was made of the same."""
        made = self._made.pop(number, None)
        if made is not None and made.causes == causes and is_same(made.setup, setup):
            assert self._making is not None  # noqa: S101 - it makes what is there
            either: set[asyncio.Future[Any]] = {self._making, made.replay}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if made.replay.done() and not made.replay.cancelled():
                return made.replay.result()
        if made is not None:
            self._made[number] = made
        await self.leave()
        return await self._carry(setup, causes, number)

    async def leave(self) -> None:
        """Stop, and remove what nobody has asked for."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.gather(self._making, return_exceptions=True)
        left, self._made = self._made, {}
        for number in left:
            await asyncio.to_thread(shutil.rmtree, self._directory / str(number), ignore_errors=True)
        if left:
            with suppress(OSError):  # Others are there.
                self._directory.rmdir()

    def _begin(self, so_far: SoFar) -> None:
        self._making = asyncio.ensure_future(self._make(so_far))

    def _give_up(self) -> None:
        self._leaving = asyncio.ensure_future(self.leave())

    async def _make(self, so_far: SoFar) -> None:
        setup = self._setup_of(await asyncio.to_thread(so_far))
        loop = asyncio.get_running_loop()
        for number, causes in enumerate(((), EXPECTED)):
            self._made[number] = _Made(causes, repaired(setup, causes), loop.create_future())
        for number, made in list(self._made.items()):
            # Whatever goes wrong here goes wrong again when it is requested, and is told then.
            with suppress(OSError):
                made.replay.set_result(await self._carry(made.setup, made.causes, number))


def is_same(one: Setup, other: Setup) -> bool:
    """Whether two replays would be alike: how long an answer was waited for that goes on is no matter."""
    calls, others = ([_bare(call) for call in each.conversation.calls] for each in (one, other))
    return one.scenario == other.scenario and one.own == other.own and calls == others


def _bare(call: Call) -> Call:
    return replace(call, ended_ms=0.0) if call.how == "open" else call
