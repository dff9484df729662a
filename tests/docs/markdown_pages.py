"""The Markdown that people read: every page of the documentation, and what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Block:
    """Code that stands by itself. ``language`` is empty where the page names none."""

    language: str
    text: str
    line: int
    """Where it begins, from 1."""


@dataclass(frozen=True)
class MarkdownPage:
    """One file, as GitHub reads it."""

    path: Path

    @property
    def name(self) -> str:
        """Relative to the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def _tokens(self) -> list[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.path.read_text(encoding="utf-8"))

    @property
    def blocks(self) -> list[Block]:
        """All code that stands by itself, from the top."""
        return [
            Block(token.info.strip(), token.content, (token.map or [0])[0] + 1)
            for token in self._tokens
            if token.type in {"fence", "code_block"}
        ]

    @property
    def codes(self) -> list[tuple[str, int]]:
        """Code within the text, each with the line at which its paragraph begins."""
        found, line = [], 0
        for token in self._tokens:
            line = token.map[0] + 1 if token.map else line
            inner = token.children or []
            # A table's bars are escaped, within code as well.
            found += [(each.content, line) for each in inner if each.type == "code_inline"]
        return found

    @property
    def links(self) -> list[str]:
        """Where links and pictures lead, as it is written there."""
        inner = [each for token in self._tokens for each in token.children or []]
        found = [each.attrs.get("href") or each.attrs.get("src") for each in inner]
        return [str(each) for each in found if each]

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What a link to this page can name, as GitHub makes it of the headings."""
        return frozenset(self._anchors())

    def _anchors(self) -> Iterator[str]:
        seen: Counter[str] = Counter()
        pairs = zip(self._tokens, self._tokens[1:], strict=False)
        for token, content in pairs:
            if token.type == "heading_open":
                words = "".join(each.content for each in content.children or [])
                anchor = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
                yield f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor
                seen[anchor] += 1


def pages() -> list[MarkdownPage]:
    """README, everything below ``docs``, the pages about working on it, and those of the examples."""
    found = [
        ROOT / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted((ROOT / ".github").glob("*.md")),
        ROOT / "examples" / "README.md",
    ]
    return [MarkdownPage(path) for path in found]
