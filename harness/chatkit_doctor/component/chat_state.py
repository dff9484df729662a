"""The component's chat: what is sent, what streams in, and the state that follows.

The rules are measured (see docs/chatkit-behaviour.md) and those of ``static/reference/frame/chat.js``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

from chatkit_doctor.component.javascript import UNDEFINED, ThrownError, get, is_nullish, truthy
from chatkit_doctor.component.picture import BLANK, Picture, picture_of
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.thread_state import Thread
from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import JsonObject, parse_json

_HANDLING: Final = "Error handling thread event"


class Listener(Protocol):
    """Told what results from the chat, each with its time in ms."""

    def changed(self, chat: Chat, t: float, /) -> None:
        """The state may look different from now on."""

    def said(self, name: str, detail: object, t: float, /) -> None:
        """A public event of the component, without ``chatkit.`` in front."""

    def complained(self, text: str, t: float, /) -> None:
        """An error in the console."""


@dataclass(slots=True)
class Response:
    """One streaming request and what its events have done to it.

    ``creates``: it is to begin a thread; ``created``: its thread is known; ``confirms``: it answers a
    message; ``nameless``: its thread was announced with an id that counts as none; ``astray``: its events go
    to a thread that there is not; ``lost``: the start screen is back.
    """

    creates: bool = False
    created: bool = True
    confirms: bool = False
    nameless: bool = False
    astray: bool = False
    lost: bool = False
    tool_calls: int = 0
    """Client tools that were called, whose output is still to be sent."""


class Chat:
    """What the component holds between two loads of its page."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self.thread: Thread | None = None
        self.response: Response | None = None
        self._toast: tuple[object, float] = ("", 0.0)
        self._is_dead = False

    @property
    def waits_for_tool(self) -> bool:
        """Whether the page has to answer a client tool before anything goes on."""
        return self.response is not None and self.response.tool_calls > 0

    @property
    def responding(self) -> bool:
        """Whether the component waits for something: for a stream, or for answers to its questions."""
        is_streaming = self.response is not None and not self.response.lost
        return is_streaming or (self.thread is not None and self.thread.asked is not None)

    def open(self, thread: Thread | None, t: float) -> None:
        """A thread as it was read from the backend, or the start screen."""
        self.thread = thread
        self.draw(t)

    def draw(self, t: float) -> None:
        """Show the state as it is."""
        self._listener.changed(self, t)

    def say(self, content: object, t: float) -> None:
        """The user sends a message."""
        is_new = self.thread is None
        self.thread = self.thread or Thread(None)
        self.thread.send(content)
        self.begin(Response(creates=is_new, created=not is_new, confirms=True), t)

    def begin(self, response: Response, t: float) -> None:
        """A streaming request leaves. What was called for before and not answered yet is still waited for."""
        if self.waits_for_tool and self.response is not None:
            response.tool_calls += self.response.tool_calls - 1
            response.astray = self.response.astray
        if self.thread is not None:
            self.thread.alert = None
        self.response = response
        self.draw(t)
        self.emit("response.start", None, t)

    def receive(self, data: str, t: float) -> None:
        """One event of the stream, as its text."""
        if data == "" or self.response is None:
            return
        try:
            event = parse_json(data)
        except ValueError as error:
            self.error("StreamEventParsingError", f"Failed to parse stream event: {error}", t)
            return
        if isinstance(event, dict):
            self.take(event, t)
        elif event is None:
            self._complain("TypeError: Cannot read properties of null (reading 'type')", t)

    def fail(self, status: int | None, t: float) -> None:
        """The request failed: by its status (silent but for 429), or on its way (None)."""
        if status is None:
            self._report(RULES.texts.failed, retry=True, t=t)
        elif status == RULES.requests.too_many:
            self._toast = (RULES.texts.too_many, t)

    def settle(self, t: float) -> None:
        """The stream has ended, however it ended: what it did not confirm goes."""
        response = self.response
        if response is None or response.astray:
            return
        if response.lost:
            self.response = None
            return
        if not response.tool_calls:
            self.response = None
        if response.created and self.thread is not None:
            self.thread.settle()
        elif not response.created:
            self.thread = None
            self.emit("thread.change", {"threadId": None}, t)
        self.draw(t)
        self.emit("response.end", None, t)

    def stop(self) -> None:
        """The user stopped the response: what has come so far stays, as if it were complete."""
        for item in self.thread.items.values() if self.thread is not None else ():
            item.done = True
            item.growing_parts.clear()

    def settle_again(self, t: float) -> None:
        """A response that is still waited for is abandoned, as by a user who goes on anyway."""
        if self.response is not None:
            self.response.astray, self.response.tool_calls = False, 0
            self.settle(t)

    def emit(self, name: str, detail: object, t: float) -> None:
        """A public event of the component."""
        self._listener.said(name, detail, t)

    def error(self, name: str, message: object, t: float) -> None:
        """The public event for an error."""
        self.emit("error", {"error": {"name": name, "message": message}}, t)

    def take(self, event: JsonObject, t: float) -> None:
        """One event of the stream."""
        response = self.response
        if response is None:
            return
        try:
            kind = type_of(event)
            if kind == "error":
                self._report(_error_text(event), retry=truthy(event.get("allow_retry")), t=t)
            elif kind == "thread.created":
                self._announced(response, event, t)
            elif response.created:
                self._change(response, event, t)
        except ThrownError as error:
            self._complain(str(error), t)
        except RecursionError:
            self._complain("RangeError: Maximum call stack size exceeded", t)

    def _announced(self, response: Response, event: JsonObject, t: float) -> None:
        """The first announcement adopts the temporary thread; a later one restarts, or leads elsewhere."""
        thread_id = get(get(event, "thread"), "id")
        if self.thread is None or (response.created and not response.creates):
            return
        if not response.created and (is_nullish(thread_id) or thread_id == "" or response.nameless):
            # The start screen is back at once, and what still comes goes to nothing.
            self.thread, response.lost = None, True
            self.emit("thread.change", {"threadId": None}, t)
            self.draw(t)
            self.emit("response.end", None, t)
            return
        if not response.created and not truthy(thread_id):
            response.nameless = True
            return
        if not response.created:
            response.created = True
            self.thread.id = thread_id
            self.thread.apply(event, confirms=True)
            self.draw(t)
            # An id that is not a string fails here: the thread works, the page never learns of it.
            if isinstance(thread_id, str) and not thread_id.startswith("client_"):
                self.emit("thread.change", {"threadId": thread_id}, t)
        elif thread_id == self.thread.id:
            response.astray = False
            self.thread = self.thread.begun_anew()
            self.draw(t)
        else:
            response.astray = True

    def _change(self, response: Response, event: JsonObject, t: float) -> None:
        kind = type_of(event)
        thread = self.thread if not response.astray else None
        if thread is not None:
            thread.apply(event, confirms=response.confirms)
        if kind == "notice" and thread is not None:
            # An error that stands there already is not taken back by it.
            thread.alert = thread.alert if _is_error(thread.alert) else dict(event)
        elif kind == "stream_options" and truthy(member(event, "stream_options").get("allow_cancel")):
            # What can be stopped is looked up by the thread's id, which fails for what is not a text.
            self._is_dead |= thread is not None and not isinstance(thread.id, str | None)
        elif kind == "client_effect":
            self.emit("effect", {"name": event.get("name"), "data": event.get("data")}, t)
        elif kind in {"thread.item.added", "thread.item.done"}:
            response.tool_calls += get(get(event, "item"), "type") == "client_tool_call"
        self.draw(t)

    def _report(self, message: object, *, retry: bool, t: float) -> None:
        """Tell of an error: in the thread where there is one, else over the composer.

        One that has nothing to say takes no other's place (measured).
        """
        self.error("StreamError", message, t)
        if not truthy(message):
            return
        if self.response is not None and self.response.created and self.thread is not None:
            self.thread.alert = {"type": "error", "message": message, "retry": retry}
            self.draw(t)
        else:
            self._toast = (message, t)

    def _complain(self, text: str, t: float) -> None:
        self._listener.complained(f"{_HANDLING} {text}", t)

    def picture(self, t: float) -> Picture:
        """What a user sees at a moment, in ms. What cannot be drawn stays so, permanently."""
        text, since = self._toast
        toast = text if isinstance(text, str) and t < since + RULES.toast_ms else ""
        if not self._is_dead:
            try:
                return picture_of(self.thread, responding=self.responding, toast=toast)
            except (ThrownError, RecursionError):
                self._is_dead = True
        return BLANK


def _error_text(event: JsonObject) -> object:
    """What an error says; one of a code that the component does not know says nothing by itself."""
    message, code = event.get("message"), event.get("code")
    has_words = not truthy(code) or (isinstance(code, str) and code in RULES.error_codes)
    return message if truthy(message) or not has_words else RULES.texts.failed


def _is_error(alert: dict[str, Any] | None) -> bool:
    return alert is not None and alert.get("type", UNDEFINED) != "notice"
