"""Recognising what a backend speaks when it does not speak ChatKit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.protocol.dialects import (
    ag_ui,
    anthropic_messages,
    assistants,
    chat_completions,
    chatkit_invented,
    custom_json,
    langgraph,
    plain_text,
    realtime,
    responses,
    vercel_ai,
)
from chatkit_doctor.protocol.dialects.dialect import BEGUN, REPLY, USER, Dialect, Frame
from chatkit_doctor.protocol.events import (
    CONTENT_EVENTS,
    EVENT_TYPES,
    SHOWN_REPLY_ITEMS,
    is_bare_item,
    item_of,
    member,
    type_of,
)
from chatkit_doctor.protocol.payload import parse_json

DIALECTS: Final[tuple[Dialect, ...]] = (
    chat_completions.DIALECT,
    assistants.DIALECT,
    realtime.DIALECT,
    responses.DIALECT,
    ag_ui.DIALECT,
    vercel_ai.DIALECT,
    anthropic_messages.DIALECT,
    langgraph.DIALECT,
    chatkit_invented.DIALECT,
    custom_json.DIALECT,
    plain_text.DIALECT,
)
"""Every dialect, in the order in which they may claim an event: the most specific first."""

LOOSE: Final = frozenset({"chatkit-invented", "home-made", "plain-text"})
"""Dialects whose events may also be single strays in a stream that is ChatKit otherwise."""


@dataclass(frozen=True, slots=True)
class ForeignEvent:
    """An event of another protocol: its index in the stream, its name there, and what was meant by it."""

    index: int
    name: str
    meant: str
    """The ChatKit event to send instead, in words; empty where nobody can say."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a stream speaks: the dialect, and its foreign events. ``partly``: only the reply is foreign."""

    dialect: Dialect
    events: tuple[ForeignEvent, ...]
    partly: bool = False

    @property
    def names(self) -> list[str]:
        """The names seen, each once, in order."""
        return list(dict.fromkeys(event.name for event in self.events))

    @property
    def meanings(self) -> list[tuple[str, str]]:
        """Each name with each of its meanings, once, in order."""
        return list(dict.fromkeys((event.name, event.meant) for event in self.events if event.meant))


def recognise(frames: Sequence[Frame]) -> Recognition | None:
    """The foreign dialect of a stream; None when it speaks ChatKit, well or badly, or nothing at all.

    A stream is foreign when none of ChatKit's own events in it carries content, or when it holds no reply
    but several events of another well-known protocol. Strays beside a reply are single unknown events.
    """
    claims = [(index, *found) for index, frame in enumerate(frames) if (found := claim(frame)) is not None]
    if not claims:
        return None
    dialect, count = _commonest([claimed for _, claimed, _ in claims])
    has_content = any(_is_content(frame) for frame in frames)
    if has_content and (dialect.id in LOOSE or count < 2 or any(_is_reply(frame) for frame in frames)):
        return None
    if not has_content and dialect.id in LOOSE and _explained_otherwise(frames, count):
        return None
    events = tuple(ForeignEvent(i, name, _meaning(own, name, frames[i])) for i, own, name in claims)
    return Recognition(dialect, events, partly=has_content)


def recognise_lines(text: str) -> Recognition | None:
    """The dialect of a body that is not an event stream: NDJSON, one JSON document, or Vercel's data
    stream."""
    return recognise(line_frames(text))


def line_frames(text: str) -> list[Frame]:
    """The lines of a body that is not an event stream, at most a thousand, each as if it were an event."""
    frames = []
    for line in text.splitlines()[:1000]:
        if not (bare := line.strip()):
            continue
        try:
            value: object = parse_json(bare)
        except ValueError:
            value = None
        frames.append(Frame("", bare, value))
    return frames


def claim(frame: Frame) -> tuple[Dialect, str] | None:
    """The dialect a single frame belongs to, and its name there. None for ChatKit's own and unknown ones."""
    if frame.type in EVENT_TYPES or is_bare_item(frame.object):
        return None
    for dialect in DIALECTS:
        if name := dialect.own(frame):
            return dialect, name
    return None


def _meaning(dialect: Dialect, name: str, frame: Frame) -> str:
    meant = dialect.chatkit_event(name)
    is_message = meant in {BEGUN, REPLY} or USER in meant
    given = (frame.object.get("role"), member(frame.object, "item").get("role"))
    roles = {role for role in given if isinstance(role, str)}
    if is_message and not roles.isdisjoint({"user", "human"}):
        return USER
    return REPLY if USER in meant and "assistant" in roles else meant


def _commonest(dialects: list[Dialect]) -> tuple[Dialect, int]:
    counts = Counter(dialect.id for dialect in dialects)
    # Of two well-known protocols the one with more events; a loose dialect only where there is no other.
    well_known = {id_: count for id_, count in counts.items() if id_ not in LOOSE} or counts
    best = max(well_known, key=lambda id_: well_known[id_])
    return next(dialect for dialect in dialects if dialect.id == best), counts[best]


def _is_content(frame: Frame) -> bool:
    return frame.type in CONTENT_EVENTS or is_bare_item(frame.object)


def _is_reply(frame: Frame) -> bool:
    event = frame.object
    item = event if is_bare_item(event) else item_of(event)
    if item is not None:
        return type_of(item) in SHOWN_REPLY_ITEMS or type_of(item) == "client_tool_call"
    return type_of(member(event, "update")).startswith("assistant_message.")


def _explained_otherwise(frames: Sequence[Frame], count: int) -> bool:
    """An error the backend reported, with a stray or two beside it, is no dialect."""
    return any(frame.type == "error" for frame in frames) and count < 3
