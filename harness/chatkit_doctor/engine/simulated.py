"""A session without a browser: from a live backend or a file to the recording the component would leave."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from chatkit_doctor.client.probes import announced
from chatkit_doctor.client.session import check_url, converse
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.engine.plan import Simulate
from chatkit_doctor.engine.probe_notes import probe_notes
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.recording.redaction import Redactor

STANDARD_INPUT: Final = "-"
_NEEDED_LATER: Final = (
    "chatkit.types",
    "chatkit_doctor.engine.pipeline",
    "chatkit_doctor.simulator.simulate",
)
"""What is needed only once the conversation is over: it takes a second to import."""


async def record_simulated(
    session: Simulate, directory: Path, secrets: tuple[str, ...], *, asked: Callable[[], None]
) -> Journal:
    """Write the recording of one session to a folder; ``asked`` is called when the backend has the word.

    Raises DoctorError when the backend cannot be reached or the file cannot be read.
    """
    if is_url(session.source):
        conversation = await _converse(session, asked)
    else:
        conversation = await asyncio.to_thread(_read, session)
    return await asyncio.to_thread(_simulate, session, conversation, directory, secrets)


def announcement(session: Simulate) -> str:
    """What a session will do to a backend, in words; empty where there is none to talk to.

    Raises UsageError where the source begins as a URL and is none.
    """
    if not is_url(session.source):
        return ""
    check_url(session.source)
    return announced(session.source, session.live.messages, session.live.probes)


def is_url(source: str) -> bool:
    """Whether a source is a backend to talk to, rather than a file."""
    return source.lower().startswith(("http://", "https://"))


def _read(session: Simulate) -> Conversation:
    from chatkit_doctor.conversation.sources import read_file

    source = session.source
    return read_file(None if source == STANDARD_INPUT else Path(source), op=session.op, match=session.match)


async def _converse(session: Simulate, asked: Callable[[], None]) -> Conversation:
    preparing: list[asyncio.Future[None]] = []

    def prepare() -> None:
        # The imports overlap with waiting for the backend.
        asked()
        preparing.append(asyncio.ensure_future(asyncio.to_thread(_prepare)))

    try:
        return await converse(session.source, session.live, waiting=prepare)
    finally:
        await asyncio.gather(*preparing)


def _prepare() -> None:
    for name in _NEEDED_LATER:
        importlib.import_module(name)
    from chatkit_doctor.audits.registry import audits

    audits()


def _simulate(
    session: Simulate, conversation: Conversation, directory: Path, secrets: tuple[str, ...]
) -> Journal:
    from chatkit_doctor.simulator.simulate import simulate

    noted = replace(conversation, notes=(*conversation.notes, *probe_notes(conversation)))
    redactor = Redactor(secrets)
    redactor.add_headers(session.live.headers)
    return simulate(noted, directory, redactor, name=session.name)
