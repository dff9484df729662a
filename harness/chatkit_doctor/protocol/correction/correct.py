"""The very stream a backend should have sent for a conversation, made from the one it did send."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from chatkit_doctor.protocol.correction import chatkit, frameworks, openai, untyped
from chatkit_doctor.protocol.correction.assemble import (
    Message,
    Moment,
    Part,
    ReplyStream,
    TextAdded,
    assemble,
)
from chatkit_doctor.protocol.correction.steps import (
    Delta,
    Failed,
    PassThrough,
    Reader,
    Step,
    Working,
    failure,
    string,
    text_in,
)
from chatkit_doctor.protocol.dialects import Frame, claim, recognise
from chatkit_doctor.protocol.events import ITEM_EVENTS, member, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.protocol.schema import check_event
from chatkit_doctor.vocabulary import TURN_OPS

READERS: Final[Mapping[str, Reader]] = {**openai.READERS, **frameworks.READERS, **untyped.READERS}
"""For each dialect, by its id, what a frame of it says."""

SAMPLE_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The time on items of a stream that nobody timed."""

UNKNOWN_MESSAGE: Final = "(the user's message)"
"""Stands for a message of which the request says nothing, as when only the answer was saved."""

_THREAD: Final = "thr_1"
_PART: Final = "assistant_message.content_part"
_LOOSE: Final = untyped.READERS.keys()


def corrected(
    frames: Sequence[Frame], *, op: str, request: object, turn: int = 1, at: datetime = SAMPLE_TIME
) -> list[JsonObject]:
    """The events to send in place of a stream in another protocol, or of one that speaks ChatKit badly.

    ``op`` is the operation that was answered and ``request`` its body, from which the user's message and
    the thread come. ``turn`` counts the messages of the conversation from 1: it keeps the ids of its streams
    apart. ``at`` is the time on everything that has one. What is ChatKit already and well-formed stays as it
    was; what cannot be said in ChatKit, such as reasoning, is left out. Without a word of a reply in the
    stream there is none in the answer.
    """
    return [event for event, _ in corrected_from(frames, op=op, request=request, turn=turn, at=at)]


def corrected_from(
    frames: Sequence[Frame], *, op: str, request: object, turn: int = 1, at: datetime = SAMPLE_TIME
) -> list[tuple[JsonObject, int | None]]:
    """The same events, each with the frame that it is made of: its place in ``frames``.

    What opens a stream belongs to the frame that says it already; None where none does.
    """
    came_with: list[int] = []
    replies = assemble(_steps(frames, came_with))
    writer = _Writer(_thread_id(frames, request), turn, at, replies)
    opening = [(event, _said_by(frames, event)) for event in writer.opening(op, request)]
    return [*opening, *((event, came_with[replies.steps[moment]]) for event, moment in writer.events())]


def _said_by(frames: Sequence[Frame], event: JsonObject) -> int | None:
    """The frame that says what an event of the opening does, be it in other words."""
    wanted = _says(event)
    return next((place for place, frame in enumerate(frames) if _says(frame.object) == wanted), None)


def _says(event: JsonObject) -> tuple[str, str]:
    return type_of(event), type_of(member(event, "item"))


def as_sse(events: Sequence[JsonObject]) -> bytes:
    """The events as server-sent events: the body of the answer, byte by byte."""
    return b"".join(
        f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode(errors="replace") for event in events
    )


def added_text(frame: Frame) -> Delta | None:
    """The piece of text that a frame of another protocol brings; None where it brings anything else."""
    claimed = None if chatkit.is_own(frame) else claim(frame)
    match list(READERS[claimed[0].id](frame)) if claimed is not None else []:
        case [Delta(text=text) as delta] if text:
            return delta
        case _:
            return None


def _steps(frames: Sequence[Frame], came_with: list[int]) -> Iterator[Step]:
    """The steps of all frames; the place of the frame that each is from is added to ``came_with``."""
    foreign = recognise(frames)
    spoken = foreign.dialect.id if foreign is not None else ""
    known = chatkit.known_ids(frames)
    for place, frame in enumerate(frames):
        for step in _steps_of(frame, spoken, known):
            came_with.append(place)
            yield step


def _steps_of(frame: Frame, spoken: str, known: frozenset[str]) -> Iterator[Step]:
    claimed = claim(frame)
    if chatkit.is_own(frame):
        yield from chatkit.read(frame.object, known)
    elif claimed is None:
        yield from [failure(frame.object)] if _reports_error(frame) else []
    elif _counts(claimed[0].id, spoken):
        yield from READERS[claimed[0].id](frame)


def _counts(dialect: str, spoken: str) -> bool:
    """Whether an event of a dialect says something in a stream that speaks another: strays do not."""
    if dialect in {spoken, "chatkit-invented"}:
        return True
    return spoken not in {"", *_LOOSE} and dialect not in _LOOSE


def _reports_error(frame: Frame) -> bool:
    return frame.name == "error" or bool(frame.object.get("error"))


def _thread_id(frames: Sequence[Frame], request: object) -> str:
    """The thread the request names; else the one the stream announces, in ChatKit or nearly so."""
    if asked := string(_params(request).get("thread_id")):
        return asked
    announced = (
        member(frame.object, "thread") or frame.object
        for frame in frames
        if "thread.created" in {frame.type, frame.name}
    )
    return next((found for thread in announced if (found := string(thread.get("id")))), _THREAD)


