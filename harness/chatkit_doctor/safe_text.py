"""Foreign text made fit to show: nothing in it acts on a terminal, breaks XML, or reads as something else."""

from __future__ import annotations

import re
from typing import Final

_CONTROL_PICTURES: Final = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {
    0x7F: 0x2421
}
_UNPRINTABLE: Final = re.compile(
    "["
    "\x80-\x9f"  # C1 controls: some terminals act on them
    "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides: they make text read as something else
    "\ud800-\udfff"  # lone surrogates: legal in JavaScript strings, in no encoding
    "\ufffe\uffff"  # not allowed in XML 1.0
    "]"
)
_IGNORABLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks shown as nothing (Unicode's Default_Ignorable_Code_Point). Format characters such as
zero-width spaces and direction marks are not among them: Python itself holds them for unprintable."""


def printable(text: str) -> str:
    """The text without characters that act on a terminal, reorder what is read, or break XML 1.0.

    C0 controls become their visible pictures, everything else that must not stand becomes U+FFFD. Line ends
    and tabs stay; a lone carriage return, with which a line could be overwritten, becomes a line end.
    Joiners and marks stay, because languages and emoji need them: see :func:`undisguised`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL_PICTURES)
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def undisguised(text: str) -> str:
    """The text as :func:`printable` makes it, without characters that cannot be seen either.

    For names and addresses, where two that look the same must be the same: zero-width characters, direction
    marks and private characters become U+FFFD, and every kind of space becomes a plain one. Line ends stay.
    """
    shown = _IGNORABLE.sub("\N{REPLACEMENT CHARACTER}", printable(text))
    return "".join(map(_seen, shown))


def clip(text: str, limit: int) -> str:
    """At most ``limit`` characters of the text, followed by how many were left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… [{len(text) - limit:,} characters more]"


def one_line(text: str, limit: int) -> str:
    """The text on one line, clipped: for places where a line end would make it look like two things."""
    return clip(" ".join(text.split()), limit)


def _seen(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
