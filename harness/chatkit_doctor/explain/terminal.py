"""An explanation as it is read in a terminal."""

from __future__ import annotations

import textwrap
from typing import Final

from rich.console import Console
from rich.text import Text

from chatkit_doctor.explain.model import RELATED, Explanation, Snippet

_NARROWEST: Final = 40
"""Columns that text gets at least, however narrow the terminal."""


def print_explanation(explanation: Explanation, console: Console) -> None:
    """Print one explanation; examples are not wrapped, so that they can be copied."""
    what = f"{explanation.layer} layer, {explanation.kind}" if explanation.layer else str(explanation.kind)
    console.print(Text(explanation.id, style="bold"), Text(f"  {what}", style="dim"), sep="")
    console.print(Text(explanation.title))
    _snippets("What goes wrong", explanation.sent, console)
    _paragraph("What the component does", explanation.does, console)
    _snippets("What to do instead", explanation.instead, console)
    if explanation.fix:
        _paragraph("In words", explanation.fix, console)
    if explanation.related:
        _paragraph(RELATED[explanation.kind], ", ".join(explanation.related), console)


def _paragraph(heading: str, text: str, console: Console) -> None:
    _heading(heading, console)
    indent = "  "
    width = max(console.width, _NARROWEST)
    for line in textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    ):
        console.print(Text(line), soft_wrap=True)


def _snippets(heading: str, snippets: list[Snippet], console: Console) -> None:
    _heading(heading, console)
    for snippet in snippets:
        console.print(Text(f"  {snippet.language}", style="dim"))
        for line in snippet.text.splitlines():
            console.print(Text(f"    {line}"), soft_wrap=True)


def _heading(heading: str, console: Console) -> None:
    console.print()
    console.print(Text(heading, style="bold"))
