"""Turning what a person asks for into a browser that can be started."""

from __future__ import annotations

from chatkit_doctor.browser.find import require
from chatkit_doctor.browser.pool import BrowserChoice


def choose_browser(
    kind: str = "chromium", *, channel: str | None = None, executable: str | None = None, headed: bool = False
) -> BrowserChoice:
    """The browser asked for, or the first one found on this machine.

    Firefox and WebKit are Playwright's own builds. Raises BrowserError when there is no such browser,
    UsageError for an unknown channel.
    """
    if kind != "chromium" or executable:
        return BrowserChoice(kind, executable, headed)
    return BrowserChoice(kind, str(require(channel).executable), headed)
