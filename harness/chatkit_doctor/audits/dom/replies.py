"""The replies a backend sent in a turn beside the replies that were on screen at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_doctor.audits.audit import NotTestable
from chatkit_doctor.audits.dom.visible_turns import answers_of, ended_turns
from chatkit_doctor.component.rendered_text import (
    is_beginning,
    is_comparable,
    is_shown_as,
    letters,
    rendered,
)
from chatkit_doctor.protocol.intended_replies import intended_replies
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams
from chatkit_doctor.recording.views.messages import Message
from chatkit_doctor.recording.views.timeline import Step, timeline

SMOOTHING_MS = 1_000.0
"""How far the text on screen may trail the wire while the component is responding (measured: up to 1 s)."""
SHORTEST = 4
"""Letters. Saying “Yes” twice in a turn may be meant."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply on screen at the end of its turn."""

    message: Message
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A reply as it was sent, and what was shown for it, if anything was."""

    sent: str
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class TurnReplies:
    """All replies of one turn. ``annotated`` texts have the labels of their sources in between."""

    turn: Step
    pairs: tuple[Pair, ...]
    annotated: bool
    shown: tuple[Shown, ...]


def compared_turns(recording: Recording) -> tuple[TurnReplies, ...]:
    """Every turn whose end was seen and whose stream could be read, with its replies paired.

    Raises NotTestable when no stream could be read at all, and what :func:`ended_turns` raises.
    """
    return recording.derive(_compared_turns)


def _compared_turns(recording: Recording) -> tuple[TurnReplies, ...]:
    return tuple(_compared(recording))


def _compared(recording: Recording) -> Iterator[TurnReplies]:
    turns = ended_turns(recording)
    sent_events = recording.derive(_sent_events)
    if not any(sent_events.values()):
        raise NotTestable("no event from the backend could be parsed, so there is nothing to compare with")
    for turn in turns:
        # What a button led to after the turn is shown after it, and is no reply to its message.
        mine = [each for each in streams(recording) if each.turn == turn.turn and turn.holds(each.t)]
        events = [sent_events[exchange] for exchange in mine]
        if _still_coming(recording, turn, mine):
            continue
        sent = [text for stream in events for text in intended_replies(stream)]
        shown = tuple(shown_replies(recording, turn))
        annotated = any(_is_annotated(event) for stream in events for event in stream)
        yield TurnReplies(turn, _paired(sent, shown), annotated, shown)


def _sent_events(recording: Recording) -> dict[Exchange, tuple[JsonObject, ...]]:
    return {exchange: _sent(exchange) for exchange in streams(recording)}


def _sent(exchange: Exchange) -> tuple[JsonObject, ...]:
    """What the backend sent: as it was on the wire, or, where that was not seen, as it was handed over."""
    if exchange.last is not None and exchange.last.parsed:
        return exchange.last.values
    return exchange.events


def shown_replies(recording: Recording, turn: Step) -> Iterator[Shown]:
    """The assistant's messages on screen at the end of a turn, which began in it."""
    for message in answers_of(recording, turn):
        text = message.text_at(turn.until_ms)
        if message.kind == "assistant-message" and text.strip() and message.alive_at(turn.until_ms):
            yield Shown(message, text)


def _still_coming(recording: Recording, turn: Step, mine: list[Exchange]) -> bool:
    """Whether text was on its way to the screen when the turn's time limit came."""
    last = recording.derive(timeline).before(turn.until_ms)
    if last is None or not last.responding:
        return False
    arrivals = [entry.t for exchange in mine if exchange.last is not None for entry in exchange.last.parsed]
    return any(turn.until_ms - t < SMOOTHING_MS for t in arrivals)


def _paired(sent: list[str], shown: tuple[Shown, ...]) -> tuple[Pair, ...]:
    """Pair replies by their text, then by their beginning, then by their order."""
    free = list(shown)
    found: dict[int, Shown] = {}
    for fits in (is_shown_as, is_beginning, lambda _sent, _shown: True):
        for place, text in enumerate(sent):
            match = next((s for s in free if place not in found and fits(text, s.text)), None)
            if match is not None:
                found[place] = match
                free.remove(match)
    return tuple(Pair(text, found.get(place)) for place, text in enumerate(sent))


def is_doubled(sent: str, shown: str) -> bool:
    """Whether a text on screen is what was sent, twice over."""
    once = letters(rendered(sent))
    return len(once) >= SHORTEST and letters(shown) == once * 2


def may_differ(pair: Pair, replies: TurnReplies) -> bool:
    """Whether the text on screen cannot be told from what was sent, so that a difference proves nothing."""
    return replies.annotated or not is_comparable(pair.sent)


def _is_annotated(event: JsonObject) -> bool:
    """Whether an event brings annotations: the component writes the names of sources into the text."""
    update = event.get("update")
    if isinstance(update, dict) and str(update.get("type", "")).endswith("annotation_added"):
        return True
    item = event.get("item")
    content = item.get("content") if isinstance(item, dict) else None
    parts = content if isinstance(content, list) else []
    return any(isinstance(part, dict) and bool(part.get("annotations")) for part in parts)
