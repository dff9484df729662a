"""A conversation as the recording that a session with the component would have left: simulated, not seen.

The calls of a ``Conversation`` are walked through in order, and a
simulated component takes what came of them by the measured rules of the real one. The recording has the usual
format, so that every audit and the diagnosis apply to it as they are; its header names the runtime ``model``.
Of the page, the component's frame, the page's own fetch and the pixels it holds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatkit_doctor.component.chat_state import Chat, Response
from chatkit_doctor.component.item import Item
from chatkit_doctor.component.picture import BLANK
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.thread_state import Thread
from chatkit_doctor.conversation.answers import (
    UnreadableError,
    has_no_answer,
    is_retriable,
    is_stream,
    params_of,
)
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.conversation.cors import handed_over, refusal
from chatkit_doctor.protocol.events import item_of, member, text_of, type_of
from chatkit_doctor.protocol.payload import JsonObject, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.entries import SessionBrokeOff, SessionEnded, StepBegin, StepEnd
from chatkit_doctor.recording.entries.session import LimitName, StepKind
from chatkit_doctor.recording.header import Header, RuntimeInfo, TargetInfo
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.clock import Clock, in_order, paced
from chatkit_doctor.simulator.component_writer import ComponentWriter
from chatkit_doctor.simulator.network import WireWriter
from chatkit_doctor.simulator.thread_loader import Reading
from chatkit_doctor.version import __version__
from chatkit_doctor.vocabulary import STREAMING_OPS, TURN_OPS

WHY: Final = (
    "no browser: what the user would see is simulated with the component's measured rules, not observed"
)
SETTLE_MS: Final = 150.0
"""How long after its last change a step counts as over."""
UNKNOWN_TEXT: Final = "(the user's message)"
"""What was typed, where neither the request nor the stream tells."""
TOOL_OPEN: Final = (
    "the stream ends with a client tool call; what follows the tool's output is not in this file"
)
PAGES_OPEN: Final = "the thread has more pages of items, which were not read"


def simulate(
    conversation: Conversation,
    directory: Path | None,
    redactor: Redactor,
    *,
    name: str = "lint",
    pace_ms: float | None = None,
) -> Journal:
    """Make the recording of a conversation, in a folder or in memory alone; its journal, closed.

    With ``pace_ms`` one event follows the other at that pace, whatever times were measured.
    """
    source = "standard input" if conversation.source == "-" else conversation.source
    header = Header(
        tool=__version__,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        name=name,
        title=f"What ChatKit would make of {source}",
        runtime=RuntimeInfo(name="model", why=WHY),
        target=TargetInfo(kind=conversation.kind, url=conversation.source, notes=tuple(conversation.notes)),
    )
    journal = Journal(directory or Path(), redactor, header, is_written=directory is not None, at_once=False)
    end_ms: float | None = None
    try:
        end_ms = _Session(conversation, journal, pace_ms).run()
    finally:
        # Its own time, and no processor's: the same conversation is answered alike, however long this takes.
        journal.close(finished=end_ms is not None, t=end_ms)
    return journal


@dataclass(slots=True)
class _Step:
    index: int
    do: StepKind
    turn: int | None
    begin: float
    limit: LimitName | None = None
    """Why the step does not end; None when it does."""
    missing: str = ""
    """What is not known of the step, so that nobody can say what a user would see at its end."""


class _Session:
    def __init__(self, conversation: Conversation, journal: Journal, pace_ms: float | None) -> None:
        calls = [call for call in conversation.calls if not call.probe]
        self._probes = [call for call in conversation.calls if call.probe]
        self._last = next((call for call in conversation.calls if call.died), None)
        if conversation.kind != "url":
            calls = [handed_over(call) for call in calls]
        is_timed = conversation.timed and pace_ms is None
        self._calls = list(in_order(calls) if is_timed else paced(calls, pace_ms))
        self._is_alone = conversation.kind == "stream"
        self._journal = journal
        self._clock = Clock()
        self._writer = WireWriter(journal, self._clock.at)
        self._component = ComponentWriter(journal)
        self._screen = self._component.screen
        self._chat = Chat(self._component)
        self._step: _Step | None = None
        self._steps = 0
        self._turns = 0
        self._tried: list[tuple[Call, str]] = []
        """The attempts of the request that the component is still repeating, with their nonce."""
        self._reading: Reading | None = None

    def run(self) -> float:
        """All calls, in order; returns when the session ends, in ms."""
        self._begin("open", None)
        self._chat.emit("ready", None, self._clock.now)
        for call in self._calls:
            if call.op in STREAMING_OPS:
                self._stream(call)
            else:
                self._plain(call)
        self._end()
        for call in self._probes:
            self._writer.tried(call)
        if self._last is not None:
            self._writer.died(self._last)
        view = self._screen.rest() or BLANK
        self._journal.add(SessionEnded(state=view.view), t=self._clock.now)
        return self._clock.now

    # Steps

    def _begin(self, do: StepKind, call: Call | None, *, turn: int | None = None, text: str = "") -> float:
        """A step that leads to a call; returns when it begins."""
        self._end()
        t = self._clock.next_step(call) if call is not None else self._clock.now
        self._step = _Step(self._steps, do, turn, t)
        self._steps += 1
        self._journal.add(StepBegin(index=self._step.index, do=do, turn=turn, text=text), t=t)
        if do in {"open", "reload"}:
            self._screen.show(BLANK, t)
            self._screen.rest()
            self._chat = Chat(self._component)
            self._chat.draw(t)
        return t

    def _end(self) -> None:
        step = self._step
        if step is None:
            return
        self._finish_reading()
        self._tried = []
        self._screen.rest()
        if self._is_alone and self._chat.waits_for_tool:
            step.missing = TOOL_OPEN
        elif self._reading is not None and not self._reading.is_endless:
            step.missing = PAGES_OPEN
        self._step = self._reading = None
        t = self._clock.now + SETTLE_MS
        self._clock.now = t
        if step.missing:
            # A step without an end is not judged.
            self._journal.add(SessionBrokeOff(reason=step.missing), t=t)
            return
        self._journal.add(
            StepEnd(
                index=step.index,
                do=step.do,
                turn=step.turn,
                outcome="limit" if step.limit else "settled",
                limit=step.limit,
                waited_ms=round(t - step.begin, 1),
            ),
            t=t,
        )

    # Requests that stream

    def _stream(self, call: Call) -> None:
        nonce = self._again(call)
        if nonce is None:
            self._start(call)
            nonce = self._writer.ask(call)
        self._writer.exchange(call, nonce, self._chat.receive)
        end = self._clock.at(call.ended_ms)
        if is_retriable(call) and len(self._tried) + 1 < RULES.requests.attempts:
            self._tried.append((call, nonce))
            self._limit("turn")
        elif call.unread and self._step is not None:
            self._step.missing = f"{call.op} was not read completely: {call.unread}"
        elif has_no_answer(call) or (is_stream(call) and call.how == "open" and not refusal(call)):
            self._limit("turn")
        else:
            self._tried = []
            self._limit("turn" if self._over(call, end) else None)

    def _over(self, call: Call, t: float) -> bool:
        """The request is over; returns whether the component goes on waiting anyway."""
        if refusal(call) or call.status is None or (is_stream(call) and call.how == "cut"):
            self._chat.fail(None, t)
        elif not is_stream(call):
            self._chat.fail(call.status, t)
        elif call.how == "aborted":
            self._chat.stop()
        self._chat.settle(t)
        return self._chat.response is not None and not self._chat.waits_for_tool

    def _again(self, call: Call) -> str | None:
        """The nonce of the request that this call repeats; None for a new one."""
        if not self._tried:
            return None
        last, nonce = self._tried[-1]
        return nonce if (last.op, last.url, last.request) == (call.op, call.url, call.request) else None

    def _start(self, call: Call) -> None:
        """What the user did that led to a request."""
        self._finish_reading()
        if call.op not in TURN_OPS and not self._turns:
            self._go_on(call)
            return
        if call.op == "threads.add_client_tool_output":
            self._chat.begin(Response(), self._clock.at(call.t_ms))
            return
        self._end()
        self._chat.settle_again(self._clock.now)
        if call.op not in TURN_OPS:
            self._click(call)
            return
        params = params_of(call)
        content, text = _message(call, params)
        if call.op == "threads.create" and self._chat.thread is not None:
            # The user began a new chat: what was on screen before is another page's affair.
            self._begin("open", call)
        self._turns += 1
        t = self._begin("send", call, turn=self._turns, text=text)
        if call.op == "threads.add_user_message" and self._chat.thread is None:
            self._chat.thread = Thread(params.get("thread_id"))
        self._chat.say(content, t)

    def _go_on(self, call: Call) -> None:
        """The conversation was seen from the middle of a turn on: its message had been there before."""
        self._turns += 1
        t = self._begin("send", call, turn=self._turns, text=UNKNOWN_TEXT)
        thread = self._chat.thread = self._chat.thread or Thread(params_of(call).get("thread_id"))
        content = [{"type": "input_text", "text": UNKNOWN_TEXT}]
        thread.put(
            UNKNOWN_TEXT,
            Item("user_message", {"type": "user_message", "content": content, "attachments": []}),
        )
        self._chat.begin(Response(), t)

    def _click(self, call: Call) -> None:
        params = params_of(call)
        t = self._begin("click", call)
        thread = self._chat.thread = self._chat.thread or Thread(params.get("thread_id"))
        if call.op == "threads.retry_after_item":
            thread.cut_after(params.get("item_id"))
        elif call.op == "threads.add_structured_input":
            thread.answer(params.get("item_id"), member(params, "input"))
        self._chat.begin(Response(), t)

    def _limit(self, name: LimitName | None) -> None:
        if self._step is not None:
            self._step.limit = name

    # Requests that are answered with one document

    def _plain(self, call: Call) -> None:
        is_read = call.op == "threads.get_by_id"
        if is_read:
            self._finish_reading()
        is_fresh = call.reload and (self._step is None or self._step.do != "reload")
        if is_fresh:
            self._begin("reload", call)
        elif is_read and not call.reload and self._turns:
            self._other_thread(call)
        if is_read:
            thread_id = params_of(call).get("thread_id")
            self._chat.emit("thread.load.start", {"threadId": thread_id}, self._clock.at(call.t_ms))
            self._reading = Reading(thread_id)
        if is_fresh:
            self._chat.emit("ready", None, self._clock.at(call.t_ms))
        self._writer.exchange(call, self._writer.ask(call), lambda _data, _t: None)
        if is_read or call.op == "items.list":
            self._page(call)

    def _other_thread(self, call: Call) -> None:
        """The thread on screen is read again (``fetchUpdates``), or another one is opened."""
        shown = self._chat.thread
        is_shown = shown is not None and shown.id == params_of(call).get("thread_id")
        self._begin("call" if is_shown else "open", call)

    def _page(self, call: Call) -> None:
        if self._reading is not None:
            self._reading.take(call)
            if self._reading.is_whole:
                self._finish_reading()

    def _finish_reading(self) -> None:
        """Show the thread that was read, unless pages of it are still missing."""
        reading, t = self._reading, self._clock.now
        if reading is None or not reading.is_whole:
            return
        self._reading = None
        before = self._chat.thread
        try:
            self._chat.open(reading.thread(), t)
        except UnreadableError as error:
            self._chat.emit("thread.load.end", {"threadId": reading.thread_id}, t)
            if before is None:
                text = f"Failed to load initial thread: {error}"
                self._chat.error("InitialThreadLoadError", text, t)
                self._chat.emit("thread.change", {"threadId": None}, t)
        else:
            self._chat.emit("thread.load.end", {"threadId": reading.thread_id}, t)
        self._chat.draw(t)


def _message(call: Call, params: JsonObject) -> tuple[object, str]:
    """What was sent: its content, and its text."""
    content = member(params, "input").get("content")
    if isinstance(content, list):
        return content, text_of({"type": "user_message", "content": content})
    text = _confirmed(call) or UNKNOWN_TEXT
    return [{"type": "input_text", "text": text}], text


def _confirmed(call: Call) -> str:
    """The text of the first user message in a stream."""
    for event in parse(call.body)[0]:
        item = item_of(read_payload(event.data).value or {})
        if item is not None and type_of(item) == "user_message" and (text := text_of(item)):
            return text
    return ""
