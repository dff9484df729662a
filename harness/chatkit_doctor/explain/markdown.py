"""Pieces of a Markdown page: text as it stands, examples, links, tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from chatkit_doctor.explain.model import Snippet

WRITTEN: Final = "<!-- Written by `make docs` from harness/chatkit_doctor/explain; do not edit it here. -->"
"""Stands at the head of every page."""
_FENCES: Final = {"sse": "text"}
"""Languages that the highlighting of Markdown does not know."""
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]|~])")
_MOST: Final = 12
"""Scenarios that are named; of more the number is told."""


def text(value: str) -> str:
    """Text as it stands: no Markdown, no HTML, one line."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(value.split()), quote=False))


def snippets(examples: Sequence[Snippet]) -> Iterator[str]:
    """Each example as a block of code."""
    for snippet in examples:
        yield ""
        yield f"```{_FENCES.get(snippet.language, snippet.language)}"
        yield snippet.text
        yield "```"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table, with a blank line before it; its cells are Markdown already."""
    yield ""
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def scenario_links(names: Sequence[str], up: str) -> str:
    """Links to the first scenarios, and how many there are more; ``up`` leads to the root of the checkout."""
    links = ", ".join(f"[{text(name)}]({up}scenarios/{name}.yaml)" for name in names[:_MOST])
    return f"{links}, and {len(names) - _MOST} more" if len(names) > _MOST else links
