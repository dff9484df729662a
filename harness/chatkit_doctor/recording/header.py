"""The first and the last line of a journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, cast

import msgspec

SCHEMA: Final = 2
"""Version of the journal's format. It rises with every change of the entries' types."""

RuntimeKind = Literal["cdn", "snapshot", "reference", "model"]
"""Where the component came from; ``model``: there was no browser, what a user would see is simulated."""
TargetKind = Literal["scenario", "backend", "page", "url", "har", "stream", "recording"]


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A shape within the header."""

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return cast("dict[str, Any]", msgspec.json.decode(msgspec.json.encode(self)))


class _Line(_Part, frozen=True, tag_field="kind"):
    """A line that is not an entry."""


class RuntimeInfo(_Part, frozen=True):
    """The component that was looked at."""

    name: RuntimeKind
    why: str
    """Why this one was chosen."""
    real: bool | None = None
    """Whether it is the real component."""
    loader_sha256: str | None = None
    frame_build: str | None = None
    """Name of the frame's document, which differs from build to build."""
    imported_at: str | None = None
    """When a snapshot was imported."""
    missing_chunks: int | None = None
    """Parts of the component that a snapshot lacks."""


class BrowserInfo(_Part, frozen=True):
    """The browser in which it was looked at."""

    name: str
    version: str
    headless: bool
    motion: bool
    """Whether animations ran."""
    sandbox: bool | None = None
    """Whether Chromium's sandbox was on: root has none. Null: not known, or another browser."""


class TargetInfo(_Part, frozen=True, omit_defaults=False):
    """What was looked at."""

    kind: TargetKind
    """``page``: the user's own. The last four are sources of a recording made without a browser."""
    url: str | None = None
    name: str = ""
    notes: tuple[str, ...] = ()
    """What of the source could not be looked at."""


class Header(_Line, frozen=True, tag="header"):
    """The first line of a journal: what was recorded, with what, and when."""

    name: str
    """Of the scenario, or of the command."""
    started_at: str
    """ISO 8601, in UTC."""
    tool: str
    """Version of the program that recorded it."""
    runtime: RuntimeInfo
    target: TargetInfo
    browser: BrowserInfo | None = None
    """Without one, no browser was used."""
    title: str = ""
    """Of the scenario, in words."""
    expect: object = None
    """What the scenario says that should come out."""
    scenario: object = None
    """The whole scenario, as it was loaded."""
    epoch_ms: float = 0.0
    """Unix time of the moment 0 on the session's clock."""
    schema: int = 0
    """Version of the format."""


class Footer(_Line, frozen=True, tag="footer"):
    """The last line of a journal that was written to its end."""

    t: float
    """When the session ended, in ms on its clock."""
    entries: int
    """How many entries the journal holds."""
    dropped: Mapping[str, int] = {}
    """Entries that a limit of the journal kept out, by kind."""
    shortened: Mapping[str, int] = {}
    """Strings of which only the beginning was kept, by the kind of their entry."""
    refused: Mapping[str, int] = {}
    """What a page sent in place of an entry and was not taken, by the kind it claimed to be."""
