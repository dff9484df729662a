"""From the steps of a stream to its messages: whose text each step is, and when each message is over."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.protocol.correction.steps import (
    Delta,
    Ended,
    Failed,
    FullText,
    PassThrough,
    Started,
    Step,
    Working,
)
from chatkit_doctor.protocol.payload import JsonObject

_REPEATED_WITHIN: Final = 50
"""Messages back in which a repeated text is looked for: no stream costs more than its length."""


@dataclass(slots=True)
class Part:
    """One part of a message: its place, its text in the pieces it came in, and what annotates it."""

    index: int
    pieces: list[str] = field(default_factory=list)
    annotations: tuple[JsonObject, ...] = ()

    @property
    def text(self) -> str:
        """All of it so far."""
        self.pieces = ["".join(self.pieces)]
        return self.pieces[0]


@dataclass(slots=True)
class Message:
    """One message of the assistant, in the order in which they begin."""

    number: int
    """From 0."""
    parts: dict[Hashable, Part] = field(default_factory=dict)
    key: str = ""
    ended: bool = False

    @property
    def said(self) -> bool:
        """Whether it has any text: only then it is one that a user could read."""
        return any(piece for part in self.parts.values() for piece in part.pieces)


@dataclass(frozen=True, slots=True)
class TextAdded:
    """More text of a message: of its part with this index."""

    message: Message
    part: int
    text: str


Moment = TextAdded | Working | Failed | PassThrough


@dataclass(slots=True)
class ReplyStream:
    """What a stream says: its moments in order, and the messages they add up to."""

    moments: list[Moment] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    """For each moment the number of the step that brought it, from 0."""
    messages: list[Message] = field(default_factory=list)
    keys: dict[str, Message] = field(default_factory=dict)
    """The message known by each id of the stream; of several under one id the last."""


def assemble(steps: Iterable[Step]) -> ReplyStream:
    """The story of a stream.

    Protocols repeat themselves: a text comes in deltas, then whole with its part, its item and the response.
    What is known already is not told again, whether or not it comes under the same id.
    """
    story = ReplyStream()
    for number, step in enumerate(steps):
        match step:
            case Started(key):
                _begin(story, key)
            case Delta(text, key, part) if text:
                _add(story, _of_delta(story, key), part, text)
            case FullText(text) if text:
                _whole(story, step)
            case Ended(key):
                if (message := story.keys.get(key) if key else _current(story)) is not None:
                    message.ended = True
            case Working() | Failed() | PassThrough():
                story.moments.append(step)
            case _:
                pass
        story.steps += [number] * (len(story.moments) - len(story.steps))
    return story


def _begin(story: ReplyStream, key: str) -> Message:
    current = story.keys.get(key) if key else _current(story)
    if current is not None and not current.said and not current.ended:
        return current
    message = Message(len(story.messages), key=key)
    story.messages.append(message)
    if key:
        story.keys[key] = message
    return message


def _current(story: ReplyStream) -> Message | None:
    """The message being told: the last one, as long as it is not over."""
    return story.messages[-1] if story.messages and not story.messages[-1].ended else None


def _of_delta(story: ReplyStream, key: str) -> Message:
    current = _current(story)
    if key and (known := story.keys.get(key)) is not None and not known.ended:
        return known
    if current is not None and (not key or not current.key):
        return _named(story, current, key)
    return _begin(story, key)


def _whole(story: ReplyStream, step: FullText) -> None:
    known, current = story.keys.get(step.key) if step.key else None, _current(story)
    if known is not None and (step.revised or not known.ended):
        _complete(story, known, step)
        return
    # The same text again, in the event that sums up, is nothing new: under any id.
    latest = story.messages[-_REPEATED_WITHIN:]
    if any(part.text == step.text for message in latest for part in message.parts.values()):
        if current is not None and step.key:
            _named(story, current, step.key)
        return
    if known is None and current is not None and (not current.key or not step.key or _grows(current, step)):
        _complete(story, _named(story, current, step.key), step)
        return
    _complete(story, _begin(story, step.key), step)


def _named(story: ReplyStream, message: Message, key: str) -> Message:
    if key:
        message.key = message.key or key
        story.keys.setdefault(key, message)
    return message


def _grows(message: Message, step: FullText) -> bool:
    """Whether a whole text under another id is the one that was begun under the message's own."""
    part = message.parts.get(step.part)
    return not message.said or (part is not None and step.text.startswith(part.text))


def _complete(story: ReplyStream, message: Message, step: FullText) -> None:
    before = message.parts[step.part].text if step.part in message.parts else ""
    if step.text.startswith(before):
        _add(story, message, step.part, step.text[len(before) :])
    else:
        message.parts[step.part].pieces = [step.text]
    if step.annotations:
        message.parts[step.part].annotations = step.annotations


def _add(story: ReplyStream, message: Message, part: Hashable, text: str) -> None:
    kept = message.parts.setdefault(part, Part(len(message.parts)))
    if text:
        kept.pieces.append(text)
        story.moments.append(TextAdded(message, kept.index, text))
