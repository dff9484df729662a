"""Where the files that are no Python lie: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_CHECKOUT: Final = _PACKAGE.parent.parent

NO_HOME: Final = Path("/nonexistent")
"""The home of users who have none, which does not exist either. Debian's policy, 9.2.3, calls it so."""


def static_dir() -> Path:
    """The folder of what a browser loads: host pages, probes, the reference component, the report."""
    return _data_dir("static")


def scenarios_dir() -> Path:
    """The folder of the scenario catalogue."""
    return _data_dir("scenarios")


def _data_dir(name: str) -> Path:
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _CHECKOUT / name
