"""Entries about the session itself: its steps, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from chatkit_doctor.recording.entries.dom import View
from chatkit_doctor.recording.entries.entry_data import Count, EntryData, Number
from chatkit_doctor.vocabulary import Layer

StepKind = Literal[
    "open",
    "send",
    "click",
    "call",
    "reload",
    "press",
    "attach",
    "fill",
    "answer",
    "choose",
    "dictate",
    "rename",
    "delete",
]
StepOutcome = Literal["settled", "limit"]
"""Whether the page settled or a time limit was reached."""
LimitName = Literal[
    "navigation",
    "ready",
    "composer",
    "request",
    "reply",
    "turn",
    "silence",
    "refusals",
    "settle",
    "answer",
    "click",
    "control",
    "upload",
    "call",
]


class SessionEntry(EntryData, frozen=True):
    """Anything about the session itself."""

    layer: ClassVar[Layer] = Layer.PAGE


class StepBegin(SessionEntry, frozen=True, tag="step.begin"):
    """A step begins: something a user or the page does."""

    index: Count
    """Number of the step, from 0."""
    do: StepKind
    """What is done. Whatever sends a message is ``send``, be it typed, clicked or called."""
    turn: Count | None = None
    """Number of the message, from 1, if one is sent."""
    text: str = ""
    """The message; for a ``click``, the label of the button; for other steps, their subject."""
    url: str = ""
    """The URL that is opened."""
    clicked: str = ""
    """The button that sends the message, if it is not typed."""
    method: str = ""
    """The method that the page calls."""


class StepEnd(SessionEntry, frozen=True, tag="step.end"):
    """A step has ended."""

    index: Count
    """Number of the step, as in its beginning."""
    do: StepKind
    """What was done, as in its beginning."""
    outcome: StepOutcome
    waited_ms: Number
    """How long the step took."""
    turn: Count | None = None
    """Number of the message, as in its beginning."""
    limit: LimitName | None = None
    """The limit that was reached."""


class SessionLimit(SessionEntry, frozen=True, tag="session.limit"):
    """A wait reached its limit."""

    name: str
    """The limit, as in a scenario's ``limits``, or the action that did not end in time."""
    limit_ms: Number
    """How long the wait was; 0 if the limit is not a time limit."""
    error: str = ""
    """What went wrong, if it was more than the time limit."""


class SessionSlowed(SessionEntry, frozen=True, tag="session.slowed"):
    """From here until the next reload, responses are delayed, because the component requests endlessly."""

    op: str
    """The operation that it repeats."""
    latency_ms: Number
    """How long each response is delayed."""


class SessionCapped(SessionEntry, frozen=True, tag="session.capped"):
    """From here on, entries are dropped because a limit of the journal or of a probe was reached."""

    of: str
    """The kind that is dropped; for a probe, ``entries of`` and its origin."""


class SessionProbe(SessionEntry, frozen=True, tag="session.probe"):
    """A request to a backend that the component would not have made; no user sees its effect."""

    probe: str
    """What was tried."""
    op: str
    url: str
    body: object
    headers: Mapping[str, str]
    """Names in lower case, secrets masked."""
    status: Count | None
    """Null if there was no response."""
    error: str = ""
    """Why there was none, or what interrupted it."""


class SessionServerDied(SessionEntry, frozen=True, tag="session.server-died"):
    """The backend no longer accepted connections."""

    op: str
    """The operation that was in progress."""
    url: str
    error: str = ""
    """The error of that request."""
    probe: str = ""
    """What the request probed; empty for a request that the component also makes."""


class SessionBrokeOff(SessionEntry, frozen=True, tag="session.broke-off"):
    """The session could not continue."""

    reason: str
    """Why."""
    network_lost: bool = False
    """The browser lost its network: requests from the first failed one onwards are not meaningful."""


class SessionEnded(SessionEntry, frozen=True, tag="session.ended"):
    """The session ended; the last entry of a complete session."""

    state: View | Literal["absent"]
    """What the panel showed at the end; ``absent``: there was no panel."""
