"""The component's chat: what is sent, what streams in, and the state that follows.

The rules are measured (see docs/chatkit-behaviour.md) and those of ``static/reference/frame/chat.js``. What a
wrong shape does to the screen is looked up in ``component.strictness``.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from chatkit_doctor.component.picture import BLANK, Picture, picture_of
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.strictness import PANEL_CRASHES, SKIPPED, TURN_CRASHES, event_violations
from chatkit_doctor.component.thread import ALERT, HandlerError, Item, Thread
from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import JsonObject, parse_json

_HANDLING: Final = "Error handling thread event"
_BREAKING: Final = frozenset({TURN_CRASHES, PANEL_CRASHES, SKIPPED})
_CHECKED: Final = frozenset({"thread.item.added", "thread.item.done", "thread.item.replaced"})


class Listener(Protocol):
    """Told what comes of the chat, each with its time in ms."""

    def changed(self, chat: Chat, t: float) -> None:
        """The state may look different from now on."""

    def said(self, name: str, detail: object, t: float) -> None:
        """A public event of the component, without ``chatkit.`` in front."""

    def complained(self, text: str, t: float) -> None:
        """An error in the console."""


@dataclass(slots=True)
class Response:
    """One streaming request. ``created``: its thread is known; ``astray``: its events go to another one."""

    is_new: bool
    created: bool
    astray: bool = False
    calls_tool: bool = False


class Chat:
    """What the component holds between two loads of its page."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self.thread: Thread | None = None
        self.response: Response | None = None
        self._toast = ("", 0.0)
        self._is_dead = False

    @property
    def waits_for_tool(self) -> bool:
        """Whether the page has to answer a client tool before anything goes on."""
        return self.response is not None and self.response.calls_tool

    @property
    def responding(self) -> bool:
        """Whether the component waits for something."""
        return self.response is not None

    def open(self, thread: Thread | None, t: float) -> None:
        """A thread as it was read from the backend, or the start screen."""
        self.thread = thread
        if thread is not None:
            for key, item in list(thread.items.items()):
                self._break({"type": "thread.item.done", "item": item.value}, key)
        self.draw(t)

    def draw(self, t: float) -> None:
        """Show the state as it is."""
        self._listener.changed(self, t)

    def say(self, content: object, t: float) -> None:
        """The person sends a message."""
        is_new = self.thread is None
        self.thread = self.thread or Thread(None)
        self.thread.send(content)
        self.begin(Response(is_new=is_new, created=not is_new), t)

    def begin(self, response: Response, t: float) -> None:
        """A streaming request leaves."""
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
        if not response.calls_tool:
            self.response = None
        if response.created and self.thread is not None:
            self.thread.settle()
        elif not response.created:
            self.thread = None
            self.emit("thread.change", {"threadId": None}, t)
        self.draw(t)
        self.emit("response.end", None, t)

    def stop(self) -> None:
        """The person stopped the response: what has come so far stays, as if it were complete."""
        for item in self.thread.items.values() if self.thread is not None else ():
            item.done = True

    def settle_again(self, t: float) -> None:
        """A response that is still waited for is given up, as by a person who goes on all the same."""
        if self.response is not None:
            self.response.astray = self.response.calls_tool = False
            self.settle(t)

    def emit(self, name: str, detail: object, t: float) -> None:
        """A public event of the component."""
        self._listener.said(name, detail, t)

    def error(self, name: str, message: str, t: float) -> None:
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
                message = event.get("message")
                retry = bool(event.get("allow_retry"))
                self._report(
                    message if isinstance(message, str) and message else RULES.texts.failed, retry=retry, t=t
                )
            elif kind == "thread.created":
                self._adopt(response, event, t)
            elif response.created and not response.astray and self.thread is not None:
                self._change(response, self.thread, event, t)
        except HandlerError as error:
            self._complain(f"Error: {error}", t)

    def _adopt(self, response: Response, event: JsonObject, t: float) -> None:
        """The first announcement adopts the temporary thread; a later one begins anew, or leads elsewhere."""
        thread_id = member(event, "thread").get("id")
        if thread_id is None or self.thread is None:
            return
        if not response.created:
            response.created = True
            self.thread.id = thread_id
            self.draw(t)
            # An id that is no string fails here: the thread works, the page never hears of it.
            if isinstance(thread_id, str) and not thread_id.startswith("client_"):
                self.emit("thread.change", {"threadId": thread_id}, t)
        elif response.is_new and thread_id == self.thread.id:
            self.thread = Thread(thread_id)
            self.draw(t)
        elif response.is_new:
            response.astray = True

    def _change(self, response: Response, thread: Thread, event: JsonObject, t: float) -> None:
        kind = type_of(event)
        key = thread.apply(event)
        if key in thread.items and (kind in _CHECKED or kind == "thread.item.updated"):
            self._break(event, key)
        if kind == "notice":
            self._alert(dict(event), t)
        elif kind == "client_effect":
            self.emit("effect", {"name": event.get("name"), "data": event.get("data")}, t)
        elif kind in {"thread.item.added", "thread.item.done"}:
            response.calls_tool |= type_of(member(event, "item")) == "client_tool_call" and _is_pending(event)
        self.draw(t)

    def _break(self, event: JsonObject, key: Hashable) -> None:
        """What the component cannot draw takes its turn with it, or the whole panel."""
        effects = _effects(event)
        self._is_dead |= PANEL_CRASHES in effects
        turn = self.thread.turn_of(key) if self.thread is not None else None
        if TURN_CRASHES in effects and turn is not None:
            turn.crashed = True

    def _report(self, message: str, *, retry: bool, t: float) -> None:
        """Tell of an error: in the turn where there is one, else over the composer."""
        self.error("StreamError", message, t)
        if self.response is not None and self.response.created:
            self._alert({"type": "error", "message": message, "retry": retry}, t)
        else:
            self._toast = (message, t)

    def _alert(self, value: dict[str, Any], t: float) -> None:
        if self.thread is not None:
            self.thread.drop({ALERT})
            self.thread.put(("alert", t), Item(ALERT, value))
            self.draw(t)

    def _complain(self, text: str, t: float) -> None:
        self._listener.complained(f"{_HANDLING} {text}", t)

    def picture(self, t: float) -> Picture:
        """What a person sees at a moment, in ms."""
        if self._is_dead:
            return BLANK
        text, since = self._toast
        toast = text if t < since + RULES.toast_ms else ""
        return picture_of(self.thread, responding=self.responding, toast=toast)


def _effects(event: JsonObject) -> frozenset[str]:
    return frozenset(problem.effect for problem in event_violations(event)) & _BREAKING


def _is_pending(event: JsonObject) -> bool:
    return bool(member(event, "item").get("status", "pending") == "pending")
