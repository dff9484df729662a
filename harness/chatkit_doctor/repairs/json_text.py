"""JSON as a backend would write it."""

from __future__ import annotations

import json


def dumped(value: object) -> str:
    """The value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
