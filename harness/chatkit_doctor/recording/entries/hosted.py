"""Entries about hosted mode: the client secret that a page gives, and what the frame asks OpenAI itself.

There the component has no backend of the page's own. It asks the page for a client secret
(``api.getClientSecret``), and its frame sends the operations to OpenAI with it (measured).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from chatkit_doctor.recording.entries.entry_data import Count, EntryData
from chatkit_doctor.vocabulary import Layer

SecretKind = Literal["text", "empty", "null", "undefined", "object", "other"]
"""What a page returned as a client secret; ``empty`` is an empty string."""


class HostedEntry(EntryData, frozen=True):
    """Anything about hosted mode."""

    layer: ClassVar[Layer] = Layer.REQUEST


class SecretAsked(HostedEntry, frozen=True, tag="secret.asked"):
    """The component calls the page's ``getClientSecret``."""

    call: str
    """Identifies the call in all its entries."""
    renews: bool
    """Whether the component already has a secret that expired or was refused, and passes it to the call."""


class SecretGiven(HostedEntry, frozen=True, tag="secret.given"):
    """What the page returned; the secret itself is never recorded."""

    call: str
    what: SecretKind
    keys: tuple[str, ...] = ()
    """Names of an object's members, at most ten."""
    unchanged: bool = False
    """Whether it is the secret that the component already had."""


class SecretFailed(HostedEntry, frozen=True, tag="secret.failed"):
    """The page's ``getClientSecret`` threw, or its promise was rejected."""

    call: str
    error: str


class SecretRequest(HostedEntry, frozen=True, tag="secret.request"):
    """A request that the page made while the component waited for a client secret, and the response."""

    call: str
    url: str
    method: str
    status: Count | None = None
    """HTTP status of the response; null if there is none."""
    error: str = ""
    """Why there is no response; empty if there is one."""


class HostedRequest(HostedEntry, frozen=True, tag="hosted.request"):
    """An operation that the frame sends to OpenAI, or its outcome."""

    url: str
    op: str
    state: Literal["sent", "answered", "failed"]
    status: Count | None = None
    """HTTP status of the response."""
    error: str = ""
    """Why there is no response; empty if there is one."""
