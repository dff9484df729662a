"""Defaults of a comparison."""

from __future__ import annotations

from typing import Final

RUNS: Final = 2
"""Sessions per scenario and runtime."""
AT_LEAST: Final = 98.0
"""The agreement that is wanted, in percent."""
