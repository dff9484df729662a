"""What a store holds once the streams before it were repaired."""

from __future__ import annotations

import json

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.repairs.registry import repaired
from tests.chatkit_events import Event, added, created, done, good, item, reply, streamed, user
from tests.conversation.made import conversation, first, later, read_back

FOUND = item("task", "t1", task={"type": "custom", "title": "Found the account"})
GOOD = [created(), done(user()), *streamed()]
"""A whole first turn."""
WITH_TASK = [*GOOD[:2], added(FOUND), *GOOD[2:]]
"""One whose task is never done."""


def stored(made: Conversation) -> list[Event]:
    """The items that reading the thread brings."""
    document: Event = json.loads(made.calls[-1].body)
    items: list[Event] = document["items"]["data"]
    return items


def test_what_is_done_now_is_kept_by_a_store_that_kept_what_was_done() -> None:
    talk = conversation(first(WITH_TASK), read_back([user(), reply()]))
    assert stored(repaired(talk, ["item-never-done"])) == [user(), FOUND, reply()]


def test_two_that_bore_one_id_are_two_in_the_store() -> None:
    turns = [first(good()), later([done(user("And?", "u2")), *streamed("More.", "a1")])]
    talk = conversation(*turns, read_back([user(), reply("More."), user("And?", "u2")]))
    made = stored(repaired(talk, ["item-id-collision"]))
    assert made == [user(), reply(), user("And?", "u2"), reply("More.", "a1_2")]


def test_a_store_that_had_lost_something_goes_on_to() -> None:
    talk = conversation(first(WITH_TASK), read_back([reply()]))
    assert stored(repaired(talk, ["item-never-done"])) == [reply()]


def test_one_that_is_repaired_itself_keeps_all() -> None:
    talk = conversation(first(WITH_TASK), read_back([reply()]))
    made = stored(repaired(talk, ["item-never-done", "store-lost-items"]))
    assert made == [user(), FOUND, reply()]


def test_a_message_that_was_stored_though_nothing_confirmed_it_is_there_once() -> None:
    talk = conversation(first([GOOD[0], *GOOD[2:]]), read_back([user(item_id="own_7"), reply()]))
    assert stored(repaired(talk, ["user-item-missing"])) == [user(item_id="own_7"), reply()]


def test_a_message_that_was_never_confirmed_is_stored_once_it_is() -> None:
    talk = conversation(first([GOOD[0], *GOOD[2:]]), read_back([reply()]))
    message, answer = stored(repaired(talk, ["user-item-missing"]))
    assert (message["type"], message["content"], answer) == ("user_message", user()["content"], reply())


def test_what_was_held_besides_stays_in_its_place() -> None:
    hidden = item("hidden_context_item", "h1", content="x")
    talk = conversation(first(WITH_TASK), read_back([user(), hidden, reply()]))
    assert stored(repaired(talk, ["item-never-done"])) == [user(), hidden, FOUND, reply()]


def test_a_page_of_a_longer_thread_is_left_as_it_is() -> None:
    talk = conversation(first(WITH_TASK), read_back([user(), reply()], has_more=True))
    assert stored(repaired(talk, ["item-never-done"])) == [user(), reply()]
