"""The backends a scenario can name."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from chatkit_doctor.scenario.frames import Frame
from chatkit_doctor.scenario.part import OneOrMore, Operation, Part, Variant, refusal


class _Backend(Variant):
    tag: ClassVar[str] = "kind"
    what: ClassVar[str] = "backend"
    by_key: ClassVar[bool] = False


class OtherOrigin(Part):
    """That a backend does not lie on the page's own origin, and what it says about CORS."""

    allow_origin: str = "page"
    """``page``: the page's own origin; anything else is sent as it is; empty: no CORS headers at all."""
    allow_headers: str = "*"
    """What a preflight allows; empty leaves the header out."""
    allow_methods: str = "*"
    """What a preflight allows; empty leaves the header out."""
    preflight_status: int = Field(default=200, ge=200, le=599)
    """The status of the answer to OPTIONS."""
    on_errors: bool = True
    """Whether answers of 400 and more carry the headers, too. Those to an exception that nobody handled carry
    none, even with FastAPI's CORSMiddleware."""
    on_json: bool = True
    """Whether answers that are not streams carry the headers, too."""


class _LocalBackend(_Backend):
    other_origin: OtherOrigin | None = None
    """Without it the backend is on the page's own origin, as behind a proxy or a dev server."""


class SdkBackend(_LocalBackend):
    """The control: a real ``ChatKitServer`` of openai-chatkit with an SQLite store."""

    kind: Literal["sdk"] = "sdk"
    reply: str = "You said “${message}”, and this is the whole answer to it."
    """What the deterministic responder says; ``${message}`` is what the user typed."""
    stream_ms: int = Field(default=400, ge=0, le=60_000)
    """How long the reply takes to stream, in ms."""
    replies: list[Literal["text", "widget", "questions"]] = Field(default_factory=list)
    """What each turn is answered with, in order: the text; a widget with buttons and a form; questions to the
    person. Those that follow are answered with the text."""


class UrlBackend(_Backend):
    """The user's own backend."""

    kind: Literal["url"] = "url"
    url: str
    """Its http(s) URL."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Added to every request by the page's own fetch; the values never reach an artifact."""

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise refusal("should be an http(s) URL, such as http://localhost:8000/chatkit")
        return value


class ReplayBackend(_Backend):
    """A backend that answers as a recorded one did: the same bytes in the same pieces, the same faults.

    Requests are met by their operation and their order, a repeated one by the answer to the repetition. What
    the recording has no answer to is answered from the items that were sent before.
    """

    kind: Literal["replay"] = "replay"
    recording: str = Field(min_length=1)
    """A recording's folder, a HAR, a saved stream, or a folder of answers; relative to the scenario file."""
    timing: Literal["compressed", "real"] = "compressed"
    """``compressed``: long waits are shortened, and what came live still does, what was held back is held
    back; ``real``: as it was recorded."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Added to every request by the page's own fetch; the values never reach an artifact."""


class Framing(Part):
    """How events are written as server-sent events; all of these are legal unless said otherwise."""

    line_end: Literal["lf", "crlf", "cr"] = "lf"
    """What ends a line."""
    event_names: bool = False
    """An ``event:`` line with the event's type before each data line."""
    ids: bool = False
    """An ``id:`` line in each event."""
    retry: bool = False
    """A ``retry:`` line at the beginning."""
    comments: bool = False
    """A comment at the beginning."""
    bom: bool = False
    """A byte order mark at the beginning."""
    separator: Literal["blank-line", "newline"] = "blank-line"
    """``newline`` forgets the blank line between events, which is *not* legal."""
    last_blank_line: bool = True
    """Whether the last event has its blank line."""
    prefix: Literal["data: ", "data:", ""] = "data: "
    """What stands before the data. The empty prefix makes the body NDJSON, which is *not* legal."""
    bytes_per_write: int = Field(default=0, ge=0)
    """Split everything into writes of this many bytes; 0 writes each frame whole."""


class Answer(Part):
    """What a scripted backend answers to one request: a stream, JSON, or plain text."""

    status: int = Field(default=200, ge=100, le=599)
    """The HTTP status."""
    headers: dict[str, str] = Field(default_factory=dict)
    """HTTP headers. In a stream, an empty text removes the header of that name."""
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    """Time before the status line, in ms."""
    buffered: bool = False
    """Hold the body back until its end, as a proxy does that collects it."""
    stream: list[Frame] | None = None
    """The body as a stream of frames."""
    framing: Framing = Framing()
    """How the events of the stream are written."""
    json_: Any = Field(default=None, alias="json")
    """The body as JSON."""
    text: str | None = None
    """The body as plain text."""

    @model_validator(mode="after")
    def _one_body(self) -> Answer:
        bodies = {"stream": self.stream, "json": self.json_, "text": self.text}
        given = [name for name, body in bodies.items() if body is not None]
        if len(given) > 1:
            raise refusal(f"an answer can have only one body, but this has {' and '.join(given)}")
        return self


Store = Literal[
    "keeps",
    "forgets-replies",
    "forgets-messages",
    "forgets-all",
    "makes-new-ids",
    "reverses",
    "one-moment",
    "rewrites",
    "doubles",
]


class ScriptBackend(_LocalBackend):
    """A backend played from this file. Operations without an answer here get a plausible default."""

    kind: Literal["script"] = "script"
    store: Store = "keeps"
    """What becomes of the items of a thread when it is read again; each is a function in
    ``chatkit_doctor.host.stores``."""
    answers: dict[Operation, Annotated[list[Answer], Field(min_length=1), OneOrMore()]]
    """By operation; ``*`` is every streaming operation that is not named itself. The first answer is for the
    first request, and so on; the last one for all that follow."""
    upload: Answer | None = None
    """What a file is answered with that is uploaded below ``files/`` of the page; by default 200."""


Backend = Annotated[SdkBackend | ScriptBackend | UrlBackend | ReplayBackend, Field(discriminator="kind")]
