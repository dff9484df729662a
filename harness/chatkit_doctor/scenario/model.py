"""A scenario: what to do, against what, and where it should lead. The YAML files are this model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from chatkit_doctor.scenario.backend import ScriptBackend, SdkBackend, UrlBackend
from chatkit_doctor.vocabulary import CAUSES, LAYERS, SYMPTOMS, Verdict

PageFetch = Literal[
    "none",
    "passes-through",
    "adds-header",
    "buffers",
    "drops-content-type",
    "consumes-body",
    "returns-json",
    "returns-nothing",
    "throws",
    "rewrites-body",
    "mocks-threads-list",
]
"""The page's own ``api.fetch``; each is a function in ``static/host/fetches.js``."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScriptTag(_Model):
    """How the host page loads chatkit.js."""

    load: Literal["early", "late", "never"] = "early"
    """``early``: an async script tag in the head; ``late``: added by script ``after_ms`` after the page's own
    code ran; ``never``: no tag at all."""
    after_ms: int = Field(default=400, ge=0, le=60_000)
    """For ``late``: how long after the page's own code, in ms."""
    src: str = ""
    """Another URL than the runtime's own."""


class PageSetup(_Model):
    """The host page: script tag, element, options, and what the page does of its own."""

    script: ScriptTag = ScriptTag()
    set_options: Literal["when-defined", "immediately", "never"] = "when-defined"
    """When the page calls ``setOptions``: after ``customElements.whenDefined``, at once, or not at all."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Merged over the default options; ``null`` removes a default."""
    fetch: PageFetch = "none"
    client_tool: Literal["none", "answers", "throws", "hangs"] = "none"
    """The page's ``onClientTool``: there is none, it answers every call, it throws, or it never resolves."""
    remember_thread: bool = False
    """Keep the id from ``thread.change`` and pass it as ``initialThread`` after a reload."""
    headers: dict[str, str] = Field(default_factory=dict)
    """HTTP headers of the page itself, such as a content security policy."""
    style: str = "width: 420px; height: 640px"
    """CSS of the element's container."""


class Message(_Model):
    """A message, and how long to wait for what comes of it."""

    text: str = Field(min_length=1)
    until: Literal["end", "reply", "request"] = "end"
    """The end of the turn; the first visible text of the reply; or the request on its way."""


class Send(_Model):
    """Type a message into the composer and press Enter; ends with the turn, or earlier."""

    send: str | Message

    @property
    def message(self) -> Message:
        """The message, however it was written."""
        return self.send if isinstance(self.send, Message) else Message(text=self.send)


class Button(_Model):
    """Something in the component's frame that can be clicked, by its visible text or accessible name."""

    name: str = Field(min_length=1)
    nth: int = Field(default=0, ge=0)
    """Which of several, counted from 0."""
    sends: str | None = None
    """The message that the click sends, as a start prompt does: then the click is a turn."""


class Click(_Model):
    """Click something in the component's frame; ends when the turn it starts is over, or all is quiet."""

    click: str | Button

    @property
    def button(self) -> Button:
        """What to click, however it was written."""
        return self.click if isinstance(self.click, Button) else Button(name=self.click)


class ReloadOptions(_Model):
    """How to reload; nothing to choose yet."""


class Reload(_Model):
    """Reload the page and wait until the chat is ready again."""

    reload: ReloadOptions = ReloadOptions()


class MethodCall(_Model):
    """A call of one of the element's public methods."""

    method: Literal[
        "focusComposer",
        "setThreadId",
        "sendUserMessage",
        "setComposerValue",
        "fetchUpdates",
        "sendCustomAction",
        "showHistory",
        "hideHistory",
    ]
    args: list[Any] = Field(default_factory=list)

    @property
    def sends(self) -> str | None:
        """The message that the call sends; None where it sends none."""
        first = self.args[0] if self.args else None
        text = first.get("text") if isinstance(first, dict) else None
        return text if self.method == "sendUserMessage" and isinstance(text, str) else None


