"""Checks of events against the schema, and what the component makes of a violation."""

from __future__ import annotations

import pytest
from chatkit.types import AssistantMessageContentPartTextDelta
from pydantic import ValidationError

from chatkit_doctor.protocol.events import TEXT_DELTA
from chatkit_doctor.protocol.schema import SchemaProblem, check_event, check_page
from tests.chatkit_events import (
    AT,
    Event,
    added,
    done,
    good,
    reply,
    updated,
    user,
    without,
)


def only(event: Event) -> SchemaProblem:
    """The one problem of an event."""
    (problem,) = check_event(event)
    return problem


def test_a_good_turn_has_no_problems() -> None:
    assert [problem for event in good() for problem in check_event(event)] == []


def test_a_problem_says_what_was_found_and_what_is_allowed() -> None:
    problem = only(done(reply(content=[{"type": "output_txt", "text": "x", "annotations": []}])))
    assert (problem.found, problem.allowed, problem.nearest) == ('"output_txt"', "output_text", "output_text")


def test_the_nearest_update_type_is_named() -> None:
    problem = only(updated({"type": "assistant_message.content_part.delta"}))
    assert problem.nearest == "assistant_message.content_part.text_delta"


def test_an_update_is_checked_as_what_it_says_it_is() -> None:
    update = {"type": "assistant_message.content_part.text_delta", "delta": "x"}
    assert [p.path for p in check_event(updated(update))] == ["update.content_index"]


@pytest.mark.parametrize("wrong", [None, True, 1.5, "", "0", [], {}])
@pytest.mark.parametrize("member", ["delta", "content_index"])
def test_a_delta_is_found_wrong_wherever_the_schema_does_so(member: str, wrong: object) -> None:
    update = {"type": TEXT_DELTA, "content_index": 0, "delta": "x", member: wrong}
    try:
        AssistantMessageContentPartTextDelta.model_validate(update)
    except ValidationError:
        expected = [f"update.{member}"]
    else:
        expected = []
    assert [p.path for p in check_event(updated(update))] == expected


@pytest.mark.parametrize("wrong", [None, True, 1.5, [], {}])
def test_a_delta_without_a_name_of_its_item_is_found_wrong(wrong: object) -> None:
    event = {**updated({"type": TEXT_DELTA, "content_index": 0, "delta": "x"}), "item_id": wrong}
    assert [p.path for p in check_event(event)] == ([] if wrong is True else ["item_id"])


def test_long_values_are_shortened() -> None:
    assert len(only(done(reply(content="x" * 10_000))).found) < 100


def test_problems_of_one_event_are_limited() -> None:
    assert len(check_event(done(reply(content=[{} for _ in range(500)])))) <= 20


def test_a_page_of_items_is_checked_likewise() -> None:
    assert check_page({"data": [user(created_at=AT)], "has_more": False}) == ()
    assert [p.path for p in check_page([])] == ["data"]


def test_an_added_item_is_checked_like_a_finished_one() -> None:
    assert [p.path for p in check_event(added(without(reply(), "content")))] == ["item.content"]


@pytest.mark.parametrize(("role", "meant"), [("assistant", "assistant_message"), ("user", "user_message")])
def test_a_message_with_a_role_is_meant_to_be_an_item_of_that_side(role: str, meant: str) -> None:
    (problem,) = check_event(done({**reply(), "type": "message", "role": role}))
    assert (problem.path, problem.nearest) == ("item.type", meant)
