"""Faults in the ids that events name."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.chatkit_events import created
from tests.protocol.generated import Turn
from tests.protocol.mutations.fault import (
    Broken,
    a_reply,
    fault,
    finals,
    name_of,
    renamed,
    some_turn,
    streamed_reply,
)


@fault("item-id-collision")
def a_reply_under_the_id_of_the_message(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    mine = name_of(finals(turns[at], "user_message")[0])
    turns[at] = renamed(turns[at], name_of(a_reply(draw, turns[at])), mine)
    return turns


@fault("item-id-collision", at_least=2)
def ids_of_the_turn_before(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns, 1)
    kind = draw(st.sampled_from(["user_message", "assistant_message"]))
    old = name_of(finals(turns[at - 1], kind)[0])
    turns[at] = renamed(turns[at], name_of(finals(turns[at], kind)[0]), old)
    return turns


@fault("item-id-collision")
def one_id_for_two_replies(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    streamed_reply(turns[at], "One", "same")
    streamed_reply(turns[at], "Another", "same")
    return turns


@fault("item-id-collision", at_least=2)
def the_fake_id_of_the_agents_sdk(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return [renamed(turn, name_of(finals(turn, "assistant_message")[0]), "__fake_id__") for turn in turns]


@fault("item-id-mismatch")
def ids_mapped_on_items_and_not_on_updates(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    streamed_reply(turns[at])
    turns[at][-4:-1] = renamed(turns[at][-4:-1], "streamed", "__fake_id__")
    return turns


@fault("item-id-mismatch")
def ids_mapped_on_the_beginning_and_not_on_the_end(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    streamed_reply(turns[at])
    turns[at][-1:] = renamed(turns[at][-1:], "streamed", "another")
    return turns


@fault("item-id-mismatch")
def a_new_id_for_every_update(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    streamed_reply(turns[at])
    for number in (-4, -3, -2):
        turns[at][number] = {**turns[at][number], "item_id": f"fresh{number}"}
    return turns


@fault("thread-id-mismatch")
def another_thread_in_the_same_stream(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turns[0].insert(draw(st.integers(1, len(turns[0]))), created("thr_other"))
    return turns


@fault("thread-id-mismatch", at_least=2)
def another_thread_in_a_later_turn(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns, 1)
    turns[at].insert(0, created("thr_other"))
    return turns
