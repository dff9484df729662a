"""Faults in which events are sent, and in what order."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.chatkit_events import created, removed
from tests.protocol.generated import BLOCKS, Turn
from tests.protocol.mutations.fault import (
    Broken,
    a_reply,
    fault,
    finals,
    kind_of,
    name_of,
    some_turn,
    streamed_reply,
)


@fault("wrong-dialect")
def responses_behind_the_thread(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    response = {"id": "resp_1", "object": "response", "status": "in_progress"}
    foreign: Turn = [
        {"type": "response.created", "response": response},
        {"type": "response.output_text.delta", "item_id": "m", "delta": "Hi"},
        {"type": "response.completed", "response": {**response, "status": "completed"}},
    ]
    return [*turns[:at], [*([created()] if at == 0 else []), *foreign], *turns[at + 1 :]]


@fault("wrong-dialect")
def chat_completions(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    foreign: Turn = [
        {**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}}]},
        {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    return [*turns[:at], foreign, *turns[at + 1 :]]


@fault("unknown-event")
def the_end_of_a_reply_under_another_name(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    final = a_reply(draw, turns[at])
    final["type"] = draw(st.sampled_from(["thread.item.complete", "threadItemDone", "thread.item.don"]))
    return turns


@fault("unknown-event")
def updates_under_another_name(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turn = turns[some_turn(draw, turns)]
    streamed_reply(turn)
    for event in turn[-4:-1]:
        event["type"] = "thread.item.update"
    return turns


@fault("thread-created-missing")
def no_thread_created(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return [turns[0][1:], *turns[1:]]


@fault("thread-created-late")
def thread_created_behind_the_message(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    place = draw(st.integers(2, len(turns[0])))
    turns[0].insert(place, turns[0][0])
    return [turns[0][1:], *turns[1:]]


@fault("thread-created-late")
def thread_created_twice(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turns[0].insert(draw(st.integers(2, len(turns[0]))), turns[0][0])
    return turns


@fault("user-item-missing")
def no_message_of_the_person(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    turns[at] = [event for event in turns[at] if kind_of(event) != "user_message"]
    return turns


@fault("reply-item-missing")
def nothing_of_the_assistant(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    kept = {"user_message", "hidden_context_item", "sdk_hidden_context", "end_of_turn", ""}
    events = [event for event in turns[at] if kind_of(event) in kept]
    turns[at] = [event for event in events if "item_id" not in event]
    return turns


@fault("item-not-wrapped")
def a_bare_reply(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    name = name_of(a_reply(draw, turns[at]))
    turns[at] = [
        event["item"] if name_of(event) == name and event["type"] == "thread.item.done" else event
        for event in turns[at]
        if name_of(event) != name or event["type"] == "thread.item.done"
    ]
    return turns


@fault("item-not-wrapped")
def a_bare_message_of_the_person(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    turns[at] = [event["item"] if kind_of(event) == "user_message" else event for event in turns[at]]
    return turns


@fault("item-not-wrapped")
def bare_updates(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    streamed_reply(turns[at])
    turns[at][-4:-1] = [event["update"] for event in turns[at][-4:-1]]
    return turns


@fault("item-never-done")
def a_reply_without_its_end(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    streamed_reply(turns[at])
    turns[at].pop()
    return turns


# Without other widgets: one that is finished and was never begun might be the end of this one.
@fault("item-never-done", blocks=tuple(block for block in BLOCKS if block != "widget"))
def a_widget_without_its_end(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    item = {**finals(turns[at], "assistant_message")[0]["item"], "id": "open", "type": "widget"}
    item["widget"] = {"type": "Card", "children": []}
    del item["content"]
    turns[at].insert(-1, {"type": "thread.item.added", "item": item})
    return turns


@fault("item-removed")
def a_message_taken_back(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turn = turns[some_turn(draw, turns)]
    kind = draw(st.sampled_from(["user_message", "assistant_message"]))
    turn.append(removed(name_of(finals(turn, kind)[-1])))
    return turns


@fault("item-removed", at_least=2)
def a_reply_of_an_earlier_turn_taken_back(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns, 1)
    gone = a_reply(draw, turns[at - 1])
    turns[at].insert(1, removed(name_of(gone)))
    return turns
