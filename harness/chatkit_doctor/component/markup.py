"""Text that is meant for a program, and that the component shows as it is written.

The forms are those of public reports: the markers with which the Assistants API's file search cites
(``【4:0†source】``), those of the hosted tools, framed by characters of private use that most fonts leave
out (``citeturn0search0``), and a widget whose JSON was sent as a message.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from chatkit_doctor.component.rendered_text import prose


class Markup(StrEnum):
    """What kind of thing stands in a text."""

    CITATION = "citation"
    WIDGET = "widget"


_CITATION: Final = re.compile(
    r"【\d+(?::\d+)?†[^】\n]{0,200}】|\ue200[a-z_]{2,20}\ue202[^\ue201\n]{0,200}\ue201?|"
    r"\b(?:file)?cite(?:turn\d+[a-z]+\d+)+"
)
_WIDGET: Final = re.compile(r"[{,]\s*['\"“”]type['\"“”]\s*:\s*['\"“”](?:Card|ListView|Basic)['\"“”]")
_CHILDREN: Final = re.compile(r"['\"“”]children['\"“”]\s*:\s*\[")
"""A widget that holds nothing is rather an example in an explanation."""


def markup_in(source: str) -> dict[Markup, str]:
    """What is in a Markdown source outside code, by kind, with the first example of each."""
    return _found(prose(source))


def markup_on_screen(source: str, shown: str) -> dict[Markup, str]:
    """As :func:`markup_in`, of that which can be read in the text that is shown for the source."""
    kinds = markup_in(source)
    return {kind: text for kind, text in _found(shown).items() if kind in kinds} if kinds else {}


def _found(text: str) -> dict[Markup, str]:
    found: dict[Markup, str] = {}
    if marker := _CITATION.search(text):
        found[Markup.CITATION] = marker[0]
    if (widget := _WIDGET.search(text)) and _CHILDREN.search(text):
        found[Markup.WIDGET] = text[max(0, text.rfind("{", 0, widget.start() + 1)) :][:80]
    return found
