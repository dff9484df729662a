"""Text on a terminal: foreign text made harmless, and wrapped under itself beside its label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from chatkit_doctor.safe_text import printable

INDENT: Final = 2
LABEL_WIDTH: Final = len("Messages") + 2
NARROWEST: Final = 24
"""Columns that text gets at least, however narrow the terminal."""


def block(console: Console, label: str, lines: Iterable[Text], *, wrap: bool = True) -> None:
    """Print a label with its lines beside it; without lines, nothing."""
    for number, line in enumerate(lines):
        head = Text(" " * INDENT)
        head.append(f"{'' if number else label:<{LABEL_WIDTH}}", style="dim")
        if wrap:
            hanging(console, head, line)
        else:
            # What is to be copied, such as a path, must not be broken.
            console.print(head.append_text(line), soft_wrap=True)


def hanging(console: Console, head: Text, text: Text) -> None:
    """Print text after a head, wrapped under itself, without filling lines up with blanks as a table does."""
    indent = len(head)
    for line in text.wrap(console, max(console.width - indent, NARROWEST), overflow="fold"):
        line.rstrip()
        console.print(head.append_text(line), soft_wrap=True)
        head = Text(" " * indent)


def safe(console: Console, text: str, *, style: str = "") -> Text:
    """Foreign text as it may appear in a terminal: no control characters, no markup, nothing unencodable."""
    harmless = printable(text).encode(console.encoding, "replace").decode(console.encoding)
    return Text(harmless, style=style)
