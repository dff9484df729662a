"""Reports the progress of a call to the client, so that an assistant and its user see it continue."""

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
    """A subscriber that turns events into messages, on any thread, for the event loop that sends them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.notes: asyncio.Queue[str] = asyncio.Queue()

    def on_event(self, event: Told) -> None:
        """Queue a message for the event, if there is one."""
        if said := _words(event):
            with suppress(RuntimeError):  # The server has ended, so nobody receives it.
                self._loop.call_soon_threadsafe(self.notes.put_nowait, printable(said))

    def close(self) -> None:
        """Nothing to close."""


@asynccontextmanager
async def progress_told(context: Context) -> AsyncIterator[ProgressNotes]:
    """Subscribes to a call, and sends its progress in order to a client that requested it."""
    notes = ProgressNotes()
    telling = asyncio.create_task(_tell(notes.notes, context))
    try:
        yield notes
    finally:
        telling.cancel()
        await asyncio.wait([telling])


async def _tell(notes: asyncio.Queue[str], context: Context) -> None:
    # A client that has disconnected needs no progress.
    with suppress(BrokenResourceError, ClosedResourceError):
        for number in count(1):
            await context.report_progress(number, message=await notes.get())


def _words(event: Told) -> str:
    """The message for an event; empty if it is of no interest."""
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
