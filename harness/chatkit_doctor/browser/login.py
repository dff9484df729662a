"""A window in which a user logs in, and what is kept of it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.browser.choose import BrowserChoice
from chatkit_doctor.browser.contexts import closed, first_line, not_started, playwright_driver
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.storage_state import write_state
from chatkit_doctor.errors import BrowserError, Interrupted, TargetError

if TYPE_CHECKING:
    from playwright.async_api import StorageState

OPEN_LIMIT_MS: Final = 60_000
"""How long the page may take to answer."""
OURS: Final = {"handle_sigint": False, "handle_sigterm": False, "handle_sighup": False}
"""Signals are for whoever asked for the window."""
LOGIN_LIMIT_S: Final = 900.0
"""How long a user may take."""


def require_display(verb: str, hint: str) -> None:
    """Raises BrowserError where no window can be shown, with a hint at what can be done instead."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise BrowserError(
            "a window needs a display, but there is none",
            where=verb,
            hint=hint,
        )


async def save_login(
    url: str, save: Path, choice: BrowserChoice, done: asyncio.Event, *, ignore_https_errors: bool = False
) -> None:
    """Open a page in a window, and save cookies and local storage once the user is done.

    That is when ``done`` is set or the window is closed. The file can be read by its owner alone.

    Raises BrowserError when there is no window, TargetError when the page cannot be opened, Interrupted when
    nobody was done in time, UsageError when the file cannot be written.
    """
    async with playwright_driver(Patience()) as playwright:
        launcher = getattr(playwright, choice.kind)
        try:
            browser = await launcher.launch(
                executable_path=choice.executable, headless=not choice.headed, **OURS
            )
        except PlaywrightError as error:
            raise not_started(error, choice) from error
        try:
            # The window's own size is the page's: a user is to see all of it.
            context = await browser.new_context(no_viewport=True, ignore_https_errors=ignore_https_errors)
            kept = _Kept(context)
            page = await context.new_page()
            page.on("close", lambda _: done.set())
            page.on("load", kept.look)
            try:
                await page.goto(url, timeout=OPEN_LIMIT_MS)
            except PlaywrightError as error:
                raise TargetError(f"the page cannot be opened: {first_line(error)}", where=url) from error
            try:
                async with asyncio.timeout(LOGIN_LIMIT_S):
                    await done.wait()
            except TimeoutError as error:
                raise Interrupted(
                    f"the login was not finished within {LOGIN_LIMIT_S / 60:g} minutes"
                ) from error
            state = await kept.last()
        finally:
            await closed(browser.close(), Patience())
    await asyncio.to_thread(write_state, state, save)


class _Kept:
    """What a context holds; of one whose window was closed, what it held when a page was last loaded."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._state: StorageState = {"cookies": [], "origins": []}
        self._looking: asyncio.Task[None] | None = None

    def look(self, _page: Page) -> None:
        """Take notice of what there is now."""
        self._looking = asyncio.ensure_future(self._look())

    async def last(self) -> StorageState:
        """What there is, or was."""
        await self._look()
        return self._state

    async def _look(self) -> None:
        with suppress(PlaywrightError):
            self._state = await self._context.storage_state()
