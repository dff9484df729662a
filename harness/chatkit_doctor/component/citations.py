"""Where a reply names its sources."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.component.javascript import at_unit, child, elements, get, number, truthy

_WWW: Final = re.compile(r"^www\d*\.")


@dataclass(frozen=True, slots=True)
class CitedText:
    """A text with the sources that it names, and where in it each name begins and ends."""

    text: str
    names: tuple[tuple[int, int], ...] = ()


def cited(text: str, annotations: object) -> CitedText:
    """A text with its sources named where they are cited, those of one place together.

    A source beyond the text's end, or at its beginning, is not named. Raises ThrownError where the component
    cannot draw them.
    """
    by_place: dict[int, list[object]] = defaultdict(list)
    for annotation in elements(annotations):
        source, place = get(annotation, "source"), number(get(annotation, "index"))
        if text:
            get(source, "type")  # Throws where there is no source.
        if place is not None and place > 0:
            by_place[at_unit(text, math.floor(place))].append(source)
    names: list[tuple[int, int]] = []
    added = 0
    for place in sorted(place for place in by_place if place >= 0):
        name = f" {_label(by_place[place])}"
        names.append((place + added, place + added + len(name)))
        text = text[: place + added] + name + text[place + added :]
        added += len(name)
    return CitedText(text, tuple(names))


def _label(sources: list[object]) -> str:
    """The place of the first page, and how many more there are; other sources are only counted by eye."""
    pages = [source for source in sources if get(source, "type") == "url"]
    if not pages:
        return ""
    others = len(pages) - 1
    return _host(get(pages[0], "url")) + (f"+{others}" if others else "")


def _host(url: object) -> str:
    if not isinstance(url, str):
        return child(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.scheme:
        return url if truthy(url) else ""
    return _WWW.sub("", parts.hostname or "")
