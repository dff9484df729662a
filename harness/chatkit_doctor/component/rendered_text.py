"""Comparing text a user reads with the Markdown it was made from, without being misled by the rendering."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST_COMPARED: Final = 48 * 1024
"""Characters. Beyond this a recorded text may have been shortened by the recording's own limits."""

_LITERAL: Final = frozenset({"text", "code_inline", "fence", "code_block", "html_inline", "html_block"})
_PROSE: Final = frozenset({"text"})
_TASK_BOX: Final = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[[ xX]\]\s", re.MULTILINE)
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_FOOTNOTE: Final = re.compile(r"\[\^[^\]\s]+\]")


@lru_cache(maxsize=256)
def letters(text: str) -> str:
    """Only letters and digits: what no rendering of white space, bullets or punctuation can change."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFC", text))


def is_shown_as(source: str, shown: str) -> bool:
    """Whether a shown text is the whole of a Markdown source, rendered or raw."""
    seen = letters(shown)
    return seen in {letters(source), letters(rendered(source))}


def is_beginning(source: str, shown: str) -> bool:
    """Whether a shown text is the beginning of a Markdown source and not all of it."""
    seen = letters(shown)
    # A link's target is part of the source and never shown: what is whole once rendered is no beginning.
    return seen != letters(rendered(source)) and any(
        whole.startswith(seen) and whole != seen for whole in (letters(rendered(source)), letters(source))
    )


def is_comparable(source: str) -> bool:
    """Whether the text on screen can be predicted from the source: footnotes are moved and numbered."""
    return (
        bool(letters(rendered(source))) and len(source) <= LONGEST_COMPARED and not _FOOTNOTE.search(source)
    )


@lru_cache(maxsize=256)
def rendered(source: str) -> str:
    """The text of a Markdown source as the component shows it.

    Measured: GitHub's flavour; raw HTML and formulas are shown as they are written, images and the numbers
    of lists are no text, a link shows its label, a code block neither its language nor its fence.
    """
    return "".join(_words(_markdown().parse(_TASK_BOX.sub(r"\1", source[: 2 * LONGEST_COMPARED]))))


@lru_cache(maxsize=256)
def prose(source: str) -> str:
    """The text of a Markdown source as :func:`rendered` gives it, without what is in code."""
    return "".join(_words(_markdown().parse(source[: 2 * LONGEST_COMPARED]), _PROSE))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _words(tokens: Sequence[Token], kinds: frozenset[str] = _LITERAL) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _words(token.children or [], kinds)
            yield "\n"
        elif token.type in kinds:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n"
