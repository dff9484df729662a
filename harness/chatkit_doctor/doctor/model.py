"""What was found on a machine, as ``doctor --format json`` prints it."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

MACHINE_SCHEMA: Final = "chatkit-doctor/machine/1"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BrowserModel(_Model):
    """A browser that is here."""

    kind: str
    """As ``--browser`` takes it: ``chromium``, ``firefox`` or ``webkit``."""
    channel: str
    """As ``--browser-channel`` takes it, or the name of an executable that a variable names."""
    version: str
    """What it calls itself; empty if it does not start."""
    path: str
    """The executable; of a Firefox or WebKit the folder of Playwright's build."""
    how: str
    """How it was found."""
    chosen: bool = False
    """Whether a check takes it where nothing else is requested."""


class RuntimeModel(_Model):
    """A place where chatkit.js can come from."""

    name: str
    """As ``--runtime`` takes it."""
    frame_build: str = ""
    """Empty where it is not available."""
    loader_sha256: str = ""
    imported_at: str | None = None
    """Of a snapshot, ISO 8601 in UTC."""
    missing_chunks: int | None = None
    """Of a snapshot: the files that its code refers to and that it lacks."""
    problem: str = ""
    """Why it is not available; empty if it can."""
    chosen: bool = False
    """Whether a check of a backend takes it where nothing else is requested."""


class MissingModel(_Model):
    """Something that is not here, and how to get it."""

    what: str
    needed: bool
    """Whether no check can be made without it."""
    hint: str


class MachineModel(_Model):
    """All that was found."""

    schema_: Literal["chatkit-doctor/machine/1"] = Field(default=MACHINE_SCHEMA, alias="schema")
    tool: str
    """The version of chatkit-doctor."""
    python: str
    interpreter: str
    packages: dict[str, str]
    """Versions of the packages that matter most; empty for one that is not installed."""
    browsers: list[BrowserModel]
    runtimes: list[RuntimeModel]
    reports: str
    """The folder that reports go to, unless ``--output`` says otherwise."""
    snapshots: str
    """The folder of the copies of the component."""
    missing: list[MissingModel]
    ready: bool
    """Whether a check could be made now."""
    next: str
    """The next step, in a sentence."""
