"""Where the screen that was recorded parts from the one that the simulated component shows.

The two are laid side by side in the order of what the component had been given, and not by the clock: a real
one takes its time to draw.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.protocol.events import type_of
from chatkit_doctor.recording.reader import Recording, received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.recording.views.exchanges import Received, streams
from chatkit_doctor.recording.views.timeline import State, timeline
from chatkit_doctor.simulator.screen import FRAME_MS
from chatkit_doctor.simulator.simulate import simulate

_LASTING_MS: Final = 300.0
"""What is seen for less is the component's own way from one screen to the next."""
_PACE_MS: Final = 2 * FRAME_MS
"""From one event to the next in the simulation, so that each is drawn."""
_MOST_EVENTS: Final = 2_000
_MOST_BYTES: Final = 1024 * 1024
_MOST_ITEMS: Final = 6
"""Messages of one screen that are named, the last ones."""


@dataclass(frozen=True, slots=True)
class Parting:
    """The first entry of the recording whose screen the simulation does not show."""

    n: int
    """The entry, by its number in the journal."""
    t_ms: float
    event: str
    """The event after which it was seen, in words; empty before the first one of its turn."""
    seen: str
    """What was on screen."""
    simulated: str
    """What the simulated component shows when it has been given as much, or from then on."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A screen, and how many events of its turn the component had been given by then."""

    state: State
    given: int


@dataclass(frozen=True, slots=True)
class _Turn:
    """What was seen from one message to the next."""

    moments: tuple[_Moment, ...]
    received: tuple[Received, ...]


def parting(observed: Recording, simulated: Recording) -> Parting | None:
    """Where two recordings of the same answers part first; None where they show the same throughout."""
    pairs = list(zip(_turns(observed), _turns(simulated), strict=False))
    ends = (_parted(one, other) for one, other in pairs if not _ends_alike(one, other))
    passing = (_passing(one, other) for one, other in pairs)
    # What is another screen for good says more than one that passed, be it later.
    return next((found for found in (*ends, *passing) if found is not None), None)


def parting_from_model(recording: Recording) -> Parting | None:
    """Where a recording parts from what the simulated component makes of its conversation, if it does.

    None as well for a conversation that takes too long to simulate event by event.
    """
    conversation = conversation_of(recording)
    bodies = [call.body for call in conversation.calls]
    if sum(body.count(b"data:") for body in bodies) > _MOST_EVENTS or sum(map(len, bodies)) > _MOST_BYTES:
        return None
    # In memory: what was received may hold secrets.
    return parting(recording, received(simulate(conversation, None, Redactor(), pace_ms=_PACE_MS)))


def _turns(recording: Recording) -> Iterator[_Turn]:
    """What comes before the first message, and then each turn."""
    line = recording.derive(timeline)
    begins = [turn.begin_ms for turn in line.turns]
    events = sorted((each for stream in streams(recording) for each in stream.received), key=lambda e: e.t)
    for begin, end in pairwise([0.0, *begins, line.end_ms]):
        received = tuple(event for event in events if begin <= event.t < end)
        times = [event.t for event in received]
        states = line.between(begin, end)
        yield _Turn(tuple(_Moment(state, bisect_right(times, state.t)) for state in states), received)


def _ends_alike(one: _Turn, other: _Turn) -> bool:
    """Whether two turns end with the same screen. Of one in which nothing changed nothing can be said."""
    if not one.moments or not other.moments:
        return True
    return _is_same(one.moments[-1].state, other.moments[-1].state)


def _parted(seen: _Turn, model: _Turn) -> Parting:
    """The first screen of a turn from which on it was no longer that of the simulation, up to its end."""
    unlike = set(_unlike(seen, model))
    last = len(seen.moments) - 1
    first = last
    while first > 0 and first in unlike and first - 1 in unlike:
        first -= 1
    return _at(seen, model, first)


def _passing(seen: _Turn, model: _Turn) -> Parting | None:
    """The first screen that the simulation never shows, of a turn that ends as it should."""
    states = [moment.state for moment in seen.moments]
    lasted = [later.t - state.t for state, later in pairwise(states)]
    first = next((at for at in _unlike(seen, model) if at < len(lasted) and lasted[at] >= _LASTING_MS), None)
    return None if first is None else _at(seen, model, first)


def _unlike(seen: _Turn, model: _Turn) -> Iterator[int]:
    """The places of screens that the simulation does not show, with no more events than they had."""
    reached = 0
    for at, moment in enumerate(seen.moments):
        if _fades_in(moment.state):
            continue
        match = next(
            (
                place
                for place in range(reached, len(model.moments))
                if model.moments[place].given <= moment.given
                and _is_on_the_way(moment.state, model.moments[place].state)
            ),
            None,
        )
        if match is None:
            yield at
        else:
            reached = match


def _at(seen: _Turn, model: _Turn, place: int) -> Parting:
    moment = seen.moments[place]
    shown = [each for each in model.moments if each.given <= moment.given]
    last = seen.received[moment.given - 1] if moment.given else None
    event = f"event {moment.given} ({_name(last)})" if last is not None else ""
    screen = shown[-1].state if shown else model.moments[0].state
    if _is_same(moment.state, screen):
        # Nothing came any more, and much was to come.
        screen = model.moments[-1].state
    return Parting(moment.state.n, moment.state.t, event, _words(moment.state), _words(screen))


def _name(event: Received) -> str:
    return type_of(event.payload.value or {}) or str(event.payload.kind)


def _fades_in(state: State) -> bool:
    """Whether something is in the transcript that styles do not let be seen yet, as when it fades in."""
    return state.view == "thread" and any(not item.shown for item in state.items)


def _is_same(one: State, other: State) -> bool:
    return _shows(one) == _shows(other)


def _shows(state: State) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """What a user sees of a state. White space is not compared: how blocks lie is the rendering's."""
    view = "blank" if state.view == "absent" else state.view
    items = tuple((item.role, _bare(item.text)) for item in state.shown if item.shows_something)
    return view, items, tuple(alert.kind for alert in state.alerts)


def _is_on_the_way(seen: State, model: State) -> bool:
    """Whether a screen is what the simulation shows, with a text that has not grown quite as far."""
    view, items, alerts = _shows(seen)
    other_view, others, other_alerts = _shows(model)
    if (view, len(items), alerts) != (other_view, len(others), other_alerts):
        return False
    *before, last = [*zip(items, others, strict=True)] or [(("", ""), ("", ""))]
    (role, text), (other_role, whole) = last
    # While it grows it is shown as it was written or as it will look.
    is_prefix = _letters(whole).startswith(_letters(text)) or _letters(text).startswith(_letters(whole))
    return all(one == other for one, other in before) and role == other_role and is_prefix


def _bare(text: str) -> str:
    return "".join(text.split())


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _words(state: State) -> str:
    """A screen in words."""
    view, _, _ = _shows(state)
    if view == "start":
        told = ["the start screen"]
    elif view == "blank":
        told = ["a blank panel"]
    else:
        told = _messages(state)
    told += [f"a banner {quoted_message(alert.text)}" for alert in state.alerts]
    return "; ".join(told) or "a thread without messages"


def _messages(state: State) -> list[str]:
    shown: Sequence[str] = [
        f"{item.role}: {quoted_message(item.text) if item.text.strip() else item.kind}"
        for item in state.shown
        if item.shows_something
    ]
    left = len(shown) - _MOST_ITEMS
    return [f"{left} messages above", *shown[-_MOST_ITEMS:]] if left > 0 else list(shown)
