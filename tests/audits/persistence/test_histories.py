"""The conversation after a reload: lost, altered, or the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from chatkit_doctor.audits.persistence import history_altered, history_lost
from tests.audits.asking import ask, failures
from tests.recordings import item, opened, recording, reloaded, reply, state, user

MINE, THEIRS = user(1, "Hi"), reply(2, "Good day")
BEFORE = [MINE, THEIRS]
Items = list[Mapping[str, Any]]


def found_after(*after: Mapping[str, Any], before: Items | None = None) -> list[str]:
    """Which of the two symptoms a reload has."""
    parts = opened(), state(70, *(BEFORE if before is None else before)), reloaded(100, *after)
    return [a.id for a in (history_lost.AUDIT, history_altered.AUDIT) if failures(a, *parts)]


def test_the_same_messages_in_the_same_order_are_the_same_history() -> None:
    assert found_after(user(11, "Hi"), reply(12, "Good  day\n")) == []


def test_the_start_screen_after_a_conversation_has_lost_it() -> None:
    assert found_after() == ["history-lost"]


@pytest.mark.parametrize("after", [[MINE], [THEIRS]])
def test_one_message_less_is_lost(after: Items) -> None:
    assert found_after(*after) == ["history-lost"]


@pytest.mark.parametrize(
    "after",
    [[MINE, reply(2, "Good night")], [THEIRS, MINE], [MINE, THEIRS, reply(3, "Good day")]],
    ids=["text", "order", "count"],
)
def test_other_text_order_or_count_is_altered(after: Items) -> None:
    assert found_after(*after) == ["history-altered"]


def test_less_and_other_text_is_both() -> None:
    assert found_after(reply(2, "Good night")) == ["history-lost", "history-altered"]


def test_progress_need_not_be_there_again() -> None:
    assert found_after(MINE, THEIRS, before=[MINE, item(9, "progress-update", "Looking"), THEIRS]) == []


def test_a_task_that_is_gone_is_lost() -> None:
    assert found_after(MINE, THEIRS, before=[MINE, item(9, "task", "Looked"), THEIRS]) == ["history-lost"]


def test_the_lost_messages_are_named() -> None:
    (found,) = failures(history_lost.AUDIT, opened(), state(70, *BEFORE), reloaded(100, MINE))
    assert "1 of 2 messages" in found.evidence[1].text
    assert "Good day" in found.evidence[1].text


def test_the_first_difference_is_named() -> None:
    (found,) = failures(
        history_altered.AUDIT, opened(), state(70, *BEFORE), reloaded(100, MINE, reply(2, "Night"))
    )
    assert (
        "message 2 was assistant-message “Good day” and is assistant-message “Night”"
        in found.evidence[1].text
    )


def test_without_a_reload_there_is_no_history_to_ask_for() -> None:
    made = recording(opened(), state(70, *BEFORE))
    assert ask(history_lost.AUDIT, made).status == "not-applicable"


def test_a_reload_of_a_page_without_messages_proves_nothing() -> None:
    assert ask(history_lost.AUDIT, recording(opened(), reloaded(100))).status == "not-applicable"


def test_a_reload_that_never_ended_is_not_judged() -> None:
    begin = [reloaded(100)[0][0]]  # type: ignore[index]
    made = recording(opened(), state(70, *BEFORE), begin, finished=False)
    assert ask(history_lost.AUDIT, made).status == "not-applicable"


def test_an_empty_bubble_that_nobody_could_see_is_no_part_of_the_history() -> None:
    assert found_after(MINE, THEIRS, before=[MINE, THEIRS, reply(3, "")]) == []
