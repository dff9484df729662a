"""A context that is used again traces one session at a time, however long writing the last trace takes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.session import _tracing
from chatkit_doctor.browser.warm import WarmProfile
from chatkit_doctor.gather import trace
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.server import RuntimeServer
from tests.journals import HEADER

LONG_ENOUGH_S = 1.0
"""A trace that is not begun within this time waits for the one before it."""


@pytest.mark.browser
def test_a_trace_waits_for_the_one_before_it_in_the_same_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_end = trace.end

    async def scene() -> None:
        may_end = asyncio.Event()

        async def slow_end(context: BrowserContext) -> Path | None:
            await may_end.wait()
            return await real_end(context)

        monkeypatch.setattr(trace, "end", slow_end)
        journals = [Journal(tmp_path / name, Redactor(), HEADER) for name in ("first", "second")]
        with RuntimeServer(choose("reference")) as server:
            async with (
                WarmProfile(choose_browser()).open(server.started) as browsers,
                asyncio.TaskGroup() as group,
            ):

                async def session(journal: Journal, used: asyncio.Event) -> None:
                    async with _tracing(journal, Patience(), wanted=True) as tracing, browsers.tab() as tab:
                        async with tracing(tab, journal.directory.name):
                            await tab.page.goto("about:blank")
                        used.set()

                over = [asyncio.Event(), asyncio.Event()]
                group.create_task(session(journals[0], over[0]))
                await over[0].wait()
                while not browsers._idle:
                    await asyncio.sleep(0)
                second = group.create_task(session(journals[1], over[1]))
                done, _ = await asyncio.wait({second}, timeout=LONG_ENOUGH_S)
                assert not done
                assert not over[1].is_set()
                may_end.set()
        for journal in journals:
            journal.close(finished=True)

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert (tmp_path / "first" / trace.FILE_NAME).is_file()
    assert (tmp_path / "second" / trace.FILE_NAME).is_file()
