"""Every way in which the examples are examined, and what must be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

BINDINGS: Final = ("1.4.3", "1.5.0", "1.6.1")
"""Versions of @openai/chatkit-react: those of the report, and the newest."""
ATTEMPTS: Final = ("attempt-1", "attempt-2", "attempt-3")
App = Literal["next", "react"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One page with one backend. ``causes`` are what must be found, in this order; none: it passes."""

    name: str
    app: App
    backend: str
    """``repaired``, or what of ``examples.backend.attempts`` the backend sends."""
    causes: tuple[str, ...] = ()
    rewrites: bool = False
    """Whether the page of Next.js rewrites ChatKit's requests, as in the report."""
    binding: str = BINDINGS[-1]
    configured: bool = False
    """Whether the page of React sets ``uploadStrategy`` and a handler for everything."""

    @property
    def query(self) -> str:
        """What the page of React is asked to be."""
        api = "/chatkit" if self.backend == "repaired" else f"/{self.backend}/chatkit"
        asked = {"binding": self.binding, "api": api} | ({"configured": "1"} if self.configured else {})
        return urlencode(asked)


_UNREADABLE: Final = "thread-read-failed"
_WRONG: Final = "wrong-dialect"
REPORTED: Final = Variant("next/attempt-3", "next", "attempt-3", (_WRONG, _UNREADABLE), rewrites=True)
"""The app as the report left it."""
REPAIRED: Final = Variant("next/repaired", "next", "repaired")


def _react(backend: str, causes: tuple[str, ...] = (), *, configured: bool = False) -> list[Variant]:
    """One variant of the React page for each version of the bindings."""
    name = f"{backend}-configured" if configured else backend
    return [
        Variant(f"react/{binding}/{name}", "react", backend, causes, binding=binding, configured=configured)
        for binding in BINDINGS
    ]


VARIANTS: Final = (
    Variant("next/attempt-1", "next", "attempt-1", (_WRONG,), rewrites=True),
    Variant("next/attempt-2", "next", "attempt-2", (_WRONG,), rewrites=True),
    REPORTED,
    Variant("next/right-events", "next", "right-events", (_UNREADABLE,), rewrites=True),
    REPAIRED,
    *_react("attempt-1", (_WRONG,)),
    *_react("attempt-2", (_WRONG,)),
    *_react("attempt-3", (_WRONG, _UNREADABLE)),
    *_react("attempt-3", (_WRONG, _UNREADABLE), configured=True),
    *_react("repaired"),
    *_react("repaired", configured=True),
)
