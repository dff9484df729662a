"""What a user does with the chat, step by step."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chatkit_doctor.scenario.part import Variant


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


Step = Annotated[Send | Click | Reload | CallMethod, Field(discriminator="do")]
