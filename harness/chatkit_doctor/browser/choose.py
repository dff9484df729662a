"""Turning what a user asks for into a browser that can be started."""

from __future__ import annotations

from dataclasses import dataclass

from chatkit_doctor.browser.find import require


@dataclass(frozen=True, slots=True)
class BrowserChoice:
    """Which browser to start: ``kind`` as Playwright names it; without an ``executable``, its own build."""

    kind: str = "chromium"
    executable: str | None = None
    headed: bool = False


def choose_browser(
    kind: str = "chromium", *, channel: str | None = None, executable: str | None = None, headed: bool = False
) -> BrowserChoice:
    """The browser asked for, or the first one found on this machine.

    Firefox and WebKit are Playwright's own builds. Raises BrowserError when there is no such browser,
    UsageError for an unknown channel.
    """
    if kind != "chromium" or executable:
        return BrowserChoice(kind, executable, headed)
    return BrowserChoice(kind, str(require(channel, headed=headed).executable), headed)
