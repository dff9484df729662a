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
    """Places the backend on another origin than the page, and sets its CORS headers."""

    allow_origin: str = "page"
    """``page``: the page's own origin; any other value is sent as is; empty: no CORS headers at all."""
    allow_headers: str = "*"
    """The headers that a preflight allows; empty omits the CORS header."""
    allow_methods: str = "*"
    """The methods that a preflight allows; empty omits the CORS header."""
    preflight_status: int = Field(default=200, ge=200, le=599)
    """The status of the response to OPTIONS."""
    on_errors: bool = True
    """Whether responses with status 400 and above also carry the headers. With FastAPI's CORSMiddleware, the
    response to an unhandled exception carries none."""
    on_json: bool = True
    """Whether responses that are not streams also carry the headers."""


class _LocalBackend(_Backend):
    other_origin: OtherOrigin | None = None
    """Without it, the backend is on the page's own origin, as behind a proxy or a dev server."""


class SdkBackend(_LocalBackend):
    """The control: a real ``ChatKitServer`` of openai-chatkit with an SQLite store."""

    kind: Literal["sdk"] = "sdk"
    reply: str = "You said “${message}”, and this is the whole answer to it."
    """What the deterministic responder says; ``${message}`` is what the user typed."""
    stream_ms: int = Field(default=400, ge=0, le=60_000)
    """How long the reply takes to stream, in ms."""
    replies: list[Literal["text", "widget", "questions"]] = Field(default_factory=list)
    """The reply to each turn, in order: the text; a widget with buttons and a form; questions to the user.
    All further turns are answered with the text."""


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
    """A backend that replays a recording: the same bytes in the same chunks, with the same faults.

    Requests are matched by operation and order; a repeated request gets the response to the repetition.
    Requests without a recorded response are answered from the items sent before.
    """

    kind: Literal["replay"] = "replay"
    recording: str = Field(min_length=1)
    """A recording's folder, a HAR, a saved stream, or a folder of responses, relative to this file."""
    timing: Literal["compressed", "real"] = "compressed"
    """``compressed``: long waits are shortened, while streamed bodies stay streamed and buffered bodies stay
    buffered; ``real``: as recorded."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Added to every request by the page's own fetch; the values never reach an artifact."""


class Framing(Part):
    """How events are written as server-sent events; all variants are valid unless noted otherwise."""

    line_end: Literal["lf", "crlf", "cr"] = "lf"
    """The line ending."""
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
    """``newline`` omits the blank line between events, which is *not* valid."""
    last_blank_line: bool = True
    """Whether the last event is followed by a blank line."""
    prefix: Literal["data: ", "data:", ""] = "data: "
    """The text before the data. The empty prefix makes the body NDJSON, which is *not* valid."""
    bytes_per_write: int = Field(default=0, ge=0)
    """Split the output into writes of this many bytes; 0 writes each frame in one piece."""


class Answer(Part):
    """The response of a scripted backend to one request: a stream, JSON, or plain text."""

    status: int = Field(default=200, ge=100, le=599)
    """The HTTP status."""
    headers: dict[str, str] = Field(default_factory=dict)
    """HTTP headers. For a stream, an empty value removes the header of that name."""
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    """Delay before the status line, in ms."""
    buffered: bool = False
    """Hold back the body until it is complete, as a buffering proxy does."""
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
    """A backend defined in this file. Operations without an answer here get a plausible default."""

    kind: Literal["script"] = "script"
    store: Store = "keeps"
    """What happens to the items of a thread when it is loaded again; each value is a function in
    ``chatkit_doctor.host.stores``."""
    answers: dict[Operation, Annotated[list[Answer], Field(min_length=1), OneOrMore()]]
    """By operation; ``*`` stands for every streaming operation that is not listed. The first answer is for
    the first request, and so on; the last answer is for all further requests."""
    upload: Answer | None = None
    """The response to a file uploaded to the page's ``files/`` path; 200 by default."""


Backend = Annotated[SdkBackend | ScriptBackend | UrlBackend | ReplayBackend, Field(discriminator="kind")]
