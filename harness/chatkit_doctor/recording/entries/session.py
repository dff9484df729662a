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
"""Whether everything came to rest, or a time limit was reached."""
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
    """Number of the message, from 1, where one is sent."""
    text: str = ""
    """The message; for a ``click`` what the button says; for other steps what they are about."""
    url: str = ""
    """The address that is opened."""
    clicked: str = ""
    """The button that sends the message, where it is not typed."""
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
    """The limit, as in a scenario's ``limits``, or what did not end in time."""
    limit_ms: Number
    """How long was waited; 0 where it was not time that was limited."""
    error: str = ""
    """What went wrong, where it was not the time alone."""


class SessionSlowed(SessionEntry, frozen=True, tag="session.slowed"):
    """From here on, until the page is reloaded, answers are held back: the component asks without end."""

    op: str
    """What it asks for again and again."""
    latency_ms: Number
    """How long each answer is held back."""


class SessionCapped(SessionEntry, frozen=True, tag="session.capped"):
    """From here on entries are dropped: a limit of the journal, or of a probe, was reached."""

    of: str
    """The kind that is dropped; for a probe ``entries of`` and its origin."""


class SessionProbe(SessionEntry, frozen=True, tag="session.probe"):
    """A request to a backend that the component would not have made; what it leads to is seen by nobody."""

    probe: str
    """What was tried."""
    op: str
    url: str
    body: object
    headers: Mapping[str, str]
    """Names in lower case, secrets masked."""
    status: Count | None
    """None: there was no response."""
    error: str = ""
    """Why there was none, or what broke it off."""


class SessionServerDied(SessionEntry, frozen=True, tag="session.server-died"):
    """Nobody listened at the backend's address any more."""

    op: str
    """The operation that was under way."""
    url: str
    error: str = ""
    """What became of it."""
    probe: str = ""
    """What was tried with it; empty for a request that the component makes, too."""


class SessionBrokeOff(SessionEntry, frozen=True, tag="session.broke-off"):
    """The session could not go on."""

    reason: str
    """Why."""
    network_lost: bool = False
    """The browser lost its network in between: from the first request that failed on, none tells anything."""


class SessionEnded(SessionEntry, frozen=True, tag="session.ended"):
    """The session ended; the last entry of a whole one."""

    state: View | Literal["absent"]
    """What the panel showed then; ``absent``: there was none."""
