"""Reading an HTML report back, with a parser that knows nothing of how it was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_VOID = frozenset({"meta", "link", "img", "br", "hr", "input", "path", "rect", "circle"})
_BLOCKS = frozenset(
    {"p", "li", "dt", "dd", "td", "th", "tr", "div", "h1", "h2", "h3", "br", "pre", "figcaption"}
)


@dataclass
class Element:
    """One element: its attributes, the text in it, and what it is in."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in the element and below it, with blanks collapsed."""
        return " ".join("".join(self.pieces).split())

    def inside(self, tag: str) -> bool:
        """Whether the element is in one of this tag."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))


class Document(HTMLParser):
    """The elements of a document, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert not self._open, f"never closed: {[element.tag for element in self._open]}"

    @classmethod
    def read(cls, path: Path) -> Document:
        return cls(path.read_text(encoding="utf-8"))

    def all(self, *tags: str) -> list[Element]:
        """Every element of these tags."""
        return [element for element in self.elements if element.tag in tags]

    def one(self, tag: str) -> Element:
        """The only element of this tag."""
        (element,) = self.all(tag)
        return element

    @property
    def sections(self) -> dict[str, Element]:
        """The sections by their heading's text."""
        names = {heading.attributes["id"]: heading.text for heading in self.all("h2")}
        return {names[section.attributes["aria-labelledby"]]: section for section in self.all("section")}

    @property
    def links(self) -> list[str]:
        """Where every link and picture leads."""
        return [
            element.attributes[name]
            for element in self.elements
            for name in ("href", "src", "xlink:href", "action", "poster", "data")
            if name in element.attributes
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.handle_data(" ")
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, self._open[-1] if self._open else None)
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, attributes, self._open[-1] if self._open else None))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> inside <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)
