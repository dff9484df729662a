"""An explanation as data: an example of what goes wrong, what results from it, and what to do instead."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(StrEnum):
    """What an id stands for."""

    CAUSE = "cause"
    SYMPTOM = "symptom"
    EVENT = "event"
    UPDATE = "update"
    """What a ``thread.item.updated`` event brings."""
    NAME = "name"
    """The name of another API's event."""
    TEXT = "text"
    """What a screen, a console or a log says."""


RELATED: Final = {
    Kind.CAUSE: "Can cause",
    Kind.SYMPTOM: "Can be caused by",
    Kind.EVENT: "With it go",
    Kind.UPDATE: "Comes in",
    Kind.NAME: "Where it leads",
    Kind.TEXT: "Where it leads",
}
"""What stands before the related ids of each kind."""


class Snippet(_Model):
    """One example, ready to be shown."""

    language: str
    """``json`` (one event or document per line), ``python``, ``javascript``, ``html``, ``http``, …"""
    text: str


class Examples(_Model):
    """Examples of one thing in the languages it is written in; at least one.

    ``json`` is any other document: a request, or the answer of an operation that does not stream.
    ``events`` are ChatKit events, or what was sent in their place; ``python`` is code as it is in
    ``ChatKitServer.respond()`` or in the application around it.
    """

    events: list[dict[str, Any]] = Field(default_factory=list)
    json_: Any = Field(default=None, alias="json")
    http: str = ""
    sse: str = ""
    python: str = ""
    javascript: str = ""
    html: str = ""
    css: str = ""
    nginx: str = ""
    text: str = ""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _any(self) -> Examples:
        if not self.snippets():
            raise ValueError("an example is needed")
        return self

    def snippets(self) -> list[Snippet]:
        """The examples that are given, in the order in which they are read best."""
        documents = [*([self.json_] if self.json_ is not None else []), *self.events]
        lines = "\n".join(json.dumps(document, ensure_ascii=False) for document in documents)
        written = {
            "http": self.http,
            "text": self.text,
            "json": lines,
            "sse": self.sse,
            "python": self.python,
            "html": self.html,
            "css": self.css,
            "javascript": self.javascript,
            "nginx": self.nginx,
        }
        return [Snippet(language=name, text=text.rstrip()) for name, text in written.items() if text.strip()]


class Entry(_Model):
    """One entry of the content files."""

    title: str = ""
    """Only where the vocabulary has none: for events and updates."""
    sent: Examples
    does: str = Field(min_length=1)
    instead: Examples


class Explanation(_Model):
    """All there is to say about one id."""

    id: str
    kind: Kind
    layer: str | None
    title: str
    why: str
    """Why it matters, in the words of its audit; empty where there is none."""
    fix: str
    """How to fix it, in the words of its audit; empty where there is none."""
    sent: list[Snippet]
    """An example of what goes wrong."""
    does: str
    """What the component does with it."""
    instead: list[Snippet]
    related: list[str]
    """Of a cause the symptoms it can cause, of a symptom the causes, of an update its event."""
    signs: dict[str, str] = Field(default_factory=dict)
    """What it looks like, by the place where one looks."""
    often: str = ""
    """How often it is the reason, or which of its reasons are the most frequent, with the source."""
    scenarios: list[str] = Field(default_factory=list)
    """Those of the catalogue that show it, the best first."""
    near: list[str] = Field(default_factory=list)
    """Those that come close, where it must not be found."""
