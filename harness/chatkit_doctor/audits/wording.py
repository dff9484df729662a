"""Foreign text in sentences: shortened, on one line, and marked as what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 160
_LONGEST_MESSAGE: Final = 80


def quoted_message(text: str) -> str:
    """A message in quotation marks: enough of it to know it again."""
    return quoted(text, _LONGEST_MESSAGE)


def quoted(text: str, longest: int = _LONGEST) -> str:
    """The text in quotation marks."""
    return f"“{shortened(text, longest)}”"


def shortened(text: str, longest: int = _LONGEST) -> str:
    """The text on one line, cut at a length."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rstrip() + "…"


def listed(names: Iterable[str], most: int = 6) -> str:
    """``a, b, c`` with the number of those left out."""
    every = list(names)
    rest = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(shortened(name, 60) for name in every[:most]) + rest


def counted(number: int, noun: str) -> str:
    """``1 event``, ``2 events``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def host_of(url: str) -> str:
    """The host of a URL; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
