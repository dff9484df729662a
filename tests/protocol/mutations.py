"""Named faults, each put into a valid conversation in one place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from tests.audits.protocol.cases import Sent
from tests.chatkit_events import Event, created, removed
from tests.protocol.generated import BLOCKS, Turn, Turns

Broken = Sequence[Sequence[Sent]]
Mutate = Callable[[st.DrawFn, list[Turn]], Broken]

WORDS_ONLY: Final = ("assistant_message", "hidden_context_item")


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a conversation, and the cause by whose name it has to be found."""

    cause: str
    name: str
    mutate: Mutate
    blocks: tuple[str, ...] = tuple(BLOCKS)
    """The items beside the reply that the conversation may hold."""
    at_least: int = 1
    """Turns it needs."""

    def of(self, draw: st.DrawFn, turns: Turns) -> Broken:
        """The conversation with this fault; the valid one stays as it is."""
        return self.mutate(draw, copy.deepcopy(list(turns)))


FAULTS: Final[list[Fault]] = []


def fault(cause: str, **options: Any) -> Callable[[Mutate], Mutate]:
    """Enters a mutation into the list, under the name of its function."""

    def enter(mutate: Mutate) -> Mutate:
        name = getattr(mutate, "__name__", "").replace("_", " ")
        FAULTS.append(Fault(cause, name, mutate, **options))
        return mutate

    return enter


# What the mutations work with


def some_turn(draw: st.DrawFn, turns: list[Turn], first: int = 0) -> int:
    """Any turn, from one on."""
    return draw(st.integers(first, len(turns) - 1))


def kind_of(event: Event) -> str:
    """The type of the item an event carries."""
    return str(event.get("item", {}).get("type", ""))


def name_of(event: Event) -> object:
    """The id of the item an event is about."""
    return event.get("item", {}).get("id", event.get("item_id"))


def finals(turn: Turn, *kinds: str) -> list[Event]:
    """The events that finish items of these types."""
    return [e for e in turn if e["type"] == "thread.item.done" and kind_of(e) in kinds]


def a_reply(draw: st.DrawFn, turn: Turn) -> Event:
    """The event that finishes one of the replies."""
    return draw(st.sampled_from(finals(turn, "assistant_message")))


def renamed(events: Sequence[Event], old: object, new: object) -> Turn:
    """Events about another item, where they are about this one."""
    result: Turn = []
    for event in events:
        if name_of(event) == old and "item" in event:
            result.append({**event, "item": {**event["item"], "id": new}})
        elif name_of(event) == old:
            result.append({**event, "item_id": new})
        else:
            result.append(event)
    return result


def streamed_reply(turn: Turn, text: str = "Some words", name: str = "streamed") -> None:
    """Put one more reply at a turn's end, streamed in pieces whatever the others are."""
    final = copy.deepcopy(finals(turn, "assistant_message")[0])
    final["item"].update(id=name, content=[{"type": "output_text", "text": text, "annotations": []}])
    about = {"type": "thread.item.updated", "item_id": name}
    kind = "assistant_message.content_part"
    part = {"type": "output_text", "text": "", "annotations": []}
    turn += [
        {"type": "thread.item.added", "item": {**final["item"], "content": []}},
        {**about, "update": {"type": f"{kind}.added", "content_index": 0, "content": part}},
        {**about, "update": {"type": f"{kind}.text_delta", "content_index": 0, "delta": text[:4]}},
        {**about, "update": {"type": f"{kind}.text_delta", "content_index": 0, "delta": text[4:]}},
        final,
    ]


def raw(event: Event) -> str:
    """An event as it is written."""
    return f"data: {json.dumps(event)}\n\n"


# How events are framed


