"""How many sessions a machine bears side by side."""

from __future__ import annotations

import os
from typing import Final

MOST: Final = 8


def default_workers() -> int:
    """As many as there are processors for."""
    return min(MOST, os.cpu_count() or 1)
