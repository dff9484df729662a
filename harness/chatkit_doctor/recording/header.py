"""The first and the last line of a journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, cast

import msgspec

SCHEMA: Final = 2
"""Version of the journal's format. It rises with every change of the entries' types."""

RuntimeKind = Literal["cdn", "snapshot", "reference", "model"]
"""Where the component came from; ``model``: no browser was used, and what a user would see is simulated."""
TargetKind = Literal["scenario", "backend", "page", "url", "har", "stream", "recording"]


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A shape within the header."""

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return cast("dict[str, Any]", msgspec.json.decode(msgspec.json.encode(self)))


class _Line(_Part, frozen=True, tag_field="kind"):
    """A line that is not an entry."""


class RuntimeInfo(_Part, frozen=True):
    """The component under test."""

    name: RuntimeKind
    why: str
    """Why this one was chosen."""
    real: bool | None = None
    """Whether it is the real component."""
    loader_sha256: str | None = None
    frame_build: str | None = None
    """Name of the frame's document, which differs between builds."""
    imported_at: str | None = None
    """When a snapshot was imported."""
    missing_chunks: int | None = None
    """Number of chunks of the component that a snapshot lacks."""


class BrowserInfo(_Part, frozen=True):
    """The browser that was used."""

    name: str
    version: str
    headless: bool
    motion: bool
    """Whether animations ran."""
    sandbox: bool | None = None
    """Whether Chromium's sandbox was on: it is off for root. Null: unknown, or another browser."""


class TargetInfo(_Part, frozen=True, omit_defaults=False):
    """The target of the session."""

    kind: TargetKind
    """``page``: the user's own. The last four are sources of a recording made without a browser."""
    url: str | None = None
    name: str = ""
    notes: tuple[str, ...] = ()
    """The parts of the source that could not be examined."""


class Header(_Line, frozen=True, tag="header"):
    """The first line of a journal: what was recorded, with what, and when."""

    name: str
    """Name of the scenario or of the command."""
    started_at: str
    """ISO 8601, in UTC."""
    tool: str
    """Version of the tool that recorded it."""
    runtime: RuntimeInfo
    target: TargetInfo
    browser: BrowserInfo | None = None
    """Null if no browser was used."""
    title: str = ""
    """Title of the scenario."""
    expect: object = None
    """The expected result that the scenario states."""
    scenario: object = None
    """The complete scenario, as loaded."""
    epoch_ms: float = 0.0
    """Unix time at 0 on the session's clock."""
    schema: int = 0
    """Version of the format."""


class Footer(_Line, frozen=True, tag="footer"):
    """The last line of a complete journal."""

    t: float
    """When the session ended, in ms on its clock."""
    entries: int
    """Number of entries in the journal."""
    dropped: Mapping[str, int] = {}
    """Number of entries dropped because of a limit of the journal, by kind."""
    shortened: Mapping[str, int] = {}
    """Number of strings that were truncated, by kind of entry."""
    refused: Mapping[str, int] = {}
    """Number of messages from a page that were rejected as invalid entries, by claimed kind."""
