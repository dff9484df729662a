"""Putting the recorded states together again."""

from __future__ import annotations

import pytest

from chatkit_doctor.recording.entries.dom import Speaker
from chatkit_doctor.recording.views.timeline import Item, timeline
from tests.recordings import entry, item, opened, recording, reloaded, reply, send, state, step, user


def texts_of(*deltas: tuple[int, str] | None) -> list[str]:
    """The text of one element after each of these deltas."""
    states = []
    for place, delta in enumerate(deltas):
        element = item(1, "assistant-message")
        if delta is None:
            del element["text"]
        else:
            element["text"] = {"keep": delta[0], "add": delta[1]}
        states.append(state(100.0 + place, element))
    return [s.items[0].text for s in timeline(recording(*states)).states]


def test_text_grows_by_its_deltas() -> None:
    assert texts_of((0, "Good"), (4, " day"), None) == ["Good", "Good day", "Good day"]


def test_a_delta_that_keeps_nothing_replaces_the_text() -> None:
    assert texts_of((0, "Good"), (0, "Bad")) == ["Good", "Bad"]


def test_what_a_delta_keeps_is_counted_as_a_browser_counts_it() -> None:
    # "👋" is two UTF-16 units and one Python character.
    assert texts_of((0, "👋 hi"), (5, "!")) == ["👋 hi", "👋 hi!"]


def test_an_element_that_comes_back_starts_without_text() -> None:
    bare = {**item(1, "assistant-message"), "text": {"keep": 4, "add": "new"}}
    line = timeline(recording(state(1, reply(1, "Good")), state(2), state(3, bare)))
    assert line.states[-1].items[0].text == "new"


def test_states_of_both_kinds_are_in_order_and_only_frames_count_as_painted() -> None:
    line = timeline(recording(state(20, by="frame"), state(10, by="mutation")))
    assert [(s.t, s.painted) for s in line.states] == [(10, False), (20, True)]
    assert [s.t for s in line.painted] == [20]


@pytest.mark.parametrize(
    ("kind", "turn", "role"),
    [
        ("user-message", "user", "user"),
        ("assistant-message", "user", "assistant"),
        ("widget", "assistant", "assistant"),
        ("attachment", "user", "user"),
        ("widget", None, "assistant"),
    ],
)
def test_an_item_speaks_for_whom_its_kind_says(kind: str, turn: Speaker | None, role: Speaker) -> None:
    assert Item("1", turn, kind, "", shown=True).role == role


def test_a_step_lasts_until_the_next_and_settles_over_the_calls_of_the_page() -> None:
    line = timeline(
        recording(
            opened(),
            send(100, "Hi", until=200),
            step(300, "call", index=5, until=350, method="setThreadId"),
            send(400, "Again", turn=2, until=500),
        )
    )
    first = line.turns[0]
    assert (first.until_ms, first.settled_ms) == (300, 400)
    assert [turn.turn for turn in line.turns] == [1, 2]


def test_a_step_without_an_end_is_not_over() -> None:
    line = timeline(recording(send(100, "Hi", until=None), finished=False))
    assert not line.turns[0].over


def test_a_turn_is_under_way_until_the_next_step() -> None:
    line = timeline(recording(opened(), send(100, "Hi", until=200), reloaded(300)))
    assert [line.turn_at(t) for t in (50, 100, 250, 310)] == [None, 1, 1, None]


def test_a_reload_begins_another_document() -> None:
    line = timeline(recording(opened(), state(60, user(1, "Hi")), reloaded(100, user(1, "Hi"))))
    assert [s.document for s in line.painted] == [1, 1, 1, 2, 2]


def test_a_frame_that_is_taken_away_leaves_nothing_on_screen() -> None:
    gone = entry(200, "frame", "frame.detached", url="https://cdn.test/chatkit/index.html")
    line = timeline(recording(opened(), gone))
    assert (line.painted[-1].view, line.painted[-1].empty) == ("absent", True)


def test_a_frame_that_another_one_has_come_for_is_no_loss() -> None:
    url = "https://cdn.test/chatkit/index.html"
    other = entry(150, "frame", "frame.document", url=url, status=200, error="")
    late = entry(250, "frame", "frame.detached", url=url)
    line = timeline(recording(opened(), other, state(200, view="start"), late))
    assert line.painted[-1].view == "start"
    last = entry(300, "frame", "frame.detached", url=url)
    assert timeline(recording(opened(), other, late, last)).painted[-1].view == "absent"


def test_a_frames_end_that_the_browser_tells_late_lies_before_what_the_next_frame_shows() -> None:
    url = "https://cdn.test/chatkit/index.html"
    gone = entry(250, "frame", "frame.detached", url=url)
    other = entry(252, "frame", "frame.document", url=url, status=200, error="")
    line = timeline(recording(opened(), gone, other, state(200, view="start")))
    assert [s.view for s in line.painted][-2:] == ["absent", "start"]


def test_a_frame_that_goes_with_its_page_is_no_loss() -> None:
    gone = entry(105, "frame", "frame.detached", url="https://cdn.test/chatkit/index.html")
    line = timeline(recording(opened(), reloaded(100), gone))
    assert "absent" not in [s.view for s in line.painted]


def test_a_frame_that_goes_while_the_page_still_opens_is_gone() -> None:
    gone = entry(60, "frame", "frame.detached", url="https://cdn.test/chatkit/index.html")
    line = timeline(recording(opened(), gone))
    assert line.painted[-1].view == "absent"


@pytest.mark.parametrize(
    ("view", "options", "empty"),
    [
        ("blank", {}, True),
        ("start", {}, False),
        ("thread", {}, True),
        ("thread", {"responding": True}, False),
        ("blank", {"alerts": [("error", "It failed")]}, False),
    ],
)
def test_a_panel_is_empty_when_it_shows_nothing_at_all(
    view: str, options: dict[str, object], empty: bool
) -> None:
    line = timeline(recording(state(1, view=view, **options)))  # type: ignore[arg-type]
    assert line.painted[0].empty is empty


def test_a_thread_of_hidden_items_is_empty() -> None:
    line = timeline(recording(state(1, user(1, "Hi", shown=False))))
    assert line.painted[0].empty


def test_the_state_before_a_moment_is_the_last_painted_one() -> None:
    line = timeline(recording(state(10), state(20, by="mutation"), state(30)))
    assert [s and s.t for s in (line.before(10), line.before(25), line.before(99))] == [None, 10, 30]


@pytest.mark.parametrize("of", ["dom.state", "entries of https://cdn.test"])
def test_states_that_a_limit_dropped_are_known_to_be_missing(of: str) -> None:
    line = timeline(recording(opened(), entry(70, "page", "session.capped", of=of)))
    assert line.capped_ms == 70


@pytest.mark.parametrize("of", ["wire.chunk", "entries of http://localhost:1"])
def test_a_limit_on_other_entries_drops_no_states(of: str) -> None:
    assert timeline(recording(opened(), entry(70, "page", "session.capped", of=of))).capped_ms is None
