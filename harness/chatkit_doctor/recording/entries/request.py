"""Entries about requests to the backend: what the component asks for, and what leaves the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from chatkit_doctor.recording.entries.entry_data import Count, EntryData
from chatkit_doctor.vocabulary import Layer

Way = Literal["fetch", "xhr", "event-source", "websocket"]
"""How a page reaches the network."""
Credential = Literal["present", "empty"]
"""``empty``: a scheme such as ``Bearer`` without a token."""


class RequestEntry(EntryData, frozen=True):
    """Anything about a request to the backend."""

    layer: ClassVar[Layer] = Layer.REQUEST


class RequestAsked(RequestEntry, frozen=True, tag="request.asked"):
    """The component asks the page to send a request."""

    nonce: str
    """The component's own name for the request."""
    via: Literal["fetch", "fetchEventSource"]
    url: str
    op: str
    """The operation: ``type`` in the body."""
    body: object
    """As JSON if it is JSON, otherwise as text."""
    headers: object = None


class RequestSent(RequestEntry, frozen=True, tag="request.sent"):
    """A request leaves the browser."""

    id: str
    """Identifies the request in all network entries; a retry is a separate request."""
    url: str
    method: str
    op: str
    body: object
    headers: Mapping[str, str]
    """Names in lower case, secrets masked."""
    auth: Mapping[str, Credential]
    """The credentials in the request, by header."""
    way: Literal["fetch", "xhr"] = "fetch"
    """How the page sent it."""


class RequestPreflight(RequestEntry, frozen=True, tag="request.preflight"):
    """The browser asked the backend whether the page may send a request (CORS)."""

    url: str
    status: Count | None
    asked_headers: str
    """``Access-Control-Request-Headers``."""
    allowed_headers: str
    """``Access-Control-Allow-Headers`` of the answer."""
    allowed_origin: str
    """``Access-Control-Allow-Origin`` of the answer."""
    allowed_methods: str
    """``Access-Control-Allow-Methods`` of the answer."""
    error: str = ""


class RequestFailed(RequestEntry, frozen=True, tag="request.failed"):
    """A request that never received a response."""

    id: str
    url: str
    op: str
    error: str
    blocked: str
    """Why the browser blocked it: ``csp``, ``cors``, ``mixed-content``, …"""
    cors: str
    """The browser's description of the CORS error."""
    aborted: bool = False
    """Whether the page itself aborted it."""
    status: Count | None = None
    """The status of a response that the browser withholds from the page for lack of CORS headers."""


class RequestOther(RequestEntry, frozen=True, tag="request.other"):
    """What else the page had under way with the network while its own ``api.fetch`` answered a call.

    It is recognised neither by its address nor by an operation in its body. Written when the session ends.
    """

    call: str
    """The call of ``api.fetch``, as in ``fetch.call``."""
    way: Way
    by: Literal["page", "worker"]
    """Who made it: a document of the page, or a worker."""
    url: str
    method: str
    headers: Mapping[str, str] | None
    """Of the request, as for ``request.sent``; null for a connection."""
    sent: Count
    """Messages that were sent in that time; of a request 1, or 0 where it had left before."""
    body: str
    """Of the request, or of those messages, one on a line."""
    status: Count | None
    content_type: str
    got: Count
    """Messages or events that came in that time; of a request 1 where it was answered."""
    answer: str
    """The body of the answer, the events as a stream of them, or the messages, one on a line."""
    is_whole: bool
    """Whether all that was sent and came by then is in ``body`` and ``answer``."""
    error: str = ""
