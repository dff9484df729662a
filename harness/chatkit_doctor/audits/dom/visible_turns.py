"""What every symptom's audit asks for first: states that a user could see, turns that came to an end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import NotApplicable, NotTestable
from chatkit_doctor.component.rendered_text import letters
from chatkit_doctor.recording.entries import (
    ComponentEvent,
    FetchCall,
    HostedRequest,
    RequestAsked,
    RequestSent,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message, messages
from chatkit_doctor.recording.views.timeline import (
    TEXTLESS_KINDS,
    Step,
    Timeline,
    timeline,
)
from chatkit_doctor.vocabulary import STREAMING_OPS

REQUESTS: Final = (RequestAsked, RequestSent, FetchCall, HostedRequest)
"""Where a request that leaves the component can be seen."""

NO_ANSWER: Final = frozenset({"progress-update", "workflow", "task"})
"""Assistant items that tell of work being done and are no answer by themselves."""

REPLY_KINDS: Final = frozenset({"assistant-message", "widget"} | TEXTLESS_KINDS)
"""Items that stay once they are shown. Others, such as progress, come and go as part of a good turn."""

ANIMATION_MS: Final = 1_000.0
"""How long the component may take to fade items in or to bring its start screen back (measured: up to 0.8 s;
next to nothing with reduced motion)."""

WRITTEN_MS: Final = 1_000.0
"""How long text must not change to be taken for all there is, where nobody waited for that: it is typed out
word by word, and by a busy machine slowly."""

UNDRAWN_MS: Final = 1_000.0
"""A change that no frame shows for so long is no machine without time: frames come every 16 ms."""


def watched(recording: Recording) -> Timeline:
    """The timeline, if a user's view of it is known to the end. Raises NotTestable."""
    line = recording.derive(timeline)
    if not line.painted:
        raise NotTestable("no painted state of the transcript was recorded")
    if line.capped_ms is not None:
        raise NotTestable(f"the recording limit dropped the screen states after {line.capped_ms:.0f} ms")
    return line


def ended_turns(recording: Recording) -> tuple[Step, ...]:
    """The turns whose end was seen. Raises NotTestable, and NotApplicable when no message was sent."""
    line = watched(recording)
    turns = tuple(turn for turn in line.turns if turn.over)
    if not turns:
        raise NotApplicable("no message was sent" if not line.turns else "no turn ended")
    for turn in turns:
        if turn.limit == "settle":
            raise NotTestable(f"turn {turn.turn} was still changing when the time limit “settle” was reached")
        if turn.limit == "turn" and _still_written(line, turn):
            raise NotTestable(f"turn {turn.turn} was still being written when its time limit was reached")
        if still_animating(recording, turn):
            raise NotTestable(f"turn {turn.turn} ended before the component's animations did")
    for turn, since_ms in recording.derive(_undrawn):
        raise NotTestable(
            f"turn {turn.turn} continued unseen: the browser painted no frame of the panel after "
            f"{since_ms:.0f} ms"
        )
    return turns


def _still_written(line: Timeline, turn: Step) -> bool:
    """Whether the answer to a turn was over, and the last of it was not yet seen to be on screen.

    Of one that is not over it is said that it goes on.
    """
    last = line.before(turn.until_ms)
    return last is not None and not last.responding and turn.closed_ms - last.t < WRITTEN_MS


def still_animating(recording: Recording, turn: Step) -> bool:
    """Whether a turn's last state may only be a moment of an animation."""
    browser = recording.header.browser
    if browser is None or not browser.motion:
        return False
    last = recording.derive(timeline).before(turn.until_ms)
    if last is None or turn.until_ms - last.t >= ANIMATION_MS:
        return False
    return last.view == "blank" or any(item.text.strip() and not item.shown for item in last.items)


def _undrawn(recording: Recording) -> tuple[tuple[Step, float], ...]:
    """The turns that changed to their end what no frame showed, and since when (ms).

    The browser draws nothing of a frame that is hidden, and what became of a message there nobody could see.
    """
    line = recording.derive(timeline)
    since = ((turn, _undrawn_since(line, turn)) for turn in line.turns if turn.over)
    return tuple((turn, t) for turn, t in since if t is not None and turn.until_ms - t >= UNDRAWN_MS)


def _undrawn_since(line: Timeline, turn: Step) -> float | None:
    end = bisect_left(line.states, turn.until_ms, key=lambda state: state.t)
    begin = end
    while begin and not line.states[begin - 1].painted and turn.holds(line.states[begin - 1].t):
        begin -= 1
    if begin == end:
        return None
    drawn = line.before(turn.until_ms)
    return None if drawn is not None and line.states[end - 1].looks_like(drawn) else line.states[begin].t


def users_of(recording: Recording, turn: Step) -> Iterator[Message]:
    """The messages of the user that appeared in a turn, painted or not."""
    return (m for m in recording.derive(messages) if m.turn == turn.turn and m.kind == "user-message")


def put_up(recording: Recording, turn: Step) -> tuple[Message, ...]:
    """The user's messages that a turn shown for all that is known: painted, or removed before a frame.

    The component puts a sent message up at once. Whether a frame catches one that is removed again depends
    on the machine, and no answer may.
    """
    return tuple(m for m in users_of(recording, turn) if m.painted or m.vanished_ms is not None)


def came_later(recording: Recording, turn: Step) -> bool:
    """Whether a turn's message was shown after its turn, such as from history."""
    return any(
        m.kind == "user-message" and m.painted and m.turn is None and letters(m.text) == letters(turn.text)
        for m in recording.derive(messages)
        if m.appeared_ms >= turn.until_ms
    )


def answers_of(recording: Recording, turn: Step) -> Iterator[Message]:
    """The assistant's items that appeared in a turn, a user could see, and count as an answer."""
    return (
        message
        for message in recording.derive(messages)
        if message.turn == turn.turn
        and message.role == "assistant"
        and message.kind not in NO_ANSWER
        and message.painted
    )


def overwrites(message: Message, turn: Step) -> bool:
    """Whether a message's text was replaced after its own turn. One that only grew was merely late.

    Questions and their answers are folded up by the component once something follows them (measured).
    """
    before, after = letters(message.text_at(turn.until_ms)), letters(message.text)
    if message.kind == "structured-input" and before.startswith(after):
        return False
    return bool(before and after) and not after.startswith(before)


def left_component(recording: Recording, turn: Step) -> bool:
    """Whether anything shows that the component took a turn's message and acted on it."""
    asked = (e.t for e in recording.of(*REQUESTS) if e.data.op in STREAMING_OPS)
    started = (e.t for e in recording.of(ComponentEvent) if e.data.name == "response.start")
    return any(turn.holds(t) for t in (*asked, *started))
