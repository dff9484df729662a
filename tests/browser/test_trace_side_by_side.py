"""Traces of sessions side by side: each leaves the others' folders alone, and may meet them as they go."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.async_api import BrowserContext

from chatkit_doctor.gather import trace
from chatkit_doctor.temporary import in_memory


class Tracing:
    """Notes as a browser does where it traces, and puts the notes together at the end."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes

    async def start(self, *, name: str, **_options: Any) -> None:
        """Begin to note."""
        (self._notes / f"{name}.network").write_text("")

    async def stop(self, *, path: Path) -> None:
        """What was noted."""
        await asyncio.to_thread(path.write_bytes, b"")


class Context:
    """As much of a browser's context as a trace needs."""

    def __init__(self, notes: Path) -> None:
        self.tracing = Tracing(notes)


def test_a_folder_that_another_session_removes_meanwhile_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Path(in_memory() or tempfile.gettempdir())
    list_files = Path.glob
    with trace.raw_folder() as notes:
        others = Path(tempfile.mkdtemp(prefix="chatkit-doctor-trace-", dir=place))

        def listed(folder: Path, pattern: str) -> Iterator[Path]:
            if folder == others:
                folder.rmdir()
                os.scandir(folder)  # It was still there a moment ago.
            return iter(list(list_files(folder, pattern)))

        monkeypatch.setattr(Path, "glob", listed)
        context = cast("BrowserContext", Context(Path(notes)))

        async def session() -> Path | None:
            await trace.begin(context, "a session")
            return await trace.end(context)

        raw = asyncio.run(session())
        assert not others.exists()
        assert raw is not None
        assert raw.is_file()
        shutil.rmtree(raw.parent)
        assert list(Path(notes).iterdir()) == []
