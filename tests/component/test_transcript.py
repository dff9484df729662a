"""The transcript a correct client must show, by the component's own rules."""

from __future__ import annotations

import pytest

from chatkit_doctor.component.transcript import transcript
from tests.chatkit_events import (
    ANSWER,
    HELLO,
    Event,
    added,
    created,
    delta,
    done,
    good,
    item,
    part,
    removed,
    reply,
    streamed,
    updated,
    user,
    without,
)

FIRST = [created(), done(user())]


def shown(*streams: list[Event], new_thread: bool = True) -> list[tuple[str, str]]:
    """Role and text of every message."""
    return [(m.role, m.text) for m in transcript(streams, new_thread=new_thread).items]


def test_a_good_turn_shows_both_sides() -> None:
    assert shown(good()) == [("user", HELLO), ("assistant", ANSWER)]


def test_two_good_turns_show_in_order_with_their_turns() -> None:
    messages = transcript([good(), good("Sure.", "And now?", turn=2)]).items
    assert [(m.turn, m.text) for m in messages] == [(1, HELLO), (1, ANSWER), (2, "And now?"), (2, "Sure.")]


def test_without_thread_created_nothing_is_shown() -> None:
    assert transcript([good()[1:]]).thread_id is None
    assert shown(good()[1:]) == []


@pytest.mark.parametrize("thread", [{"id": None}, {"created_at": "2026-01-01"}])
def test_a_thread_without_an_id_is_not_adopted(thread: Event) -> None:
    assert shown([{"type": "thread.created", "thread": thread}, *good()[1:]]) == []


def test_what_comes_before_thread_created_is_skipped() -> None:
    assert shown([done(user()), created(), *streamed()]) == [("assistant", ANSWER)]


def test_a_second_thread_created_empties_a_new_thread() -> None:
    assert shown([created(), done(user()), created(), *streamed()]) == [("assistant", ANSWER)]


def test_thread_created_in_a_later_turn_is_ignored() -> None:
    second = [created("other"), done(user("And now?", "u2"))]
    assert shown(good(), second)[-1] == ("user", "And now?")
    assert transcript([good(), second]).thread_id == "thr_1"


def test_a_later_item_takes_the_place_of_one_with_its_id() -> None:
    assert shown(good(), [done(user("Two", "u2")), done(reply("Other", "a1"))]) == [
        ("user", HELLO),
        ("assistant", "Other"),
        ("user", "Two"),
    ]


def test_items_without_an_id_share_one_place() -> None:
    assert shown([created(), done(without(user(), "id")), done(without(reply(), "id"))]) == [
        ("assistant", ANSWER)
    ]


def test_a_number_and_its_digits_are_one_id() -> None:
    events = [*FIRST, added(reply("", 5, content=[])), part("5"), delta("found", "5")]
    assert shown(events)[-1] == ("assistant", "found")


def test_deltas_show_without_a_final_item() -> None:
    assert shown([*FIRST, *streamed()[:-2]])[-1] == ("assistant", ANSWER)


def test_deltas_need_their_content_part() -> None:
    assert shown([*FIRST, added(reply(content=[])), delta("lost")])[-1] == ("assistant", "")


def test_a_content_part_may_have_any_index_and_its_digits() -> None:
    events = [*FIRST, added(reply(content=[])), part(index="1"), delta("text", index=1)]
    assert shown(events)[-1] == ("assistant", "text")


def test_an_absurd_index_takes_no_memory() -> None:
    assert shown([*FIRST, added(reply(content=[])), part(index=10**12)])[-1] == ("assistant", "")


def test_a_final_item_replaces_what_was_streamed() -> None:
    assert shown([*FIRST, *streamed()[:-1], done(reply(content=[]))])[-1] == ("assistant", "")


def test_updates_of_unknown_items_do_nothing() -> None:
    assert shown([*FIRST, part("x"), delta("lost", "x")]) == [("user", HELLO)]


def test_a_removed_item_is_gone() -> None:
    assert shown([*good(), removed("a1")]) == [("user", HELLO)]


def test_a_replaced_item_changes_only_where_it_is_known() -> None:
    assert shown([*good(), {"type": "thread.item.replaced", "item": reply("New")}])[-1] == (
        "assistant",
        "New",
    )
    assert shown([*FIRST, {"type": "thread.item.replaced", "item": reply("New")}]) == [("user", HELLO)]


def test_items_of_unknown_and_hidden_types_are_not_shown() -> None:
    assert shown([*FIRST, done(item("text")), done(item("hidden_context_item", "h", content="x"))]) == [
        ("user", HELLO)
    ]


def test_widgets_are_shown_as_the_assistants() -> None:
    messages = transcript([[*FIRST, done(item("widget", widget={"type": "Card"}))]]).items
    assert [(m.role, m.kind) for m in messages] == [("user", "user_message"), ("assistant", "widget")]


def test_an_error_event_ends_nothing() -> None:
    assert shown([*FIRST, {"type": "error"}, *streamed()])[-1] == ("assistant", ANSWER)


def test_events_of_a_known_thread_need_no_announcement() -> None:
    assert shown(good()[1:], new_thread=False) == [("user", HELLO), ("assistant", ANSWER)]


@pytest.mark.parametrize("index", [0, 0.0, "0"])
def test_a_part_is_found_however_its_number_is_written(index: object) -> None:
    assert transcript([[*FIRST, *streamed()[:1], part(index=index), delta("Hi", index=index)]]).texts(
        "assistant"
    ) == ["Hi"]


@pytest.mark.parametrize("index", [-1, 0.5, float("inf"), None, True, "x", 10**9])
def test_a_number_that_is_none_is_no_part(index: object) -> None:
    assert transcript([[*FIRST, *streamed()[:2], delta("Hi", index=index)]]).texts("assistant") == [""]


def test_a_character_that_comes_in_halves_is_one_again() -> None:
    events = [*FIRST, *streamed()[:2], delta("Hi \ud83d"), delta("\ude00")]
    assert transcript([events]).texts("assistant") == ["Hi 😀"]


@pytest.mark.parametrize(
    "odd", [{}, {"type": 5}, {"type": "thread.item.done", "item": []}, updated({}, None)]
)
def test_odd_events_change_nothing(odd: Event) -> None:
    assert shown([*good(), odd]) == shown(good())
