"""A warm profile holds one session at a time, and forgets what it has stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.warm import WarmBrowsers, WarmProfile
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.server import RuntimeServer

LIMIT_S = 60.0


async def with_browsers(scene: Callable[[WarmBrowsers], Awaitable[None]]) -> None:
    """Play a scene with browsers on the reference runtime."""
    with RuntimeServer(choose("reference")) as server:
        async with asyncio.timeout(LIMIT_S), WarmProfile(choose_browser()).open(server.started) as browsers:
            await scene(browsers)


@pytest.mark.browser
def test_a_profile_is_used_again_and_two_at_once_have_two() -> None:
    async def scene(browsers: WarmBrowsers) -> None:
        async with browsers.tab() as first:
            pass
        async with browsers.tab() as again, browsers.tab() as beside:
            assert again.context is first.context
            assert beside.context is not again.context
            assert beside.context.browser is not again.context.browser

    asyncio.run(with_browsers(scene))


@pytest.mark.browser
def test_what_playwright_turns_off_stays_off() -> None:
    async def scene(browsers: WarmBrowsers) -> None:
        assert browsers.is_connected
        lines = [process.cmdline() for process in psutil.Process().children(recursive=True)]
        browser = next(line for line in lines if any(each.startswith("--user-data-dir=") for each in line))
        prefix = "--disable-features="
        playwrights, *_, heeded = (set(each[len(prefix) :].split(",")) for each in browser if prefix in each)
        assert heeded - playwrights == {"BackgroundResourceFetch"}
        assert playwrights - heeded == set()

    asyncio.run(with_browsers(scene))


@pytest.mark.browser
def test_what_a_session_has_stored_is_gone_for_the_next(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>x</title>")

    async def scene(browsers: WarmBrowsers) -> None:
        async with browsers.tab() as tab:
            await tab.page.goto(page.as_uri())
            await tab.page.evaluate("localStorage.a = sessionStorage.b = 1")
            cookie = {"name": "c", "value": "1", "url": "http://localhost:1/"}
            await tab.context.add_cookies([cookie])  # type: ignore[list-item]
        async with browsers.tab() as tab:
            await tab.page.goto(page.as_uri())
            assert await tab.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
            assert await tab.context.cookies() == []

    asyncio.run(with_browsers(scene))
