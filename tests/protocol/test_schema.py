"""Checks of events against the schema, and what the component makes of a violation."""

from __future__ import annotations

import pytest

from chatkit_doctor.protocol.schema import SchemaProblem, check_event, check_page, check_thread
from tests.chatkit_events import (
    AT,
    Event,
    added,
    created,
    delta,
    done,
    good,
    item,
    part,
    reply,
    updated,
    user,
    without,
)


def only(event: Event) -> SchemaProblem:
    """The one problem of an event."""
    (problem,) = check_event(event)
    return problem


def harmful(event: Event) -> list[str]:
    """The places the component minds."""
    return [problem.path for problem in check_event(event) if not problem.tolerated]


def test_a_good_turn_has_no_problems() -> None:
    assert [problem for event in good() for problem in check_event(event)] == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "thread.created", "thread": {"id": "thr_1"}},
        created(223),
        created(created_at=1_700_000_000),
        created(items=[]),
        {"type": "thread.updated", "thread": {"id": "thr_1"}},
        {"type": "stream_options"},
        {"type": "notice", "level": "loud", "message": "x"},
        {"type": "progress_update", "icon": "no-such-icon"},
        {"type": "error", "error": "boom"},
        done(reply(created_at=1_700_000_000)),
        done(reply(thread_id="other")),
        done(reply(item_id=5)),
        done(reply(role="assistant", status="completed")),
        done(without(reply(), "id", "thread_id", "created_at")),
        done(without(user(), "inference_options", "created_at")),
        done(user(quoted_text=5)),
        done(item("generated_image")),
        done(item("workflow", workflow={"type": "other", "tasks": []})),
        done(item("widget", widget={"type": "Card"})),
        updated({"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": None}),
        delta("x", index="0"),
    ],
)
def test_what_the_component_does_not_mind_is_tolerated(event: Event) -> None:
    assert harmful(event) == []


@pytest.mark.parametrize(
    ("event", "path", "effect"),
    [
        ({"type": "thread.created"}, "thread", "never adopted"),
        (created(None), "thread.id", "never adopted"),
        ({"type": "thread.item.done"}, "item", "skipped"),
        (done(reply(type="message")), "item.type", "ignored"),
        (done(reply(content="text")), "item.content", "panel goes blank"),
        (done(without(reply(), "content")), "item.content", "Something went wrong"),
        (done(reply(content=[{"type": "text", "text": "x"}])), "item.content[0].type", "without its text"),
        (
            done(reply(content=[{"type": "output_text", "text": "x"}])),
            "item.content[0].annotations",
            "Something went wrong",
        ),
        (
            done(reply(content=[{"type": "output_text", "text": 5, "annotations": []}])),
            "item.content[0].text",
            "panel goes blank",
        ),
        (done(user(attachments=None)), "item.attachments", "Something went wrong"),
        (done(without(user(), "attachments")), "item.attachments", "Something went wrong"),
        (done(user(content="text")), "item.content", "Something went wrong"),
        (done(item("widget", widget={"type": "Nope"})), "item.widget.type", "Something went wrong"),
        (done(item("workflow", workflow={"type": "custom"})), "item.workflow.tasks", "Something went wrong"),
        (done(item("structured_input")), "item.inputs", "panel goes blank"),
        (without(delta("x"), "item_id"), "item_id", "ignored"),
        (without(delta("x"), "update"), "update", "skipped"),
        (updated({"type": "text_delta"}), "update.type", "ignored"),
        (part(type="text"), "update.content.type", "refused"),
        (part(annotations=None), "update.content.annotations", "Something went wrong"),
    ],
)
def test_what_the_component_minds_is_named_with_its_effect(event: Event, path: str, effect: str) -> None:
    assert harmful(event) == [path]
    problem = next(p for p in check_event(event) if p.path == path)
    assert effect in problem.effect


def test_a_problem_says_what_was_found_and_what_is_allowed() -> None:
    problem = only(done(reply(content=[{"type": "output_txt", "text": "x", "annotations": []}])))
    assert (problem.found, problem.allowed, problem.nearest) == ('"output_txt"', "output_text", "output_text")


def test_the_nearest_update_type_is_named() -> None:
    problem = only(updated({"type": "assistant_message.content_part.delta"}))
    assert problem.nearest == "assistant_message.content_part.text_delta"


def test_an_update_is_checked_as_what_it_says_it_is() -> None:
    update = {"type": "assistant_message.content_part.text_delta", "delta": "x"}
    assert [p.path for p in check_event(updated(update))] == ["update.content_index"]


def test_long_values_are_shortened() -> None:
    assert len(only(done(reply(content="x" * 10_000))).found) < 100


def test_problems_of_one_event_are_limited() -> None:
    assert len(check_event(done(reply(content=[{} for _ in range(500)])))) <= 20


def test_a_thread_may_lack_everything_but_its_items() -> None:
    assert [p for p in check_thread({"items": {"data": [user(), reply()]}}) if not p.tolerated] == []


@pytest.mark.parametrize(
    ("thread", "path"),
    [
        (None, ""),
        ({"id": "thr_1"}, "items"),
        ({"thread": {"id": "thr_1"}}, "items"),
        ({"id": "thr_1", "items": [user()]}, "items"),
        ({"id": "thr_1", "items": {"has_more": False}}, "items.data"),
        ({"id": "t", "items": {"data": [without(user(), "attachments")]}}, "items.data[0].attachments"),
        ({"id": "t", "items": {"data": [user(), reply(content="x")]}}, "items.data[1].content"),
        ({"id": "t", "items": {"data": ["x"]}}, "items.data[0]"),
    ],
)
def test_a_thread_that_cannot_be_read_is_named_by_the_place(thread: object, path: str) -> None:
    assert [p.path for p in check_thread(thread) if not p.tolerated] == [path]


def test_a_page_of_items_is_checked_likewise() -> None:
    assert check_page({"data": [user(created_at=AT)], "has_more": False}) == ()
    assert [p.path for p in check_page([])] == ["data"]


def test_an_added_item_is_checked_like_a_finished_one() -> None:
    assert harmful(added(without(reply(), "content"))) == ["item.content"]
