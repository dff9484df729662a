"""What a browser's own reader of server-sent events hands on, in as few lines as tests need.

By the standard, and on purpose not by the parser of the package.
"""

from __future__ import annotations

import re


def dispatched(body: bytes) -> list[str]:
    """The data of each event that has any and is ended by a blank line."""
    found: list[str] = []
    data: list[str] = []
    text = body.decode("utf-8", errors="replace").removeprefix("\ufeff")
    for line in re.split(r"\r\n|\n|\r", text)[:-1]:
        name, _, value = line.partition(":")
        if not line:
            found += ["\n".join(data)] if any(data) else []
            data = []
        elif name == "data":
            data.append(value.removeprefix(" "))
    return found