def _params(request: object) -> JsonObject:
    return member(request, "params") if isinstance(request, Mapping) else {}


class _Writer:
    """Writes a story as ChatKit events of one thread."""

    def __init__(self, thread_id: str, turn: int, at: datetime, story: ReplyStream) -> None:
        self._thread_id = thread_id
        self._turn = turn
        self._at = at.isoformat()
        self._story = story
        self._last = {m.message.number: n for n, m in enumerate(story.moments) if isinstance(m, TextAdded)}
        said = (message.number for message in story.messages if message.said)
        self._places = {number: place for place, number in enumerate(said, start=1)}
        self._begun: set[int] = set()
        self._parts: set[tuple[int, int]] = set()

    def opening(self, op: str, request: object) -> Iterator[dict[str, Any]]:
        """What every stream begins with: a new thread's announcement, the user's own message."""
        if op == "threads.create":
            thread = {"id": self._thread_id, "created_at": self._at, "status": {"type": "active"}}
            yield {
                "type": "thread.created",
                "thread": {**thread, "metadata": {}, "items": {"data": [], "has_more": False}},
            }
        if op in TURN_OPS:
            asked = member(_params(request), "input")
            parts = asked.get("content")
            texts = [text_in(part) for part in (parts if isinstance(parts, list) else [])]
            said = [text for text in texts if text] or [UNKNOWN_MESSAGE]
            content = [{"type": "input_text", "text": text} for text in said]
            item = self._item(f"msg_user_{self._turn}", "user_message", content)
            quoted = {"quoted_text": asked["quoted_text"]} if string(asked.get("quoted_text")) else {}
            yield _done(item | {"attachments": [], **quoted, "inference_options": {}})

    def events(self) -> Iterator[tuple[JsonObject, int]]:
        """The rest: what the stream says, each message finished as soon as all of it was said.

        Each event comes with the number of the moment that it is about.
        """
        for number, moment in enumerate(self._story.moments):
            for event in self._moment(number, moment):
                yield event, number

    def _moment(self, number: int, moment: Moment) -> Iterator[JsonObject]:
        match moment:
            case TextAdded(message, part, text):
                yield from self._told(message, part, text)
                if self._last[message.number] == number:
                    yield from self._finished(message)
            case Working(text) if not self._begun:
                # Once a reply is on screen a progress line would stand below it.
                yield {"type": "progress_update", "text": text}
            case Failed(message=said):
                reported = {"message": said} if said else {}
                code = "custom" if said else "stream.error"
                yield {"type": "error", "code": code, **reported, "allow_retry": True}
            case PassThrough(event):
                yield from self._passed(event)
            case _:
                pass

    def _told(self, message: Message, part: int, text: str) -> Iterator[dict[str, Any]]:
        if message.number not in self._begun:
            self._begun.add(message.number)
            item = self._item(self._id(message), "assistant_message", [])
            yield {"type": "thread.item.added", "item": item}
        # Parts are numbered as they appear, so that none is left out between two.
        if (message.number, part) not in self._parts:
            self._parts.add((message.number, part))
            yield self._update(message, "added", part, content=_part(Part(part)))
        yield self._update(message, "text_delta", part, delta=text)

    def _finished(self, message: Message) -> Iterator[dict[str, Any]]:
        parts = [_part(part) for part in message.parts.values()]
        for index, part in enumerate(parts):
            yield self._update(message, "done", index, content=part)
        yield _done(self._item(self._id(message), "assistant_message", parts))

    def _passed(self, event: JsonObject) -> Iterator[JsonObject]:
        kind, item = type_of(event), member(event, "item")
        if kind in ITEM_EVENTS and item:
            given = {"thread_id": self._thread_id, "created_at": self._at}
            event = {**event, "item": {**given, **item, "thread_id": self._thread_id}}
        if kind == "thread.item.removed":
            message = self._story.keys.get(string(event.get("item_id")))
            event = {**event, "item_id": self._id(message)} if message is not None else event
        if not check_event(event):
            yield event

    def _update(self, message: Message, kind: str, index: int, **fields: object) -> dict[str, Any]:
        update = {"type": f"{_PART}.{kind}", "content_index": index, **fields}
        return {"type": "thread.item.updated", "item_id": self._id(message), "update": update}

    def _id(self, message: Message) -> str:
        place = self._places.get(message.number, 1)
        return f"msg_reply_{self._turn}" + (f"_{place}" if place > 1 else "")

    def _item(self, item_id: str, kind: str, content: list[dict[str, Any]]) -> dict[str, Any]:
        base = {"id": item_id, "thread_id": self._thread_id, "created_at": self._at, "type": kind}
        return {**base, "content": content}


def _done(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "thread.item.done", "item": item}


def _part(part: Part) -> dict[str, Any]:
    checked = [each for each in part.annotations if _is_annotation(each)]
    return {"type": "output_text", "text": part.text, "annotations": checked}


def _is_annotation(annotation: JsonObject) -> bool:
    update = {"type": f"{_PART}.annotation_added", "content_index": 0, "annotation_index": 0}
    event = {"type": "thread.item.updated", "item_id": "x", "update": {**update, "annotation": annotation}}
    return not check_event(event)
