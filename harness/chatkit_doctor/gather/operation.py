"""Which operation of ChatKit a request asks for."""

from __future__ import annotations

import json
import re
from typing import Final

OPERATION: Final = re.compile(r"^(threads|items|attachments|input)\.")


def operation_of(body: object) -> tuple[str, object]:
    """The operation that a body names, empty for none, and the body as JSON where it can be read as that."""
    if not isinstance(body, str):
        return "", None
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return "", body
    op = parsed.get("type") if isinstance(parsed, dict) else None
    return (op if isinstance(op, str) and OPERATION.match(op) else ""), parsed
