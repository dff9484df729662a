"""What a user does with the chat, step by step."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chatkit_doctor.scenario.part import OneOrMore, Variant

SampleFile = Literal["note.txt", "dot.png"]
"""A text of one line, and a picture of one pixel."""


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
    """Click something in the component's frame; ends when the turn it starts is over, or all is quiet."""

    short: ClassVar[str] = "name"
    do: Literal["click"] = "click"
    name: str = Field(min_length=1)
    """Its visible text or accessible name, in full."""
    nth: int = Field(default=0, ge=0)
    """Which of several of that name, counted from 0."""
    sends: str | None = None
    """The message that the click sends, as a start prompt does: then the click is a turn."""


class Reload(_Step):
    """Reload the page and wait until the chat is ready again."""

    do: Literal["reload"] = "reload"


class CallMethod(_Step):
    """Let the page call a public method of the element, and wait until the transcript is quiet."""

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
    """What it is called with."""

    @property
    def sends(self) -> str | None:
        """The message that the call sends; None where it sends none."""
        first = self.args[0] if self.args else None
        text = first.get("text") if isinstance(first, dict) else None
        return text if self.method == "sendUserMessage" and isinstance(text, str) else None


class Press(_Step):
    """Use one of the component's own controls, found by its place, so that it works in every language.

    ``stop`` ends the response under way, ``retry`` is below an error, ``thumbs-up``, ``thumbs-down`` and
    ``regenerate`` are below the latest reply, ``detach`` takes the first attached file away again.
    """

    short: ClassVar[str] = "control"
    do: Literal["press"] = "press"
    control: Literal["stop", "retry", "thumbs-up", "thumbs-down", "regenerate", "detach"]
    """Which one."""


class Attach(_Step):
    """Attach files to the next message, and wait until they are uploaded."""

    short: ClassVar[str] = "files"
    do: Literal["attach"] = "attach"
    files: Annotated[list[SampleFile], Field(min_length=1), OneOrMore()]
    """Small files that come with this tool."""


class Fill(_Step):
    """Fill in a field of a widget's form."""

    do: Literal["fill"] = "fill"
    field: str = Field(min_length=1)
    """Its name in the widget."""
    text: str
    """What to put into it."""


class Answer(_Step):
    """Answer the questions that the backend asks (``structured_input``), one after the other."""

    short: ClassVar[str] = "answers"
    do: Literal["answer"] = "answer"
    answers: Annotated[list[str], Field(min_length=1), OneOrMore()]
    """For each question an option's value or a text of one's own; an empty text skips it."""


class Choose(_Step):
    """Choose a tool or a model in the composer."""

    short: ClassVar[str] = "label"
    do: Literal["choose"] = "choose"
    label: str = Field(min_length=1)
    """Its label in the page's options."""


class Dictate(_Step):
    """Speak into the composer; the browser's microphone beeps once a second (Chromium only)."""

    short: ClassVar[str] = "ms"
    do: Literal["dictate"] = "dictate"
    ms: int = Field(default=500, ge=100, le=60_000)
    """For how long, in ms."""


class Rename(_Step):
    """Open the history, give a thread another title, and go back to the chat."""

    do: Literal["rename"] = "rename"
    thread: str = Field(min_length=1)
    """Its title; one without is called `New thread`."""
    title: str = Field(min_length=1)
    """The new title."""


class Delete(_Step):
    """Open the history, delete a thread, and go back to the chat."""

    short: ClassVar[str] = "thread"
    do: Literal["delete"] = "delete"
    thread: str = Field(min_length=1)
    """Its title; one without is called `New thread`."""


Operate = Press | Attach | Fill | Answer | Choose | Dictate | Rename | Delete
"""The steps that use a control of the component."""
Step = Annotated[Send | Click | Reload | CallMethod | Operate, Field(discriminator="do")]
