"""What a runtime is: where chatkit.js comes from, and how its URLs map to files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from chatkit_doctor.recording.header import RuntimeInfo, RuntimeKind

CDN_HOST: Final = "cdn.platform.openai.com"
CDN_ORIGIN: Final = f"https://{CDN_HOST}"
DEPLOYMENT_PATH: Final = "/deployments/chatkit/"
"""The CDN folder that holds the loader and the frame's document."""
LOADER_NAME: Final = "chatkit.js"
LOADER_PATH: Final = DEPLOYMENT_PATH + LOADER_NAME
LOADER_URL: Final = CDN_ORIGIN + LOADER_PATH
"""What a page loads; the same for every runtime, so that a page cannot tell them apart by its URL."""
REFERENCE_BUILD: Final = "reference"
"""The frame build of the reference component."""

_FRAME_DOCUMENT: Final = re.compile(r"\bindex-([A-Za-z0-9_-]{1,64})\.html\b")


class RuntimeName(StrEnum):
    """Where chatkit.js comes from."""

    CDN = "cdn"
    """The live component, from OpenAI's CDN."""
    SNAPSHOT = "snapshot"
    """A copy in the user's cache, served under the CDN's own URLs."""
    REFERENCE = "reference"
    """The project's own component, for where the real one is not available."""


_KINDS: Final[Mapping[RuntimeName, RuntimeKind]] = {
    RuntimeName.CDN: "cdn",
    RuntimeName.SNAPSHOT: "snapshot",
    RuntimeName.REFERENCE: "reference",
}


@dataclass(frozen=True, slots=True)
class RuntimeFile:
    """One file of a runtime that is served from this machine; ``size`` in bytes."""

    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Runtime:
    """One source of chatkit.js, ready to be used.

    ``why`` is the sentence that tells the user why this one was taken. ``frame_build`` is the build id the
    loader asks its frame for, as in ``index-<id>.html``. ``files`` maps a URL path on the CDN's host to the
    file that answers it, and is empty for ``cdn``. ``missing`` names the chunks that the files refer to and
    that are not there, each with the exports its importers use.
    """

    name: RuntimeName
    why: str
    loader_sha256: str
    frame_build: str
    files: Mapping[str, RuntimeFile] = field(default_factory=lambda: MappingProxyType({}))
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    imported_at: str | None = None

    @property
    def is_real(self) -> bool:
        """Whether this is OpenAI's component; a verdict on another one must say so in plain sight."""
        return self.name is not RuntimeName.REFERENCE

    def info(self) -> RuntimeInfo:
        """What a report says about the runtime. Names no place on this machine."""
        is_snapshot = self.name is RuntimeName.SNAPSHOT
        return RuntimeInfo(
            name=_KINDS[self.name],
            why=self.why,
            real=self.is_real,
            loader_sha256=self.loader_sha256,
            frame_build=self.frame_build,
            imported_at=self.imported_at if is_snapshot else None,
            missing_chunks=len(self.missing) if is_snapshot else None,
        )


def defines_component(loader: str) -> bool:
    """Whether a script is a ChatKit loader: one that registers ``<openai-chatkit>``."""
    return "openai-chatkit" in loader and "customElements" in loader


def frame_builds(loader: str) -> tuple[str, ...]:
    """The frame builds a loader names, in order of appearance.

    Older loaders hold the whole URL of the frame's document, newer ones only its name; the name is enough.
    """
    return tuple(dict.fromkeys(match[1] for match in _FRAME_DOCUMENT.finditer(loader)))


def frame_path(build: str) -> str:
    """The URL path of the frame's document of one build."""
    return f"{DEPLOYMENT_PATH}index-{build}.html"