@fault("sse-bad-framing")
def one_newline_in_place_of_two(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    joined = "".join(f"data: {json.dumps(event)}\n" for event in turns[at])
    return [*turns[:at], [joined + "\n"], *turns[at + 1 :]]


@fault("sse-bad-framing")
def two_events_without_a_blank_line(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    place = draw(st.integers(0, len(turns[at]) - 2))
    first, second = turns[at][place : place + 2]
    both = f"data: {json.dumps(first)}\ndata: {json.dumps(second)}\n\n"
    return [*turns[:at], [*turns[at][:place], both, *turns[at][place + 2 :]], *turns[at + 1 :]]


@fault("sse-bad-framing")
def lines_of_json(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [f"{json.dumps(event)}\n" for event in turns[at]], *turns[at + 1 :]]


@fault("sse-bad-framing")
def data_twice(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [f"data: {raw(event)}" for event in turns[at]], *turns[at + 1 :]]


def with_one_replaced(draw: st.DrawFn, turns: list[Turn], text: Callable[[Event], str]) -> Broken:
    """One event of one turn, written in another way."""
    at = some_turn(draw, turns)
    place = draw(st.integers(0, len(turns[at]) - 1))
    events: list[Sent] = list(turns[at])
    events[place] = text(turns[at][place])
    return [*turns[:at], events, *turns[at + 1 :]]


@fault("sse-bad-json")
def an_event_that_breaks_off(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return with_one_replaced(draw, turns, lambda e: f"data: {json.dumps(e)[: len(json.dumps(e)) // 2]}\n\n")


@fault("sse-bad-json")
def the_text_of_a_python_dict(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return with_one_replaced(draw, turns, lambda e: f"data: {e!a}\n\n")


@fault("sse-bad-json")
def not_a_number(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return with_one_replaced(draw, turns, lambda e: raw({**e, "score": float("nan")}))


def twice_encoded(event: Event) -> str:
    """An event as a JSON text in a JSON text."""
    return f"data: {json.dumps(json.dumps(event))}\n\n"


@fault("sse-double-encoded")
def every_event_encoded_twice(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [twice_encoded(event) for event in turns[at]], *turns[at + 1 :]]


@fault("sse-double-encoded")
def an_aside_encoded_twice(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    aside: Sent = twice_encoded({"type": "progress_update", "text": "x"})
    return [*turns[:at], [*turns[at], aside], *turns[at + 1 :]]


@fault("sse-done-marker")
def a_done_marker(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [*turns[at], "data: [DONE]\n\n"], *turns[at + 1 :]]


# What the events are


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


@fault("item-never-done")
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


# Whose ids they name


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


@fault("item-id-mismatch")
def a_number_that_became_a_text(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    streamed_reply(turns[at])
    items = renamed(turns[at][-5:], "streamed", 5)
    turns[at][-5:] = [{**event, "item_id": "5"} if "item_id" in event else event for event in items]
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


# What shape they have


@fault("invalid-event")
def a_part_of_the_wrong_type(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    final = a_reply(draw, turns[some_turn(draw, turns)])
    final["item"]["content"][0]["type"] = draw(st.sampled_from(["text", "markdown", "input_text"]))
    return turns


@fault("invalid-event")
def a_part_without_annotations(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    final = a_reply(draw, turns[some_turn(draw, turns)])
    del final["item"]["content"][0]["annotations"]
    return turns


@fault("invalid-event")
def content_that_is_a_text(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    final = a_reply(draw, turns[some_turn(draw, turns)])
    final["item"]["content"] = draw(st.sampled_from(["Hello", None, {"text": "Hello"}]))
    return turns


@fault("invalid-event")
def a_message_without_attachments(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turn = turns[some_turn(draw, turns)]
    del finals(turn, "user_message")[0]["item"]["attachments"]
    return turns


@fault("invalid-event")
def a_role_in_place_of_a_type(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    final = a_reply(draw, turns[some_turn(draw, turns)])
    final["item"] |= {"type": "message", "role": "assistant"}
    return turns


@fault("invalid-event")
def a_thread_without_an_id(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    del turns[0][0]["thread"]["id"]
    return turns


@fault("empty-reply", blocks=WORDS_ONLY)
def every_reply_ends_empty(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    empty = draw(st.sampled_from([[], [{"type": "output_text", "text": "", "annotations": []}]]))
    for final in finals(turns[at], "assistant_message"):
        final["item"]["content"] = empty
    return turns


@fault("backend-error-event")
def an_error(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turn = turns[some_turn(draw, turns)]
    error = draw(st.sampled_from([{"code": "stream.error"}, {"code": "custom", "message": "Over quota"}]))
    turn.insert(draw(st.integers(1, len(turn))), {"type": "error", **error})
    return turns


@fault("first-message-ignored")
def a_thread_and_nothing_in_it(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turns[0] = [event for event in turns[0] if "item" not in event and "item_id" not in event]
    return turns


def workflow(status: str) -> Event:
    """A workflow with one task."""
    task = {"type": "custom", "title": "Look", "status_indicator": status}
    item = {"type": "workflow", "id": "wf", "thread_id": "thr_1", "created_at": "2026-01-01T00:00:00"}
    return {**item, "workflow": {"type": "custom", "tasks": [task]}}


@fault("workflow-left-open")
def a_workflow_without_its_end(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turn = turns[some_turn(draw, turns)]
    streamed_reply(turn)
    turn.insert(-5, {"type": "thread.item.added", "item": workflow("loading")})
    return turns


@fault("workflow-left-open")
def a_workflow_that_ends_while_loading(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    turn = turns[some_turn(draw, turns)]
    turn.append({"type": "thread.item.done", "item": workflow("loading")})
    return turns
