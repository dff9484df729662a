"""From a scripted answer to what goes over the socket: pieces of bytes, waits, and an ending."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chatkit_doctor.host.body import Ending, Piece, Wait
from chatkit_doctor.host.good_turn import good_turn
from chatkit_doctor.scenario.backend import Answer, Framing
from chatkit_doctor.scenario.frames import (
    Delay,
    End,
    EventFrame,
    Frame,
    GoodTurn,
    NamedFrame,
    RawFrame,
)

_LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a scripted answer may refer to: ``${message}``, ``${thread_id}``, ``${turn}``, ``${op}``."""

    op: str
    message: str
    thread_id: str
    turn: int

    def fill(self, value: Any) -> Any:
        """The value with the names above replaced in every string."""
        if isinstance(value, str):
            for name, text in self.names.items():
                value = value.replace("${" + name + "}", text)
            return value
        if isinstance(value, Mapping):
            return {self.fill(key): self.fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return value

    @property
    def names(self) -> dict[str, str]:
        """The replacements by name."""
        return {"message": self.message, "thread_id": self.thread_id, "turn": str(self.turn), "op": self.op}


def pieces(answer: Answer, facts: RequestFacts) -> Iterator[Piece]:
    """What the socket carries, in order. Always ends with an Ending."""
    framing = answer.framing
    if framing.bom:
        yield b"\xef\xbb\xbf"
    if framing.comments:
        yield f": a comment{_LINE_ENDS[framing.line_end] * 2}".encode()
    if framing.retry:
        yield f"retry: 3000{_LINE_ENDS[framing.line_end] * 2}".encode()
    events = list(_frames(answer.stream or [], facts))
    last = max((i for i, piece in enumerate(events) if isinstance(piece, _Event)), default=-1)
    for index, piece in enumerate(events):
        match piece:
            case _Event():
                yield from _split(
                    _write(piece, framing, index, is_last=index == last), framing.bytes_per_write
                )
            case bytes():
                yield from _split(piece, framing.bytes_per_write)
            case Ending():
                yield piece
                return
            case Wait():
                yield piece
    yield Ending("close")


def events_of(answer: Answer, facts: RequestFacts) -> Iterator[Any]:
    """Only the JSON events of an answer, for what the scripted backend remembers of a thread."""
    return (piece.data for piece in _frames(answer.stream or [], facts) if isinstance(piece, _Event))


@dataclass(frozen=True, slots=True)
class _Event:
    data: Any
    name: str | None = None


def _frames(frames: Iterable[Frame], facts: RequestFacts) -> Iterator[_Event | Piece]:
    for frame in frames:
        match frame:
            case EventFrame():
                yield _Event(facts.fill(frame.event))
            case NamedFrame():
                yield _Event(facts.fill(frame.data), frame.named)
            case RawFrame():
                yield str(facts.fill(frame.raw)).encode()
            case Delay():
                yield Wait(frame.delay_ms)
            case End():
                yield Ending(frame.end)
            case GoodTurn():
                turn = frame.model_copy(update={"reply": facts.fill(frame.reply)})
                for delay, event in good_turn(
                    turn, op=facts.op, thread_id=facts.thread_id, number=facts.turn, message=facts.message
                ):
                    if delay:
                        yield Wait(delay)
                    yield _Event(event)


def _write(event: _Event, framing: Framing, index: int, *, is_last: bool) -> bytes:
    end = _LINE_ENDS[framing.line_end]
    name = event.name or (_type_of(event.data) if framing.event_names else None)
    lines = []
    if name:
        lines.append(f"event: {name}")
    if framing.ids:
        lines.append(f"id: {index}")
    data = event.data if isinstance(event.data, str) else json.dumps(event.data, ensure_ascii=False)
    lines.append(f"{framing.prefix}{data}")
    blank = framing.separator == "blank-line" and (framing.last_blank_line or not is_last)
    return (end.join(lines) + end + (end if blank else "")).encode()


def _type_of(data: Any) -> str | None:
    kind = data.get("type") if isinstance(data, Mapping) else None
    return kind if isinstance(kind, str) else None


def _split(data: bytes, size: int) -> Iterator[bytes]:
    if not size:
        yield data
        return
    for start in range(0, len(data), size):
        yield data[start : start + size]
