"""What a HAR holds, in words: for whoever has to say which of its requests are meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.conversation.har_entry import content_type, text
from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.safe_text import one_line

_MOST_HOSTS: Final = 4
_MOST_TYPES: Final = 3
_LONGEST: Final = 80
"""Characters of a host or a type."""


def contents(entries: Sequence[JsonObject]) -> str:
    """Each host with how many requests went there and what they were answered with, the busiest first."""
    types: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        types[_host(entry)][one_line(content_type(entry), _LONGEST) or "no type"] += 1
    busiest = sorted(types, key=lambda host: -types[host].total())
    told = [_told(host, types[host]) for host in busiest[:_MOST_HOSTS]]
    if others := len(busiest) - len(told):
        told.append(f"{others} more {'host' if others == 1 else 'hosts'}")
    return "; ".join(told)


def _told(host: str, types: Counter[str]) -> str:
    named = [name for name, _ in types.most_common(_MOST_TYPES)]
    return f"{types.total()} to {host} ({', '.join(named)}{', …' if len(types) > _MOST_TYPES else ''})"


def _host(entry: JsonObject) -> str:
    try:
        parts = urlsplit(text(member(entry, "request").get("url")))
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return "no host"
    return one_line(f"{parts.hostname}{port}", _LONGEST) if parts.hostname else "no host"
