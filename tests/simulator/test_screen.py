"""Which states of the simulated component an animation frame catches."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatkit_doctor.component.picture import BLANK, START, Element, Picture
from chatkit_doctor.recording.entries import DomState
from chatkit_doctor.recording.entries.dom import TextDelta
from chatkit_doctor.simulator.screen import Screen


@dataclass
class Written:
    """The entries of a screen."""

    states: list[tuple[float, DomState]] = field(default_factory=list)

    def __call__(self, state: DomState, t: float) -> None:
        self.states.append((t, state))

    @property
    def by(self) -> list[tuple[float, str, str]]:
        """Time, observer and view of each."""
        return [(t, state.by, state.view) for t, state in self.states]


def saying(text: str) -> Picture:
    """A thread with one message in it."""
    return Picture("thread", True, (Element("1", "assistant", "assistant-message", text),))


def test_a_state_that_lasts_until_the_next_frame_is_seen() -> None:
    written = Written()
    screen = Screen(written)
    screen.show(START, 10)
    screen.show(BLANK, 20)
    assert screen.rest() == BLANK
    assert written.by == [(16, "frame", "start"), (32, "frame", "blank")]


def test_a_state_between_two_frames_is_in_the_dom_and_never_seen() -> None:
    written = Written()
    screen = Screen(written)
    screen.show(START, 17)
    screen.show(BLANK, 20)
    screen.rest()
    assert written.by == [(17, "mutation", "start"), (32, "frame", "blank")]


def test_a_text_that_grows_faster_than_frames_come_is_seen_in_each_of_them() -> None:
    written = Written()
    screen = Screen(written)
    for number in range(1, 33):
        screen.show(saying("x" * number), number)
    screen.rest()
    assert [t for t, _ in written.states] == [16, 32]
    assert [state.items[0].text for _, state in written.states] == [
        TextDelta(keep=0, add="x" * 16),
        TextDelta(keep=16, add="x" * 16),
    ]


def test_what_stays_as_it_is_is_written_once() -> None:
    written = Written()
    screen = Screen(written)
    for t in (0, 100, 200):
        screen.show(START, t)
        screen.rest()
    assert len(written.states) == 1


def test_characters_beyond_the_basic_plane_count_as_two() -> None:
    written = Written()
    screen = Screen(written)
    screen.show(saying("🙂"), 0)
    screen.show(saying("🙂!"), 20)
    screen.rest()
    assert written.states[-1][1].items[0].text == TextDelta(keep=2, add="!")
