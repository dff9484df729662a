"""What crossed the network between a ChatKit client and a backend, wherever it was noted.

The neutral form between the sources of ``lint`` (a live backend, a HAR, a saved stream, a recording) and what
judges them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chatkit_doctor.recording.entries.wire import BodyEnd

SourceKind = Literal["url", "har", "stream", "recording"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a body and when it came, in ms since the conversation began."""

    t_ms: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Preflight:
    """The answer to an ``OPTIONS`` request made as a browser makes it; header names in lower case."""

    status: int | None
    headers: Mapping[str, str]
    asked_headers: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request with its answer. ``op`` is the ``type`` in its body; header names are in lower case.

    ``status`` is None when no answer came; ``error`` then says why. ``t_ms`` is when it was sent.
    """

    op: str
    url: str
    t_ms: float
    request: bytes = b""
    request_headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answered_ms: float = 0.0
    chunks: tuple[Chunk, ...] = ()
    ended_ms: float = 0.0
    how: BodyEnd = "finished"
    error: str = ""
    preflight: Preflight | None = None
    reload: bool = False
    """Made as after a reload of the page: what was streamed before has to come back from the store."""
    unread: str = ""
    """Which limit, other than time, kept the rest of a body that went on from being read; empty for none."""
    probe: str = ""
    """What is tried out with a request that the component would not make; empty for those it would."""
    attempt: int = 1
    """Which attempt of its request it is, from 1: the component sends some again."""
    kept_status: int | None = None
    """The status of an answer that came and that the browser kept from the page, for lack of CORS headers."""
    refused: str = ""
    """What the browser said was wrong about CORS, where it kept the answer from the page; empty for none."""
    died: bool = False
    """Whether nobody listened at the address any more afterwards."""
    rewritten: bytes = b""
    """What a page's own fetch sent in place of the request; empty where that went as it was. Where nobody saw
    what the component asked, ``request`` is the same."""

    @property
    def is_asked_known(self) -> bool:
        """Whether ``request`` is what the component asked."""
        return not self.rewritten or self.rewritten != self.request

    @property
    def body(self) -> bytes:
        """The whole body as it came."""
        return b"".join(chunk.data for chunk in self.chunks)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All calls in order of time. ``notes`` say what of the source could not be read, in words."""

    kind: SourceKind
    source: str
    """The URL or the file's name; ``-`` for standard input."""
    calls: tuple[Call, ...]
    notes: tuple[str, ...] = ()
    timed: bool = True
    """Whether the times are measured: a saved body has none, so nothing can be said of how it arrived."""
