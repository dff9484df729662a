"""An explanation as it is read in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from chatkit_doctor.explain.model import RELATED, Explanation, Kind, Snippet

_NARROWEST: Final = 40
"""Columns that text gets at least, however narrow the terminal."""


_MOST_SCENARIOS: Final = 3
_KINDS: Final = {Kind.NAME: "another API's name", Kind.TEXT: "a text"}
"""Kinds that need more than their own word."""


def print_explanation(explanation: Explanation, console: Console) -> None:
    """Print one explanation; examples are not wrapped, so that they can be copied."""
    kind = _KINDS.get(explanation.kind, str(explanation.kind))
    what = f"{explanation.layer} layer, {kind}" if explanation.layer else kind
    console.print(Text(explanation.id, style="bold"), Text(f"  {what}", style="dim"), sep="")
    console.print(Text(explanation.title))
    if explanation.signs:
        _listed(
            "What it looks like", [f"{where}: {seen}" for where, seen in explanation.signs.items()], console
        )
    _snippets("What goes wrong", explanation.sent, console)
    _paragraph("What the component does", explanation.does, console)
    if explanation.instead:
        _snippets("What to do instead", explanation.instead, console)
    if explanation.fix:
        _paragraph("In words", explanation.fix, console)
    if explanation.often:
        _paragraph("How often", explanation.often, console)
    if explanation.related:
        _paragraph(RELATED[explanation.kind], ", ".join(explanation.related), console)
    if explanation.scenarios:
        _commands("See it", explanation.scenarios, console)
    if explanation.near:
        _commands("What only looks like it", explanation.near, console)


def _paragraph(heading: str, text: str, console: Console) -> None:
    _listed(heading, [text], console)


def _listed(heading: str, texts: Sequence[str], console: Console) -> None:
    _heading(heading, console)
    for text in texts:
        _wrapped(text, console)


def _commands(heading: str, scenarios: Sequence[str], console: Console) -> None:
    _heading(heading, console)
    for scenario in scenarios[:_MOST_SCENARIOS]:
        console.print(Text(f"  chatkit-doctor run {scenario}"), soft_wrap=True)


def _wrapped(text: str, console: Console) -> None:
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
