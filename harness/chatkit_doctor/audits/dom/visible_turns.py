"""What every symptom's audit asks for first: states that a person could see, turns that came to an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import NotApplicable, NotTestable
from chatkit_doctor.recording.entries import ComponentEvent, FetchCall, RequestAsked, RequestSent
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message, messages
from chatkit_doctor.recording.views.timeline import TEXTLESS_KINDS, Step, Timeline, timeline
from chatkit_doctor.vocabulary import STREAMING_OPS

REQUESTS: Final = (RequestAsked, RequestSent, FetchCall)
"""Where a request that leaves the component can be seen."""

NO_ANSWER: Final = frozenset({"progress-update", "workflow", "task"})
"""Assistant items that tell of work being done and are no answer by themselves."""

REPLY_KINDS: Final = frozenset({"assistant-message", "widget"} | TEXTLESS_KINDS)
"""Items that stay once they are shown. Others, such as progress, come and go as part of a good turn."""

ANIMATION_MS: Final = 1_000.0
"""How long the component may take to fade items in or to bring its start screen back (measured: up to 0.8 s;
next to nothing with reduced motion)."""


def watched(recording: Recording) -> Timeline:
    """The timeline, if a person's view of it is known to the end. Raises NotTestable."""
    line = recording.derive(timeline)
    if not line.painted:
        raise NotTestable("no painted state of the transcript was recorded")
    if line.capped_ms is not None:
        raise NotTestable(
            f"the limit of the recording dropped what was on screen after {line.capped_ms:.0f} ms"
        )
    return line


def ended_turns(recording: Recording) -> tuple[Step, ...]:
    """The turns whose end was seen. Raises NotTestable, and NotApplicable when no message was sent."""
    line = watched(recording)
    turns = tuple(turn for turn in line.turns if turn.over)
    if not turns:
        raise NotApplicable("no message was sent" if not line.turns else "no turn came to its end")
    for turn in turns:
        if turn.limit == "settle":
            raise NotTestable(f"turn {turn.turn} still changed when the time limit “settle” was reached")
        if still_animating(recording, turn):
            raise NotTestable(f"turn {turn.turn} was over before the component's animations were")
    return turns


def still_animating(recording: Recording, turn: Step) -> bool:
    """Whether a turn's last state may only be a moment of an animation."""
    browser = recording.header.browser
    if browser is None or not browser.motion:
        return False
    last = recording.derive(timeline).before(turn.until_ms)
    if last is None or turn.until_ms - last.t >= ANIMATION_MS:
        return False
    return last.view == "blank" or any(item.text.strip() and not item.shown for item in last.items)


def users_of(recording: Recording, turn: Step) -> Iterator[Message]:
    """The messages of the person that appeared in a turn, painted or not."""
    return (m for m in recording.derive(messages) if m.turn == turn.turn and m.kind == "user-message")


def answers_of(recording: Recording, turn: Step) -> Iterator[Message]:
    """The assistant's items that appeared in a turn, a person could see, and count as an answer."""
    return (
        message
        for message in recording.derive(messages)
        if message.turn == turn.turn
        and message.role == "assistant"
        and message.kind not in NO_ANSWER
        and message.painted
    )


def left_component(recording: Recording, turn: Step) -> bool:
    """Whether anything shows that the component took a turn's message and acted on it."""
    asked = (e.t for e in recording.of(*REQUESTS) if e.data.op in STREAMING_OPS)
    started = (e.t for e in recording.of(ComponentEvent) if e.data.name == "response.start")
    return any(turn.holds(t) for t in (*asked, *started))
