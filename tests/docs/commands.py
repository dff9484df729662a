"""The commands that the documentation shows, as somebody would type them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from tests.docs.markdown_pages import Block, MarkdownPage, pages

SHELL: Final = frozenset({"", "sh", "bash", "console", "yaml", "groovy"})
"""Code in which commands stand; that of CI servers has other lines beside them."""
_PROGRAMS: Final = r"(?:chatkit-doctor|make|uvx|pipx|pip|python|pytest|playwright|npm|curl)"
_COMMAND: Final = re.compile(rf"(?:\w+=\S+ )*(?:\S*/)?{_PROGRAMS} +\S")
_COMMENT: Final = re.compile(r"\s+#\s.*$")
_OWN: Final = "chatkit-doctor"


@dataclass(frozen=True)
class Documented:
    """One command, and the first place that shows it."""

    text: str
    page: str
    line: int

    @property
    def words(self) -> list[str]:
        """The words of the part that begins with this project's command, or of the whole."""
        parts = [shlex.split(part) for part in re.split(r"\s(?:\||&&)\s", self.text)]
        words = next((part for part in parts if part and part[0] == _OWN), parts[0])
        return words[: words.index(">")] if ">" in words else words

    @property
    def program(self) -> str:
        """What is called."""
        return next(word for word in self.words if "=" not in word)

    @property
    def arguments(self) -> list[str]:
        """What it is given."""
        return self.words[self.words.index(self.program) + 1 :]


@cache
def commands() -> tuple[Documented, ...]:
    """Every command of every page, each once."""
    found: dict[str, Documented] = {}
    for page in pages():
        for text, line in _of(page):
            found.setdefault(text, Documented(text, page.name, line))
    return tuple(found.values())


def _of(page: MarkdownPage) -> Iterator[tuple[str, int]]:
    for block in page.blocks:
        if block.language in SHELL:
            for text in _lines(block):
                yield text, block.line
    for code, line in page.codes:
        for text in code.split(" && "):
            # `curl -N` speaks of an option; what is asked with it stands in a block.
            if _COMMAND.match(text) and not text.startswith("curl "):
                yield _typed(text), line


def _lines(block: Block) -> Iterator[str]:
    """The commands of a block: lines that end with a backslash go on."""
    for line in block.text.replace("\\\n", " ").splitlines():
        bare = line.strip().removeprefix("$ ").removeprefix("- ").removeprefix("run: ")
        for text in bare.split(" && "):
            if _COMMAND.match(text.strip()):
                yield _typed(text.strip())


def _typed(text: str) -> str:
    """A command without its comment, wherever the program lies."""
    bare = _COMMENT.sub("", text)
    return re.sub(rf"(^|\s)\S*/({_PROGRAMS})(?=\s)", r"\1\2", " ".join(bare.split()))
