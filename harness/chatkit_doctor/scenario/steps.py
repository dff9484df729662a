"""What a user does with the chat, step by step."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chatkit_doctor.scenario.part import OneOrMore, Variant

SampleFile = Literal["note.txt", "dot.png"]
"""A one-line text file and a one-pixel image."""


class _Step(Variant):
    tag: ClassVar[str] = "do"
    what: ClassVar[str] = "step"


class Send(_Step):
    """Type a message into the composer and press Enter."""

    short: ClassVar[str] = "text"
    do: Literal["send"] = "send"
    text: str = Field(min_length=1)
    """The message. A line break in it is typed as Shift+Enter."""
    until: Literal["end", "reply", "request"] = "end"
    """How long to wait: for the end of the turn, the first visible text of the reply, or the request."""


class Click(_Step):
    """Click something in the component's frame; ends when the turn it starts is over, or nothing changes."""

    short: ClassVar[str] = "name"
    do: Literal["click"] = "click"
    name: str = Field(min_length=1)
    """The full visible text or accessible name."""
    nth: int = Field(default=0, ge=0)
    """Which match to click if several have that name, counted from 0."""
    sends: str | None = None
    """The message that the click sends, as with a start prompt; the click then counts as a turn."""


class Reload(_Step):
    """Reload the page and wait until the chat is ready again."""

    do: Literal["reload"] = "reload"


class CallMethod(_Step):
    """Call a public method of the element from the page, and wait until the transcript stops changing."""

    short: ClassVar[str] = "method"
    do: Literal["call"] = "call"
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
    """The name of the method."""
    args: list[Any] = Field(default_factory=list)
    """The arguments of the call."""

    @property
    def sends(self) -> str | None:
        """The message that the call sends; None if it sends none."""
        first = self.args[0] if self.args else None
        text = first.get("text") if isinstance(first, dict) else None
        return text if self.method == "sendUserMessage" and isinstance(text, str) else None


class Press(_Step):
    """Use one of the component's own controls, located by position, so that it works in every language.

    ``stop`` ends the response in progress, ``retry`` is below an error, ``thumbs-up``, ``thumbs-down`` and
    ``regenerate`` are below the latest reply, ``detach`` removes the first attached file.
    """

    short: ClassVar[str] = "control"
    do: Literal["press"] = "press"
    control: Literal["stop", "retry", "thumbs-up", "thumbs-down", "regenerate", "detach"]
    """The control to use."""


class Attach(_Step):
    """Attach files to the next message, and wait until they are uploaded."""

    short: ClassVar[str] = "files"
    do: Literal["attach"] = "attach"
    files: Annotated[list[SampleFile], Field(min_length=1), OneOrMore()]
    """Small sample files included with this tool."""


class Fill(_Step):
    """Fill in a field of a widget's form."""

    do: Literal["fill"] = "fill"
    field: str = Field(min_length=1)
    """The name of the field in the widget."""
    text: str
    """The text to enter."""


class Answer(_Step):
    """Answer the questions that the backend asks (``structured_input``), in order."""

    short: ClassVar[str] = "answers"
    do: Literal["answer"] = "answer"
    answers: Annotated[list[str], Field(min_length=1), OneOrMore()]
    """For each question, the value of an option or free text; an empty text skips the question."""


class Choose(_Step):
    """Choose a tool or a model in the composer."""

    short: ClassVar[str] = "label"
    do: Literal["choose"] = "choose"
    label: str = Field(min_length=1)
    """The label given in the page's options."""


class Dictate(_Step):
    """Speak into the composer; the browser's microphone beeps once a second (Chromium only)."""

    short: ClassVar[str] = "ms"
    do: Literal["dictate"] = "dictate"
    ms: int = Field(default=500, ge=100, le=60_000)
    """Duration, in ms."""


class Rename(_Step):
    """Open the history, rename a thread, and return to the chat."""

    do: Literal["rename"] = "rename"
    thread: str = Field(min_length=1)
    """The title of the thread; an untitled thread is called `New thread`."""
    title: str = Field(min_length=1)
    """The new title."""


class Delete(_Step):
    """Open the history, delete a thread, and return to the chat."""

    short: ClassVar[str] = "thread"
    do: Literal["delete"] = "delete"
    thread: str = Field(min_length=1)
    """The title of the thread; an untitled thread is called `New thread`."""


Operate = Press | Attach | Fill | Answer | Choose | Dictate | Rename | Delete
"""The steps that use a control of the component."""
Step = Annotated[Send | Click | Reload | CallMethod | Operate, Field(discriminator="do")]