class Call(_Model):
    """Let the page call a public method of the element, and wait until the transcript is quiet."""

    call: MethodCall


_STEPS: dict[str, type[_Model]] = {"send": Send, "click": Click, "reload": Reload, "call": Call}


def _step_tag(value: object) -> str | None:
    if isinstance(value, dict):
        return next((key for key in value if key in _STEPS), None)
    for tag, model in _STEPS.items():
        if isinstance(value, model):
            return tag
    return None


Step = Annotated[
    Annotated[Send, Tag("send")]
    | Annotated[Click, Tag("click")]
    | Annotated[Reload, Tag("reload")]
    | Annotated[Call, Tag("call")],
    Discriminator(
        _step_tag,
        custom_error_type="unknown_step",
        custom_error_message=f"not a step: use one of {', '.join(_STEPS)}",
    ),
]


class Limits(_Model):
    """How long each kind of wait may take, in ms; reaching one is recorded under its name."""

    ready: int = Field(default=10_000, ge=100, le=120_000)
    """From opening the page to a composer that can be typed into."""
    request: int = Field(default=3_000, ge=100, le=120_000)
    """From pressing Enter to a request that leaves the component."""
    turn: int = Field(default=15_000, ge=100, le=600_000)
    """From pressing Enter to the end of the turn."""
    quiet: int = Field(default=100, ge=50, le=10_000)
    """How long the transcript must not change for a turn to count as over; after the end of a response the
    text catches up within some 50 ms (measured)."""


class Line(_Model):
    """One visible message of a transcript."""

    user: str | None = None
    assistant: str | None = None

    @model_validator(mode="after")
    def _one_speaker(self) -> Line:
        if (self.user is None) == (self.assistant is None):
            raise ValueError("a line is either {user: text} or {assistant: text}")
        return self


class Expect(_Model):
    """Where the scenario should lead. Compared exactly; what is absent is not compared."""

    verdict: Verdict
    symptoms: list[str] = Field(default_factory=list)
    """All of these, and none besides them and ``symptoms_may``."""
    symptoms_may: list[str] = Field(default_factory=list)
    """May come or not: their coming depends on how fast the machine is."""
    cause: str | None = None
    layer: str | None = None
    details: dict[str, str] = Field(default_factory=dict)
    """Details of the cause, such as ``dialect``."""
    transcript: list[Line] | None = None
    """What is on screen at the end."""
    alerts: list[str] | None = None
    """The banners on screen at the end, as ``kind: text`` with kind ``error``, ``notice`` or ``crash``."""
    events: list[str] | None = None
    """The component's public events in order, as ``chatkit_doctor.recording.views.behaviour`` names them."""
    requests: list[str] | None = None
    """The operations that went over the wire, in order, retries included."""
    errors: list[str] | None = None
    """The kinds of console errors of the component, sorted."""

    @field_validator("symptoms", "symptoms_may")
    @classmethod
    def _known_symptoms(cls, value: list[str]) -> list[str]:
        for symptom in value:
            if symptom not in SYMPTOMS:
                raise ValueError(f"{symptom!r} is no symptom of the vocabulary")
        return value

    @field_validator("cause")
    @classmethod
    def _known_cause(cls, value: str | None) -> str | None:
        if value is not None and value not in CAUSES:
            raise ValueError(f"{value!r} is no cause of the vocabulary")
        return value

    @field_validator("layer")
    @classmethod
    def _known_layer(cls, value: str | None) -> str | None:
        if value is not None and value not in LAYERS:
            raise ValueError(f"{value!r} is no layer of the vocabulary")
        return value


Backend = Annotated[SdkBackend | ScriptBackend | UrlBackend, Field(discriminator="kind")]


class Scenario(_Model):
    """One thing to try: a page, a backend, steps, and an expectation."""

    title: str = Field(min_length=1)
    why: str = ""
    """What question this scenario answers."""
    page: PageSetup = PageSetup()
    backend: Backend = SdkBackend()
    steps: list[Step] = Field(default_factory=list)
    limits: Limits = Limits()
    expect: Expect | None = None
