"""One column of an operation: what it shows, and how it differs from what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, Literal, TypeVar

from chatkit_doctor.origins import same_address
from chatkit_doctor.recording.views.differences import (
    MOST_DIFFERENCES,
    Difference,
    is_shortened,
    of_bodies,
    of_headers,
)

State = Literal["shown", "same", "different", "none", "not-recorded"]
"""``shown``: there is nothing to compare it with; ``none``: it is known that there was nothing."""
_NO_BODY: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was requested or sent. ``headers`` is None where they are not known."""

    method: str
    url: str
    headers: Mapping[str, str] | None
    body: object
    """As JSON where it is JSON, else as text; None without one."""


C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Column(Generic[C]):
    """One of the four, with how it differs from what it was made of."""

    state: State
    content: C | None = None
    differences: tuple[Difference, ...] = ()
    left_out: int = 0
    """Differences that are not listed."""
    note: str = ""
    """What else is known of it, or why it is not known."""


def compared(asked: Request | None, sent: Request, note: str) -> Column[Request]:
    """A request that was sent, beside the one that was requested."""
    if asked is None:
        return Column("not-recorded", sent, note=note or "There is nothing to compare it with.")
    found: list[Difference] = []
    if not same_address(asked.url, sent.url):
        found.append(Difference("url", asked.url, sent.url))
    if asked.method.upper() != sent.method.upper():
        found.append(Difference("method", asked.method, sent.method))
    if asked.headers is not None and sent.headers is not None:
        found += of_headers(asked.headers, sent.headers)
    unknown = "Its headers were not recorded." if sent.headers is None or asked.headers is None else ""
    if sent.body is None and asked.body is not None and sent.method.upper() not in _NO_BODY:
        unknown = "Its body was not recorded."
    elif is_shortened(asked.body) or is_shortened(sent.body):
        unknown = "Only the beginning of its body was recorded."
        found += of_bodies(asked.body, sent.body)
    else:
        found += of_bodies(asked.body, sent.body)
    return column(sent, found, " ".join(filter(None, (note, unknown))), is_known=not unknown)


def column(content: C, found: Iterable[Difference], note: str, *, is_known: bool) -> Column[C]:
    """What was made of the column before it, with how it differs from that."""
    differences = iter(found)
    listed = tuple(islice(differences, MOST_DIFFERENCES))
    state: State = "different" if listed else "same" if is_known else "not-recorded"
    return Column(state, content, listed, sum(1 for _ in differences), note)
