"""What a test asks for: by its mark, by the command line, by the project's own settings, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.errors import UsageError
from chatkit_doctor.scenario.spelling import nearest

USUAL_REPORTS: Final = "reports"
"""Where the reports of failed tests are by default, where pytest was started."""
MARK: Final = "chatkit"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the chat of a test is. The names are those of the mark's arguments.

    ``path`` is where an application of one's own answers ChatKit; ``clicks`` are selectors of what opens the
    chat of a page; ``options`` are merged over the component's, where the page is not one's own;
    ``turn_timeout`` is in seconds.
    """

    backend: str = ""
    url: str = ""
    path: str = "/chatkit"
    headers: Mapping[str, str] = field(default_factory=dict)
    clicks: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    turn_timeout: float = 60.0
    secrets: Sequence[str] = ()


def settings_of(node: pytest.Item) -> Settings:
    """What is asked for, the nearest mark first. Raises UsageError for an argument that there is not."""
    given: dict[str, Any] = {
        name: value for name in ("backend", "url") if (value := _option(node.config, name))
    }
    given["path"] = node.config.getini("chatkit_path")
    known = [each.name for each in fields(Settings)]
    for mark in reversed(list(node.iter_markers(MARK))):
        if mark.args:
            raise UsageError(f"its arguments have names: {', '.join(known)}", where="@pytest.mark.chatkit")
        for name, value in mark.kwargs.items():
            if name not in known:
                near = nearest(name, known)
                hint = f"Did you mean {near!r}?" if near else f"Known are: {', '.join(known)}."
                raise UsageError(f"there is no argument {name!r}", where="@pytest.mark.chatkit", hint=hint)
            given[name] = value
    return Settings(**given)


def runtime_of(config: pytest.Config) -> str | None:
    """The component to drive; None for the most real one that can be had."""
    return _option(config, "runtime") or None


def reports_of(config: pytest.Config) -> tuple[Path, bool]:
    """Where reports go, and whether those of tests that passed are kept, too."""
    if given := config.getoption("--chatkit-report"):
        return config.invocation_params.dir / given, True
    if given := config.getini("chatkit_report"):
        return (config.inipath.parent if config.inipath else config.rootpath) / given, True
    return config.invocation_params.dir / USUAL_REPORTS, False


def keeps_trace(config: pytest.Config) -> bool:
    """Whether pytest-playwright is asked for traces."""
    return bool(config.getoption("--tracing", "off") != "off")


def proves_of(config: pytest.Config) -> bool:
    """Whether the session of a test that failed is replayed with the fault repaired."""
    return not (config.getoption("--chatkit-no-proof") or config.getini("chatkit_no_proof"))


def _option(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"--chatkit-{name}") or config.getini(f"chatkit_{name}") or "")
