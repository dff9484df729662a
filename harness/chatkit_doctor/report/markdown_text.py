"""Foreign text in Markdown as GitHub renders it: it stays text, and calls nobody.

A name behind an @ would tell its owner, a number behind a # would leave a note in another issue, and so would
the address of one; what looks like a commit would lead to it. An invisible character between them keeps what
is read, and is no reference any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from chatkit_doctor.safe_text import clip, one_line, printable

_APART: Final = "&#8203;"
"""A space without width."""
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS: Final = re.compile(r"([\\`*\[\]|~])|(?<![^\W_])(_)|(_)(?![^\W_])")
"""What begins or ends something in Markdown; an underscore within a word does not."""
_BEGINNING: Final = re.compile(r"^(\d*)(?:([.)])(?=\s|$)|(?<!\d)([#+=-]))")
"""What makes a line a heading, an item or a rule."""
_REFERENCES: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"@"), f"@{_APART}"),
    (re.compile(r"#(?=\w)"), f"#{_APART}"),
    (re.compile(r"\b(GH-)(?=\d)", re.IGNORECASE), rf"\1{_APART}"),
    (re.compile(r"(?<=\w):(?=//)"), f":{_APART}"),
    (re.compile(r"\b(www)\.", re.IGNORECASE), rf"\1{_APART}."),
    (re.compile(r":(?=[a-z_+-][\w+-]*:)", re.IGNORECASE), f":{_APART}"),
    # What may be the short name of a commit: some letters and some digits.
    (
        re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b"),
        lambda found: _APART.join(re.findall(".{1,6}", found[0])),
    ),
    # Mathematics begins with it, and no backslash keeps it from that.
    (re.compile(r"\$"), "<span>$</span>"),
)
_TICKS: Final = re.compile("`+")


def prose(text: str, limit: int) -> str:
    """Text on one line of Markdown, wherever on it."""
    safe = one_line(printable(text), limit).translate(_ENTITIES)
    safe = _MARKS.sub(lambda found: f"\\{found[0]}", safe)
    safe = _BEGINNING.sub(lambda found: f"{found[1]}\\{found[2] or found[3]}", safe)
    # Entities have a # of their own, which is not one that anybody wrote.
    parts = re.split(r"(&\w+;)", safe)
    return "".join(
        part if part.startswith("&") and part.endswith(";") else _unreferenced(part) for part in parts
    )


def code(text: str, limit: int) -> str:
    """Text on one line as code, in which nothing is a reference; empty for none. Not for tables."""
    safe = one_line(printable(text), limit)
    if not safe:
        return ""
    ticks = "`" * (_longest_run(safe) + 1)
    space = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{ticks}{space}{safe}{space}{ticks}"


def fence(text: str, limit: int, *, language: str = "") -> str:
    """Text as a block of code that nothing in it can end; it begins a line."""
    safe = clip(printable(text), limit).rstrip("\n")
    ticks = "`" * max(3, _longest_run(safe) + 1)
    return f"{ticks}{language}\n{safe}\n{ticks}"


def _unreferenced(text: str) -> str:
    # First what is looked for in the text itself, then what brings characters of its own along.
    for pattern, replacement in _REFERENCES:
        text = "".join(
            part if part == _APART else pattern.sub(replacement, part)
            for part in re.split(f"({_APART})", text)
        )
    return text


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
