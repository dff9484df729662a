"""Telling a client what a call is doing: it takes its time, and an assistant and its person see it go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count

from anyio import BrokenResourceError, ClosedResourceError
from mcp.server.mcpserver import Context

from chatkit_doctor.engine.events import (
    Announced,
    ReplayStarted,
    RunStarted,
    SessionRecorded,
    StepBegan,
    Waiting,
)
from chatkit_doctor.report.subscriber import Told
from chatkit_doctor.safe_text import printable


class ProgressNotes:
    """A subscriber that puts what happens into words, on whatever thread, for the loop that tells them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.notes: asyncio.Queue[str] = asyncio.Queue()

    def on_event(self, event: Told) -> None:
        """Take what there is to tell of."""
        if said := _words(event):
            with suppress(RuntimeError):  # The server has ended, and nobody is told any more.
                self._loop.call_soon_threadsafe(self.notes.put_nowait, printable(said))

    def close(self) -> None:
        """Nothing is left open."""


@asynccontextmanager
async def progress_told(context: Context) -> AsyncIterator[ProgressNotes]:
    """Subscribes to a call, and tells its client, if that has asked for progress, what comes, in order."""
    notes = ProgressNotes()
    telling = asyncio.create_task(_tell(notes.notes, context))
    try:
        yield notes
    finally:
        telling.cancel()
        await asyncio.wait([telling])


async def _tell(notes: asyncio.Queue[str], context: Context) -> None:
    # A client that has gone asks for nothing more.
    with suppress(BrokenResourceError, ClosedResourceError):
        for number in count(1):
            await context.report_progress(number, message=await notes.get())


def _words(event: Told) -> str:
    """What an event means to who waits; empty for what is no news to them."""
    match event:
        case RunStarted(runtime=runtime) if runtime is not None:
            return f"Runtime: {runtime.why}"
        case Announced(text=text):
            return text
        case Waiting(what=what) if what:
            return f"waiting for {what}"
        case StepBegan(number=number, do=do):
            return f"step {number + 1}: {do}"
        case SessionRecorded():
            return "judging what was recorded"
        case ReplayStarted(repaired=repaired):
            without = f" without {', '.join(repaired)}" if repaired else ""
            return f"proving the cause: replaying it{without}"
    return ""
