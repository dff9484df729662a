"""Entries about the host page: its document, chatkit.js, the element, and what the page does with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import msgspec

from chatkit_doctor.protocol.payload import JsonObject, as_object
from chatkit_doctor.recording.entries.entry_data import Count, EntryData
from chatkit_doctor.vocabulary import Layer

Place = Literal["page", "component"]
"""Where something was heard: in the page's document or in the component's frame."""


class PageEntry(EntryData, frozen=True):
    """Anything about the host page."""

    layer: ClassVar[Layer] = Layer.PAGE


class PageDocument(PageEntry, frozen=True, tag="page.document"):
    """The page's own document was received."""

    url: str
    status: Count
    headers: Mapping[str, str]
    """Names in lower case, secrets masked."""


class PageScript(PageEntry, frozen=True, tag="page.script"):
    """A script whose URL ends in ``chatkit.js``."""

    src: str
    state: Literal["requested", "loaded", "failed", "blocked"]
    status: Count | None = None
    """HTTP status of the response."""
    reason: str = ""
    """Media type of the response, or why there was none."""


class PageElement(PageEntry, frozen=True, tag="page.element"):
    """Something happened to the element ``openai-chatkit``."""

    state: Literal["defined", "connected", "disconnected", "shadow-open", "shadow-closed"]
    """``shadow-…``: its shadow root was attached, in this mode."""
    count: Count
    """Number of elements afterwards."""


class PageOptions(PageEntry, frozen=True, tag="page.options"):
    """The page called ``setOptions``."""

    options: object
    """As given; functions as ``"[function]"``."""
    threw: object = None
    """The error that the call threw, ``{name, message}``."""

    @property
    def given(self) -> JsonObject:
        """The options by name."""
        return as_object(self.options)


class PageCall(PageEntry, frozen=True, tag="page.call"):
    """The page called another public method of the element."""

    method: str
    args: tuple[object, ...]


class PageInventory(PageEntry, frozen=True, tag="page.inventory"):
    """The state of the page at the end of a step."""

    url: str
    secure_context: bool
    """Whether the page is a secure context, in which all browser APIs are available."""
    elements: Count
    """``openai-chatkit`` elements."""
    defined: bool
    """Whether the element is defined."""
    options_set: Count
    """Number of ``setOptions`` calls so far."""
    scripts: tuple[str, ...]
    """URLs of script tags for ``chatkit.js``."""
    frames: Count
    """Frames that are children of the page."""
    versions: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """What the page is made with, as far as it shows: versions by package, such as ``react``. More than one
    where it runs more than one."""


class PageCsp(PageEntry, frozen=True, tag="page.csp"):
    """A content security policy was violated."""

    directive: str
    """The effective directive, such as ``frame-src``."""
    blocked: str
    """The URL or keyword that violates it."""
    disposition: Literal["enforce", "report"]
    """Whether it was blocked or only reported."""
    where: Place

    @property
    def stops_the_page(self) -> bool:
        """Whether the page itself was kept from something, rather than told, or the component's frame."""
        return self.disposition == "enforce" and self.where == "page"


class PageObstacle(PageEntry, frozen=True, tag="page.obstacle"):
    """The chat did not appear, and something known is in its place."""

    what: Literal["login", "challenge", "error-overlay", "error-page", "cookie-wall"]
    """``challenge``: a check whether the visitor is human; ``error-overlay``: a framework's own error
    screen; ``error-page``: the page was served with a status of 400 or above."""
    text: str
    """Its text, or the title of the page."""
    url: str
    """The URL of the page at that time."""


class PageError(PageEntry, frozen=True, tag="page.error"):
    """An uncaught error of the host page."""

    message: str
    stack: str
