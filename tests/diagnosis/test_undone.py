"""Facts that go with the repair of another one: no causes and no warnings of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.diagnosis import counterfactual
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.diagnosis.experiment import TooMuchWorkError
from chatkit_doctor.recording.reader import Recording
from tests.chatkit_events import Event, added, created, done, reply, streamed, user
from tests.conversation.made import conversation, first, judged

FIRST = [created(), done(user())]
BEGUN = added(reply("", content=[]))
MISNAMED: Event = {"type": "thread.item.complete", "item": reply()}


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([*FIRST, BEGUN, MISNAMED], "unknown-event"),
        ([*FIRST, MISNAMED], "unknown-event"),
        ([*FIRST, BEGUN, reply()], "item-not-wrapped"),
        ([created(), user(), reply()], "item-not-wrapped"),
        ([created(), user(), *streamed()], "item-not-wrapped"),
        ([created(), {"type": "thread.item.complete", "item": user()}, *streamed()], "unknown-event"),
        ([*FIRST, *streamed()[:-1], done(reply(item_id="a2"))], "item-id-mismatch"),
        (
            [{"type": "thread.create", "thread": {"id": "thr_1"}}, done(user()), *streamed()],
            "unknown-event",
        ),
    ],
)
def test_what_came_wrongly_is_the_one_cause_of_what_never_came(
    events: list[Event], cause: str, tmp_path: Path
) -> None:
    report = judged(conversation(first(events)), tmp_path)
    assert [each.id for each in report.causes] == [cause]
    assert [each.id for each in report.warnings] == []
    assert report.alternatives == []


@pytest.mark.parametrize(
    ("end", "warning"),
    [
        (MISNAMED, "unknown-event"),
        (reply(), "item-not-wrapped"),
        (done(reply(type="message")), "invalid-event"),
    ],
)
def test_where_nothing_was_lost_by_it_there_is_one_warning(end: Event, warning: str, tmp_path: Path) -> None:
    report = judged(conversation(first([*FIRST, *streamed()[:-1], end])), tmp_path)
    assert (report.verdict, [each.id for each in report.warnings]) == ("pass", [warning])


def test_two_facts_that_do_not_hang_together_are_two_warnings(tmp_path: Path) -> None:
    events = [*FIRST, *streamed()[:-1], {"type": "thread.item.sparkle", "item": user(item_id="u9")}]
    report = judged(conversation(first(events)), tmp_path)
    assert {each.id for each in report.warnings} == {"item-never-done", "unknown-event"}


def test_without_the_experiment_there_would_be_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_it_is(_recording: Recording, diagnosis: Diagnosis) -> Diagnosis:
        return diagnosis

    monkeypatch.setattr(counterfactual, "quiet", as_it_is)
    report = judged(conversation(first([*FIRST, *streamed()[:-1], MISNAMED])), tmp_path)
    assert {each.id for each in report.warnings} == {"item-never-done", "unknown-event"}


def test_causes_stand_where_looking_for_more_would_be_too_much_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_given: object) -> frozenset[str]:
        raise TooMuchWorkError

    monkeypatch.setattr(counterfactual, "undone", too_much)
    report = judged(conversation(first([created(), user(), reply()])), tmp_path)
    assert ([each.id for each in report.causes], report.experiment) == (["item-not-wrapped"], "")


def test_nothing_is_looked_for_where_nothing_else_would_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def needless(*_given: object) -> frozenset[str]:
        raise AssertionError

    monkeypatch.setattr(counterfactual, "undone", needless)
    report = judged(conversation(first([created(), *streamed()])), tmp_path)
    assert ([each.id for each in report.causes], report.experiment) == (["user-item-missing"], "")
