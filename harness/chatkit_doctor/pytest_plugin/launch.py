"""Which browser is started, following the options of pytest-playwright."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.fresh import FreshContext
from chatkit_doctor.browser.visitor import Visitor

ARGS: Final = "browser_type_launch_args"
"""The fixture of pytest-playwright that projects override."""
_TAKEN: Final = frozenset({"headless", "channel", "slow_mo", "executable_path"})


@dataclass(frozen=True, slots=True)
class Launch:
    """A browser that several tests can share."""

    kind: str = "chromium"
    channel: str | None = None
    executable: str | None = None
    headed: bool = False
    slow_mo_ms: float = 0
    device: str = ""

    def provider(self) -> FreshContext:
        """What starts it. Raises BrowserError if there is no browser, UsageError for an unknown channel."""
        choice = choose_browser(
            self.kind, channel=self.channel, executable=self.executable, headed=self.headed
        )
        visitor = Visitor(device=self.device) if self.device else None
        return FreshContext(choice, visitor, self.slow_mo_ms)


def launch_for(request: pytest.FixtureRequest) -> Launch:
    """The browser of a test."""
    if not request.config.pluginmanager.has_plugin("playwright"):
        return launch_of(request.config)
    return launch_of(
        request.config, request.getfixturevalue("browser_name") or "", request.getfixturevalue(ARGS)
    )


def launch_of(config: pytest.Config, kind: str = "", given: Mapping[str, Any] | None = None) -> Launch:
    """The browser that the command line selects; ``given`` holds further arguments."""
    kinds = config.getoption("--browser", None) or ["chromium"]
    asked = {
        "headless": not config.getoption("--headed", False),
        "channel": config.getoption("--browser-channel", None),
        "slow_mo": config.getoption("--slowmo", 0),
        **(given or {}),
    }
    warn_of(ARGS, set(asked) - _TAKEN)
    executable = asked.get("executable_path")
    return Launch(
        kind=kind or kinds[0],
        channel=asked["channel"],
        executable=str(executable) if executable else None,
        headed=not asked["headless"],
        slow_mo_ms=float(asked["slow_mo"] or 0),
        device=config.getoption("--device", None) or "",
    )


def warn_of(fixture: str, names: Iterable[str]) -> None:
    """Warn about arguments of a pytest-playwright fixture that a session does not support."""
    if unknown := sorted(names):
        warnings.warn(
            pytest.PytestWarning(f"{fixture}: the browser of a chat does not support {', '.join(unknown)}"),
            stacklevel=2,
        )
