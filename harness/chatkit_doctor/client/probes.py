"""What may be tried out on a live backend beyond what the component itself would do.

A backend is the user's own: without being asked, nothing that it keeps is changed but for what messages bring
with them, and nothing is sent that a fragile server might not survive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.errors import UsageError


class Probe(StrEnum):
    """A request that the component would not make just then."""

    LIST_ITEMS = "list-items"
    UNKNOWN_THREAD = "unknown-thread"
    RENAME_THREAD = "rename-thread"
    EMPTY_BODY = "empty-body"
    ABORTED_STREAM = "aborted-stream"


READING: Final = frozenset({Probe.LIST_ITEMS, Probe.UNKNOWN_THREAD})
"""Those that change nothing; tried by default."""
ALL: Final = "all"
NONE: Final = "none"

DOES: Final = {
    Probe.LIST_ITEMS: "requests the items of that thread",
    Probe.UNKNOWN_THREAD: "requests a thread that does not exist",
    Probe.RENAME_THREAD: "renames that thread",
    Probe.EMPTY_BODY: "sends a request without a type",
    Probe.ABORTED_STREAM: "starts another thread and aborts its stream",
}
"""What each does to a backend, in the order in which they are made: the safest first."""


_REFUSED_RIGHTLY: Final = frozenset({Probe.UNKNOWN_THREAD, Probe.EMPTY_BODY})
"""Requests that a good backend turns down."""


def is_failure(probe: str, status: int | None, error: str) -> bool:
    """Whether what a probe was answered with shows a fault of the backend."""
    if status is None or error:
        return True
    if probe == Probe.EMPTY_BODY:
        return status < 400  # openai-chatkit itself breaks down over it: 500.
    return status >= 500 or (status < 400) == (probe in _REFUSED_RIGHTLY)


def chosen(names: Iterable[str]) -> frozenset[Probe]:
    """The probes of these names, among which may be ``all`` and ``none``. Raises UsageError for any other."""
    wanted: set[Probe] = set()
    for name in names:
        if name == ALL:
            wanted.update(Probe)
        elif name in frozenset(Probe):
            wanted.add(Probe(name))
        elif name != NONE:
            known = ", ".join([*Probe, ALL, NONE])
            raise UsageError("no such probe", where=f"--probe {name}", hint=f"Use {known}.")
    return frozenset(wanted)


def announced(url: str, messages: Sequence[str], probes: Iterable[Probe]) -> str:
    """What a conversation will do to the backend at a URL, in words to be read before it does."""
    allowed = frozenset(probes)
    count = "a message" if len(messages) == 1 else f"{len(messages)} messages"
    tried = [does for probe, does in DOES.items() if probe in allowed]
    left = [probe for probe in DOES if probe not in allowed]
    also = f" It also {_and(tried)}." if tried else ""
    rest = f" It does not try {', '.join(left)} (--probe)." if left else ""
    parts = urlsplit(url)
    # What is secret in an address stands before and behind these.
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return (
        f"lint will send {count} to {address}, as the component would: this creates a thread there, which "
        f"is kept, and reads it back.{also}{rest}"
    )


def _and(sentences: Sequence[str]) -> str:
    return " and ".join([", ".join(sentences[:-1]), sentences[-1]]) if len(sentences) > 1 else sentences[0]
