"""The kinds of difference between the simulated component and one in a browser that stay, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """A kind of difference. ``pattern`` matches all of its name."""

    pattern: str
    runtimes: frozenset[str]
    reason: str


_SNAPSHOT: Final = frozenset({"snapshot"})
_REFERENCE: Final = frozenset({"reference"})
_BOTH: Final = frozenset({"reference", "snapshot"})

KNOWN: Final = (
    Known(
        "live: the text of structured-input",
        _SNAPSHOT,
        "Answers fold away a moment after something has come below them; the simulator folds them at once.",
    ),
    Known(
        "(live: )?which items are shown: .*progress-update.*",
        _REFERENCE,
        "Icons are not drawn, so that one which is no text does no harm.",
    ),
    Known(
        "(live: )?the view: thread or blank|(live: )?the view: blank or thread",
        _REFERENCE,
        "A response that can be stopped, in a thread whose id is no text, leaves the panel as it is.",
    ),
    Known(
        "the requests",
        _BOTH,
        "The thread is announced a second time without an id, or under another one, and a tool is called: "
        "how often it is then asked for is not followed.",
    ),
)


def reason(kind: str, runtime: str) -> str:
    """Why two plays may differ in this way; empty where they may not."""
    fits = (known for known in KNOWN if runtime in known.runtimes and re.fullmatch(known.pattern, kind))
    return next((known.reason for known in fits), "")


def stale(kinds: Iterable[str], runtime: str) -> list[Known]:
    """What is listed for a runtime and is not among the kinds found."""
    found = list(kinds)
    ours = (known for known in KNOWN if runtime in known.runtimes)
    return [known for known in ours if not any(re.fullmatch(known.pattern, kind) for kind in found)]
