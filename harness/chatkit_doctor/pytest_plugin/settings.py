"""The settings of a test: from its mark, the command line, and the project's settings, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.errors import UsageError
from chatkit_doctor.scenario.spelling import nearest

USUAL_REPORTS: Final = "reports"
"""Default folder for reports of failed tests, relative to where pytest was started."""
MARK: Final = "chatkit"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to open the chat of a test. The names are those of the mark's arguments.

    ``path`` is the path of the ChatKit endpoint in an application; ``clicks`` are selectors of elements that
    open the chat on a page; ``options`` are merged into the component's options on the built-in page;
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
    """The settings of a test, the nearest mark first. Raises UsageError for an unknown argument."""
    given: dict[str, Any] = {
        name: value for name in ("backend", "url") if (value := _option(node.config, name))
    }
    given["path"] = node.config.getini("chatkit_path")
    known = [each.name for each in fields(Settings)]
    for mark in reversed(list(node.iter_markers(MARK))):
        if mark.args:
            raise UsageError(f"pass arguments by name: {', '.join(known)}", where="@pytest.mark.chatkit")
        for name, value in mark.kwargs.items():
            if name not in known:
                near = nearest(name, known)
                hint = f"Did you mean {near!r}?" if near else f"Known are: {', '.join(known)}."
                raise UsageError(f"unknown argument {name!r}", where="@pytest.mark.chatkit", hint=hint)
            given[name] = value
    return Settings(**given)


def runtime_of(config: pytest.Config) -> str | None:
    """The component to use; None for the most authentic one available."""
    return _option(config, "runtime") or None


def reports_of(config: pytest.Config) -> tuple[Path, bool]:
    """Where reports are written, and whether those of passed tests are also kept."""
    if given := config.getoption("--chatkit-report"):
        return config.invocation_params.dir / given, True
    if given := config.getini("chatkit_report"):
        return (config.inipath.parent if config.inipath else config.rootpath) / given, True
    return config.invocation_params.dir / USUAL_REPORTS, False


def keeps_trace(config: pytest.Config) -> bool:
    """Whether traces are requested from pytest-playwright."""
    return bool(config.getoption("--tracing", "off") != "off")


def proves_of(config: pytest.Config) -> bool:
    """Whether the session of a failed test is replayed with the fault repaired."""
    return not (config.getoption("--chatkit-no-proof") or config.getini("chatkit_no_proof"))


def _option(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"--chatkit-{name}") or config.getini(f"chatkit_{name}") or "")
