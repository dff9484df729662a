"""Headers that no page can set: a browser drops them silently."""

from __future__ import annotations

from typing import Final

_NAMES: Final = frozenset(
    # https://fetch.spec.whatwg.org/#forbidden-request-header
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "access-control-request-private-network",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)


def is_forbidden(name: str) -> bool:
    """Whether a browser keeps a header to itself."""
    lower = name.lower()
    return lower in _NAMES or lower.startswith(("proxy-", "sec-"))
