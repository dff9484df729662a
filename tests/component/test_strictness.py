"""What the component minds, what it does not, and what results from it: every case was measured."""

from __future__ import annotations

import pytest

from chatkit_doctor.component import strictness
from chatkit_doctor.component.examples import EventKind, Example, example_of_kind
from chatkit_doctor.component.strictness import event_violations, page_violations, thread_violations
from tests.chatkit_events import (
    Event,
    added,
    created,
    delta,
    done,
    item,
    part,
    reply,
    updated,
    user,
    without,
)


def harmful(event: Event) -> list[str]:
    """The places the component minds."""
    return [violation.problem.path for violation in event_violations(event) if not violation.tolerated]


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
        done(without(reply(), "thread_id", "created_at")),
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
        (done(without(reply(), "id")), "item.id", "once another item follows"),
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
        (done(item("structured_input")), "item.inputs", "Something went wrong"),
        (without(delta("x"), "item_id"), "item_id", "ignored"),
        (without(delta("x"), "update"), "update", "skipped"),
        (updated({"type": "text_delta"}), "update.type", "ignored"),
        (part(type="text"), "update.content.type", "rejected"),
        (part(annotations=None), "update.content.annotations", "Something went wrong"),
    ],
)
def test_what_the_component_minds_is_named_with_its_effect(event: Event, path: str, effect: str) -> None:
    assert harmful(event) == [path]
    violation = next(v for v in event_violations(event) if v.problem.path == path)
    assert effect in violation.consequence


def test_an_added_item_is_checked_like_a_finished_one() -> None:
    assert harmful(added(without(reply(), "content"))) == ["item.content"]


def test_a_thread_may_lack_everything_but_its_items() -> None:
    assert all(v.tolerated for v in thread_violations({"items": {"data": [user(), reply()]}}))


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
    assert [v.problem.path for v in thread_violations(thread) if not v.tolerated] == [path]


def test_a_page_without_its_list_is_not_loaded() -> None:
    (violation,) = page_violations({"data": None})
    assert (violation.problem.path, violation.consequence) == ("data", "the thread is not loaded")


def test_what_was_found_of_one_value_is_not_told_of_another() -> None:
    wrong, harmless = delta("x", index="none"), delta("x", index="0")
    places = [harmful(event) for event in (wrong, harmless, wrong)]
    assert places == [["update.content_index"], [], ["update.content_index"]]


def test_what_is_wrong_in_many_events_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[EventKind] = []

    def counted(kind: EventKind) -> Example | None:
        tried.append(kind)
        return example_of_kind(kind)

    monkeypatch.setattr(strictness, "example_of_kind", counted)
    odd = done(reply(content=[{"type": "output_text", "text": "Hello", "annotations": ["wrong" * 300]}]))
    once, *others = (harmful(odd) for _ in range(3))
    assert once == others[0] == others[1] != []
    assert len(tried) == 1
