"""The parts of a scripted stream."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chatkit_doctor.scenario.part import Variant


class _Frame(Variant):
    tag: ClassVar[str] = "frame"
    what: ClassVar[str] = "frame"


class EventFrame(_Frame):
    """One event: ``data:`` with this JSON, followed by a blank line."""

    frame: Literal["event"] = "event"
    event: dict[str, Any]
    """The event."""


class NamedFrame(_Frame):
    """One event with an ``event:`` line before its data."""

    frame: Literal["named"] = "named"
    named: str
    """The value of the ``event:`` line."""
    data: Any
    """The data, as JSON; text is sent as is."""


class RawFrame(_Frame):
    """Exactly this text, with nothing added."""

    frame: Literal["raw"] = "raw"
    raw: str
    """The text."""


class Delay(_Frame):
    """Wait before the next frame."""

    frame: Literal["delay_ms"] = "delay_ms"
    delay_ms: int = Field(ge=0, le=600_000)
    """Duration, in ms."""


class GoodTurn(_Frame):
    """The events of a complete, correct turn, as openai-chatkit sends them."""

    short: ClassVar[str] = "reply"
    frame: Literal["good_turn"] = "good_turn"
    reply: str = ""
    """What the assistant says."""
    stream_ms: int = Field(default=200, ge=0, le=60_000)
    """How long the reply takes to stream, word by word, in ms."""
    without: list[
        Literal[
            "thread.created",
            "user.done",
            "stream_options",
            "assistant.added",
            "content_part.added",
            "text_delta",
            "content_part.done",
            "assistant.done",
            "reply",
        ]
    ] = Field(default_factory=list)
    """The events to omit; ``reply`` stands for all events of the assistant's item."""


class End(_Frame):
    """The end of the body, clean or not; frames after it are not sent. Without it, the body ends cleanly."""

    frame: Literal["end"] = "end"
    end: Literal["close", "cut", "hang"]
    """``close``: cleanly; ``cut``: the connection is dropped; ``hang``: never."""


Frame = Annotated[
    EventFrame | NamedFrame | RawFrame | Delay | GoodTurn | End,
    Field(discriminator="frame"),
]
