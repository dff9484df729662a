"""Replies that were shown only once all of their text had come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chatkit_doctor.audits.dom.reply_not_live import AUDIT
from chatkit_doctor.recording.entries import SsePosted, WireEnd
from tests.audits.asking import ask, failures, turns_of
from tests.recordings import (
    Made,
    Part,
    entry,
    flat,
    good_events,
    opened,
    recording,
    reply,
    send,
    state,
    stream,
    user,
)

TEXT = "One two three four five six seven eight nine ten"
BEGIN = 1_000.0
"""When the request is sent; its text comes from 10 ms after it."""


def turn(*states: Part, span: float = 900.0, posted_at: float | None = None) -> list[Part]:
    """A turn whose text takes ``span`` ms on the wire, with the thread painted at its begin."""
    return [
        opened(),
        send(BEGIN - 100, TEXT, until=BEGIN + span + 2_000),
        state(BEGIN + 5, user(1, "Hi"), responding=True),
        stream(BEGIN, good_events("Hi", TEXT, span=span), posted_at=posted_at),
        *states,
    ]


def words(count: int) -> str:
    """The first words of the text."""
    return " ".join(TEXT.split()[:count])


def shown(t: float, count: int) -> Part:
    """The reply on screen with some of its words."""
    return state(t, user(1, "Hi"), reply(2, words(count)))


LATE = [shown(BEGIN + 60, 0), shown(BEGIN + 930, 4), shown(BEGIN + 960, 7), shown(BEGIN + 1_000, 10)]


def test_text_that_comes_over_time_and_is_shown_after_the_last_of_it_is_not_live() -> None:
    (found,) = failures(AUDIT, turn(*LATE))
    assert (found.turn, found.details["pieces"], found.t_ms) == (1, 10, BEGIN + 930)


def test_words_on_screen_before_the_last_piece_are_live() -> None:
    assert not failures(AUDIT, turn(shown(BEGIN + 300, 1), shown(BEGIN + 950, 10)))


def test_text_in_events_that_the_component_does_not_know_is_on_its_way_too() -> None:
    events = [(t, e.get("update", e)) for t, e in good_events("Hi", TEXT, span=900.0)]
    parts = opened(), send(BEGIN - 100, TEXT, until=BEGIN + 3_000), state(BEGIN + 5, user(1, "Hi"))
    assert failures(AUDIT, *parts, stream(BEGIN, events), *LATE)


@pytest.mark.parametrize("named", [{}, {"item_id": "another"}], ids=["no item", "another item"])
def test_text_that_is_not_that_of_the_reply_says_nothing_of_it(named: dict[str, str]) -> None:
    """A reply of a few letters is kept back until it is complete, however much else comes meanwhile."""
    events = good_events("Hi", TEXT, span=900.0)
    own, *others = (n for n, (_, event) in enumerate(events) if "delta" in event.get("update", {}))
    stray = [
        (t, {"type": event["type"], "update": event["update"], **named} if n in others else event)
        for n, (t, event) in enumerate(events)
    ]
    assert events[own] == stray[own]
    parts = opened(), send(BEGIN - 100, TEXT, until=BEGIN + 3_000), state(BEGIN + 5, user(1, "Hi"))
    assert not failures(AUDIT, *parts, stream(BEGIN, stray), shown(BEGIN + 60, 0), shown(BEGIN + 930, 1))


def test_a_fast_stream_is_undecidable() -> None:
    assert not failures(AUDIT, turn(shown(BEGIN + 420, 10), span=350))


def test_two_pieces_may_hold_no_whole_word_before_the_last() -> None:
    text = "Constitutionally-and-institutionally internationalisation-and-localisation"
    parts = opened(), send(BEGIN - 100, "Hi", until=BEGIN + 3_000), state(BEGIN + 5, user(1, "Hi"))
    late = state(BEGIN + 950, user(1, "Hi"), reply(2, text))
    assert not failures(AUDIT, *parts, stream(BEGIN, good_events("Hi", text, span=900)), late)


SHORT = "So it is: yes, it is."


def short(posted_at: float | None = None) -> list[Part]:
    """A turn with a reply of few characters, shown when all of it has come."""
    return [
        opened(),
        send(BEGIN - 100, "Hi", until=BEGIN + 3_000),
        state(BEGIN + 5, user(1, "Hi"), responding=True),
        stream(BEGIN, good_events("Hi", SHORT, span=900), posted_at=posted_at),
        state(BEGIN + 950, user(1, "Hi"), reply(2, SHORT)),
    ]


def test_the_component_itself_keeps_a_short_text_back_until_it_is_complete() -> None:
    assert not failures(AUDIT, short())


def test_a_short_text_that_a_page_hands_over_at_the_end_is_not_live() -> None:
    assert turns_of(failures(AUDIT, short(posted_at=BEGIN + 925))) == [1]


MANY = " ".join(f"word-{number}" for number in range(100))


def fast(pace_ms: float, posted_at: float | None = None) -> list[Part]:
    """A turn with a hundred pieces, shown when all of them have come."""
    span = pace_ms * 100
    return [
        opened(),
        send(BEGIN - 100, "Hi", until=BEGIN + span + 2_000),
        state(BEGIN + 5, user(1, "Hi"), responding=True),
        stream(BEGIN, good_events("Hi", MANY, span=span), posted_at=posted_at),
        state(BEGIN + span + 50, user(1, "Hi"), reply(2, MANY)),
    ]


def test_pieces_that_come_faster_than_two_frames_are_held_up_by_the_component_itself() -> None:
    assert not failures(AUDIT, fast(8))


def test_pieces_that_leave_time_for_words_between_them_are_not() -> None:
    assert turns_of(failures(AUDIT, fast(50))) == [1]


def test_pieces_that_leave_time_for_words_only_where_frames_are_quick_are_held_up_too() -> None:
    frames = [BEGIN + 80 * n for n in range(70)]
    slow = [entry(t, "dom", "dom.stall", ms=80) for t in frames]
    assert not failures(AUDIT, fast(50), slow)
    assert turns_of(failures(AUDIT, fast(50), slow[:10])) == [1]


def slow_at_first(count: int) -> list[Part]:
    """A turn whose first words come at a quarter of a second each, and the others faster than frames."""
    events: list[tuple[float, dict[str, Any]]] = []
    t = 10.0
    for _, event in good_events("Hi", TEXT):
        number = sum("delta" in each.get("update", {}) for _, each in events)
        events.append((t, event))
        t += (
            0.0
            if number == 0 and "delta" not in event.get("update", {})
            else 250.0
            if number < count
            else 8.0
        )
    return [
        opened(),
        send(BEGIN - 100, "Hi", until=BEGIN + t + 2_000),
        state(BEGIN + 5, user(1, "Hi"), responding=True),
        stream(BEGIN, events),
        state(BEGIN + t + 50, user(1, "Hi"), reply(2, TEXT)),
    ]


def test_a_pause_in_which_the_component_keeps_back_all_there_is_leaves_no_time_for_words() -> None:
    assert not failures(AUDIT, slow_at_first(4))


def test_a_pause_with_more_than_it_keeps_back_does() -> None:
    assert turns_of(failures(AUDIT, slow_at_first(5))) == [1]


def test_fast_pieces_that_a_page_hands_over_at_the_end_are_not_live() -> None:
    assert turns_of(failures(AUDIT, fast(8, posted_at=BEGIN + 825))) == [1]


def test_text_that_a_page_hands_over_at_the_end_is_not_live() -> None:
    assert turns_of(failures(AUDIT, turn(*LATE[1:], posted_at=BEGIN + 925))) == [1]


def test_a_thread_that_is_painted_late_shows_its_text_late_by_right() -> None:
    parts = [part for part in turn(*LATE[1:]) if part != state(BEGIN + 5, user(1, "Hi"), responding=True)]
    assert not failures(AUDIT, *parts)


def test_a_script_that_is_loaded_late_excuses_the_component() -> None:
    script = entry(
        BEGIN + 800, "frame", "frame.asset", url="https://cdn.test/lazy.js", status=200, type="script"
    )
    assert not failures(AUDIT, turn(*LATE), script)


def test_a_bubble_that_was_fading_in_excuses_the_component() -> None:
    hidden = state(BEGIN + 60, user(1, "Hi"), reply(2, words(3), shown=False))
    assert not failures(AUDIT, turn(hidden, *LATE[1:]))


def handed_over(*times: float) -> list[Part]:
    """The page's fetch, with the moments at which it hands something to the component."""
    op, body = "threads.create", {"type": "threads.create", "params": {"turn": 1}}
    call = entry(BEGIN, "fetch", "fetch.call", call="1", url="http://localhost:1/chatkit", op=op, body=body)
    return [call, *(entry(t, "fetch", "fetch.chunk", call="1", size=10) for t in times)]


