"""Damaged copies of the component, each served under its own host name.

The component looks for its frame beside its script, so that a page gets a damaged copy by its script's URL. A
name of its own keeps what the browser caches of one copy out of every other.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from chatkit_doctor.host.names import COMPONENT_HOST
from chatkit_doctor.runtime import references
from chatkit_doctor.runtime.cdn_responses import Answer, not_found
from chatkit_doctor.runtime.runtime import LOADER_PATH, Runtime, frame_path

SLOW_FRAME_S: Final = 1.5
"""How long a slow frame's document takes to come."""

_CHALLENGE: Final = b"<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>"


def damage_of(host: str) -> str:
    """The damage that a host name stands for; empty for the component as it is."""
    name, dot, rest = host.partition(":")[0].partition(".")
    return name if dot and rest == COMPONENT_HOST else ""


def delay_s(damage: str, path: str) -> float:
    """How long an answer is held back, in seconds."""
    return SLOW_FRAME_S if damage == "frame-slow" and path.endswith(".html") else 0.0


def damaged(runtime: Runtime, damage: str, path: str) -> Answer | None:
    """What a damaged copy answers in place of a file; None where it answers like the whole one."""
    how = _DAMAGES.get(damage)
    return how(runtime, path) if how is not None else None


def _frame_missing(runtime: Runtime, path: str) -> Answer | None:
    return not_found() if path == frame_path(runtime.frame_build) else None


def _frame_challenged(runtime: Runtime, path: str) -> Answer | None:
    if path != frame_path(runtime.frame_build):
        return None
    # As a bot protection answers that wants a user to click.
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "cf-mitigated": "challenge",
    }
    return Answer(403, headers, _CHALLENGE)


def _bundle_missing(runtime: Runtime, path: str) -> Answer | None:
    return not_found() if path in _of_document(runtime) else None


def _parts_missing(runtime: Runtime, path: str) -> Answer | None:
    is_part = posixpath.splitext(path)[1] in {".js", ".mjs", ".css"} and path != LOADER_PATH
    return not_found() if is_part and path not in _of_document(runtime) else None


_DAMAGES: Final[dict[str, Callable[[Runtime, str], Answer | None]]] = {
    "frame-missing": _frame_missing,
    "frame-challenged": _frame_challenged,
    "bundle-missing": _bundle_missing,
    "parts-missing": _parts_missing,
}


@lru_cache(maxsize=1)
def _named_in(document: str, path: str) -> frozenset[str]:
    named = references.in_document(document, path)
    return frozenset({*named.scripts, *named.styles})


def _of_document(runtime: Runtime) -> frozenset[str]:
    """The scripts and styles that the frame's document itself names: what the component starts with."""
    path = frame_path(runtime.frame_build)
    file = runtime.files.get(path)
    return _named_in(file.path.read_text(encoding="utf-8"), path) if file is not None else frozenset()
