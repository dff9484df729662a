"""The backends a scenario can name, as they are written in YAML."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SdkBackend(_Model):
    """The control: a real ``ChatKitServer`` of openai-chatkit with an SQLite store."""

    kind: Literal["sdk"] = "sdk"
    reply: str = "You said “${message}”, and this is the whole answer to it."
    """What the deterministic responder says; ``${message}`` is what the person typed."""
    stream_ms: int = Field(default=400, ge=0, le=60_000)
    """How long the reply takes to stream, in ms."""


class UrlBackend(_Model):
    """The user's own backend."""

    kind: Literal["url"] = "url"
    url: str
    headers: dict[str, str] = Field(default_factory=dict)
    """Added to every request by the page's own fetch; the values never reach an artifact."""


class EventFrame(_Model):
    """One event: ``data:`` with this JSON and a blank line."""

    event: dict[str, Any]


class NamedFrame(_Model):
    """One event with an ``event:`` line before its data."""

    named: str
    data: Any


class RawFrame(_Model):
    """Exactly this text, nothing added."""

    raw: str


class Delay(_Model):
    """Wait before the next frame, in ms."""

    delay_ms: int = Field(ge=0, le=600_000)


class GoodTurn(_Model):
    """The events of a whole good turn, as openai-chatkit sends them."""

    reply: str = ""
    stream_ms: int = Field(default=200, ge=0, le=60_000)
    without: list[str] = Field(default_factory=list)
    """Event types (or ``user``/``assistant`` + ``.done``/``.added``) to leave out; ``reply`` is everything
    that belongs to the assistant's item."""


class GoodTurnFrame(_Model):
    """Stands for the frames of one good turn."""

    good_turn: GoodTurn


class End(_Model):
    """How the body ends: ``close`` (properly, the default), ``cut`` (connection broken), ``hang`` (never)."""

    end: Literal["close", "cut", "hang"]


_FRAME_KEYS = ("event", "named", "raw", "delay_ms", "good_turn", "end")


def _frame_tag(value: object) -> str | None:
    keys = (
        value if isinstance(value, dict) else type(value).model_fields if isinstance(value, BaseModel) else ()
    )
    return next((key for key in _FRAME_KEYS if key in keys), None)


Frame = Annotated[
    Annotated[EventFrame, Tag("event")]
    | Annotated[NamedFrame, Tag("named")]
    | Annotated[RawFrame, Tag("raw")]
    | Annotated[Delay, Tag("delay_ms")]
    | Annotated[GoodTurnFrame, Tag("good_turn")]
    | Annotated[End, Tag("end")],
    Discriminator(
        _frame_tag,
        custom_error_type="unknown_frame",
        custom_error_message=f"not a frame: use one of {', '.join(_FRAME_KEYS)}",
    ),
]


class Framing(_Model):
    """How events are written as server-sent events; all of these are legal."""

    line_end: Literal["lf", "crlf", "cr"] = "lf"
    event_names: bool = False
    """An ``event:`` line with the event's type before each data line."""
    ids: bool = False
    """An ``id:`` line in each event."""
    retry: bool = False
    comments: bool = False
    bom: bool = False
    separator: Literal["blank-line", "newline"] = "blank-line"
    """``newline`` forgets the blank line between events, which is *not* legal."""
    last_blank_line: bool = True
    prefix: Literal["data: ", "data:", ""] = "data: "
    """The empty prefix makes the body NDJSON, which is *not* legal."""
    bytes_per_write: int = Field(default=0, ge=0)
    """Split everything into writes of this many bytes; 0 writes each frame whole."""


class Answer(_Model):
    """What a scripted backend answers to one operation: a stream, JSON, or plain text."""

    status: int = Field(default=200, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    """Time before the status line, in ms."""
    stream: list[Frame] | None = None
    framing: Framing = Framing()
    json_: Any = Field(default=None, alias="json")
    text: str | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Answer:
        given = [
            n
            for n, v in (("stream", self.stream), ("json", self.json_), ("text", self.text))
            if v is not None
        ]
        if len(given) > 1:
            raise ValueError(f"an answer has one body, here are {' and '.join(given)}")
        return self

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ScriptBackend(_Model):
    """A backend played from this file. Operations without an answer here get a plausible default."""

    kind: Literal["script"]
    answers: dict[str, Answer | list[Answer]]
    """By operation; ``*`` is every streaming operation. A list answers the first, second, … request."""

    @field_validator("answers")
    @classmethod
    def _known_operations(cls, value: dict[str, Answer | list[Answer]]) -> dict[str, Answer | list[Answer]]:
        known = STREAMING_OPS | JSON_OPS | {"*"}
        for op, answers in value.items():
            if op not in known:
                raise ValueError(f"{op!r} is no ChatKit operation")
            if answers == []:
                raise ValueError(f"{op!r} has an empty list of answers")
        return value