IN_TIME = [BEGIN + 10 + 100 * n for n in range(10)]


def test_a_frame_that_was_busy_while_the_page_had_the_text_proves_nothing() -> None:
    assert not failures(AUDIT, turn(*LATE[1:], posted_at=BEGIN + 925), handed_over(*IN_TIME))


def text_at_once(made: Made) -> Made:
    """An entry as it is where the frame gets what opens the turn at once, and all text at the end."""
    is_text = isinstance(made.data, SsePosted) and made.t > BEGIN + 10
    return replace(made, t=BEGIN + 925) if is_text else made


def test_what_a_busy_frame_got_before_the_text_does_not_make_the_text_come_in_time() -> None:
    parts = [text_at_once(made) for made in flat(turn(*LATE[1:]))]
    assert any(isinstance(made.data, SsePosted) and made.t < BEGIN + 100 for made in parts)
    assert not failures(AUDIT, parts, handed_over(*IN_TIME))


def test_pieces_that_a_busy_page_is_told_of_late_came_before_the_end_of_their_body() -> None:
    parts = [
        replace(made, t=BEGIN + 200) if isinstance(made.data, WireEnd) else made for made in flat(turn(*LATE))
    ]
    assert not failures(AUDIT, parts)


def slowly_received(made: Made) -> Made:
    """An entry as it is where each event takes the frame three times as long as it took the network."""
    return replace(made, t=BEGIN + 3 * (made.t - BEGIN)) if isinstance(made.data, SsePosted) else made


