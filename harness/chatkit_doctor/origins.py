"""Origins of URLs, and whether two URLs have the same. Never raises, whatever the text is."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port, as browsers compare them. ``port`` is None where the scheme has no usual one."""

    scheme: str
    host: str
    port: int | None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port is None or self.port == _PORTS.get(self.scheme)
        return f"{self.scheme}://{host}" if usual else f"{self.scheme}://{host}:{self.port}"


def origin_of(url: str) -> Origin | None:
    """The origin of a URL; None for one that has none, such as a relative one, and for what is not a URL."""
    parts = _parts(url)
    if parts is None or not parts.hostname:
        return None
    try:
        port = parts.port
    except ValueError:
        return None
    return Origin(parts.scheme, parts.hostname, _PORTS.get(parts.scheme) if port is None else port)


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def without_origin(url: str) -> str:
    """Path and query of a URL; a text that is not a URL as it is."""
    parts = _parts(url)
    if parts is None:
        return url
    path = parts.path or ("/" if parts.netloc else "")
    return f"{path}?{parts.query}" if parts.query else path


def same_address(one: str, other: str) -> bool:
    """Whether two URLs lead to the same place, as far as both tell: a relative one fits every origin."""
    mine, theirs = origin_of(one), origin_of(other)
    same_origin = mine is None or theirs is None or mine == theirs
    return same_origin and without_origin(one) == without_origin(other)


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
