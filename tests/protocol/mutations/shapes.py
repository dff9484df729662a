"""Faults in what events hold."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.chatkit_events import Event
from tests.protocol.generated import Turn
from tests.protocol.mutations.fault import (
    WORDS_ONLY,
    Broken,
    a_reply,
    fault,
    finals,
    some_turn,
    streamed_reply,
)


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


@fault("markup-in-reply")
def a_citation_marker_among_the_words(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    streamed_reply(turns[some_turn(draw, turns)], "It is so 【4:0†source】, they say.")
    return turns


@fault("error-told-as-reply")
def an_apology_for_an_error(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    streamed_reply(turns[some_turn(draw, turns)], "I'm sorry, I encountered an error: connection refused.")
    return turns