@pytest.mark.parametrize(("handed", "late"), [(IN_TIME, []), ([BEGIN + 925, BEGIN + 926, BEGIN + 927], [1])])
def test_words_that_are_shown_before_a_busy_frame_has_got_the_last_are_live_if_they_were_handed_over_so(
    handed: list[float], late: list[int]
) -> None:
    parts = [slowly_received(made) for made in flat(turn(*LATE[1:]))]
    assert turns_of(failures(AUDIT, parts, handed_over(*handed))) == late


def after_a_wait(wait_ms: float, *, spread_ms: float = 0.0) -> list[Part]:
    """A turn of which nothing comes for a while, and then all of it within a stretch of time."""
    events = good_events("Hi", TEXT)
    pace = spread_ms / (len(events) - 1)
    held = [(wait_ms + number * pace, event) for number, (_, event) in enumerate(events)]
    return [
        opened(),
        send(BEGIN - 100, "Hi", until=BEGIN + 3_000),
        state(BEGIN + 5, user(1, "Hi")),
        stream(BEGIN, held),
        shown(BEGIN + wait_ms + spread_ms - 10, 4),
        shown(BEGIN + wait_ms + spread_ms + 50, 10),
    ]


def test_a_body_that_was_held_back_as_a_whole_is_not_live() -> None:
    (found,) = failures(AUDIT, after_a_wait(1_600, spread_ms=90))
    assert "at once" in found.evidence[1].text


def test_a_body_that_a_busy_page_is_told_of_late_was_not_held_back() -> None:
    parts = [
        replace(made, t=BEGIN + 600) if isinstance(made.data, WireEnd) else made
        for made in flat(after_a_wait(1_600, spread_ms=90))
    ]
    assert not failures(AUDIT, parts)


def test_a_wait_that_a_backend_may_need_holds_nothing_back() -> None:
    assert not failures(AUDIT, after_a_wait(1_400))


def test_what_comes_over_some_time_after_a_long_wait_was_not_held_back() -> None:
    assert not failures(AUDIT, after_a_wait(1_600, spread_ms=120))


def test_a_model_that_thinks_before_it_speaks_holds_nothing_back() -> None:
    events = [(8.0 if n < 2 else 1_800.0, event) for n, (_, event) in enumerate(good_events("Hi", TEXT))]
    parts = opened(), send(BEGIN - 100, "Hi", until=BEGIN + 3_000), state(BEGIN + 5, user(1, "Hi"))
    assert not failures(AUDIT, *parts, stream(BEGIN, events), shown(BEGIN + 1_850, 10))


def test_a_reply_that_was_never_shown_is_another_symptom() -> None:
    assert not failures(AUDIT, turn())


def test_without_the_wire_nobody_knows() -> None:
    made = recording(opened(), send(100, "Hi", until=900), shown(300, 3))
    assert ask(AUDIT, made).status == "not-testable"


def test_a_machine_that_had_no_time_to_paint_excuses_everybody() -> None:
    stall = entry(BEGIN + 900, "dom", "dom.stall", ms=700)
    assert not failures(AUDIT, turn(*LATE), stall)
