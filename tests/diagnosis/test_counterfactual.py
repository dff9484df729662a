"""The causes that experiments confirm, of conversations with one fault or several."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.diagnosis import experiment
from chatkit_doctor.diagnosis.counterfactual import TOO_LONG
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.recording.reader import received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.simulator.simulate import simulate
from tests.chatkit_events import (
    Event,
    added,
    created,
    delta,
    done,
    good,
    part,
    reply,
    streamed,
    user,
    without,
)
from tests.conversation.made import conversation, first, judged, later, read_back, sse

UNREADABLE: Final[Event] = {"type": "progress_update"}
PLAIN: Final = {"content-type": "text/plain"}
RESPONSES: Final[list[Event]] = [
    {"type": "response.created", "response": {"id": "r"}},
    {"type": "response.output_text.delta", "item_id": "m", "content_index": 0, "delta": "Good day."},
    {"type": "response.completed", "response": {"id": "r", "output": []}},
]


def shapeless(item_id: str = "a1") -> Event:
    """A reply whose part is of a type that ChatKit does not have."""
    return done(reply(item_id=item_id, content=[{"type": "text", "text": "Hi."}]))


def test_an_event_longer_than_an_entry_keeps_is_read_from_the_body(tmp_path: Path) -> None:
    report = judged(conversation(first([created(), *streamed("word " * 15_000)])), tmp_path)
    assert causes(report) == ["user-item-missing"]


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_EVENTS"])
def test_beyond_the_limit_of_work_the_ranking_stands_and_that_is_said(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment, limit, 1)
    made = simulate(conversation(first([created(), *streamed()])), None, Redactor())
    diagnosis = judge(received(made), None).diagnosis
    assert diagnosis.experiment == TOO_LONG
    assert [cause.id for cause in diagnosis.causes] == ["user-item-missing"]


def test_a_very_long_answer_is_experimented_with_all_the_same(tmp_path: Path) -> None:
    long = streamed(" ".join(["word " * 120] * 300))
    report = judged(conversation(first([created(), {"type": "nonsense"}, *long])), tmp_path)
    assert (causes(report), report.experiment) == (["user-item-missing"], "")


def causes(report: ReportModel) -> list[str]:
    """The ids of all causes."""
    return [cause.id for cause in report.causes]


@pytest.mark.parametrize(
    ("calls", "wanted"),
    [
        ([first([created(), *streamed()])], ["user-item-missing"]),
        ([first([done(user()), *streamed()])], ["thread-created-missing"]),
        ([first(streamed())], ["thread-created-missing", "user-item-missing"]),
        ([first([created(), UNREADABLE, *streamed()])], ["user-item-missing"]),
        ([first(RESPONSES)], ["wrong-dialect"]),
        ([first(RESPONSES, how="cut")], ["wrong-dialect", "stream-cut"]),
        ([first([done(user()), *RESPONSES])], ["wrong-dialect", "thread-created-missing"]),
        ([first([created(), shapeless()])], ["invalid-event", "user-item-missing"]),
        ([first([created(), done(user()), reply()])], ["item-not-wrapped"]),
        ([first([created(), reply()])], ["item-not-wrapped", "user-item-missing"]),
        (
            [first([done(user()), *streamed()], headers=PLAIN)],
            ["wrong-content-type", "thread-created-missing"],
        ),
        (
            [first(good()), later([*streamed("More.", "a1")])],
            ["item-id-collision", "user-item-missing"],
        ),
        (
            [first(good()), later([done(user("And?", "u2")), shapeless("a2")])],
            ["invalid-event"],
        ),
        (
            [first([created(), *streamed()]), read_back([])],
            ["user-item-missing", "store-lost-items"],
        ),
    ],
)
def test_all_faults_are_named_that_have_to_be_repaired(
    calls: list[Call], wanted: list[str], tmp_path: Path
) -> None:
    report = judged(conversation(*calls), tmp_path)
    assert sorted(causes(report)) == sorted(wanted)


def test_the_cause_is_the_fault_that_brings_most_of_what_was_seen(tmp_path: Path) -> None:
    report = judged(conversation(first([created(), shapeless()])), tmp_path)
    assert report.cause is not None
    assert report.cause.id == causes(report)[0]


def test_each_symptom_names_the_fault_that_brings_it_about(tmp_path: Path) -> None:
    empty = [created(), done(user()), added(reply(content=[])), part(), delta("Good day.")]
    calls = first([*empty, done(reply(content=[]))]), later([*streamed("More.", "a2")])
    report = judged(conversation(*calls), tmp_path)
    named = {(symptom.turn, symptom.cause) for symptom in report.symptoms}
    assert named == {(1, "empty-reply"), (2, "user-item-missing")}


def test_a_harmless_deviation_of_an_earlier_layer_is_a_warning(tmp_path: Path) -> None:
    body = b"data: {oops\n\n" + b"".join(sse([created(), *streamed()]))
    report = judged(conversation(first(body)), tmp_path)
    assert causes(report) == ["user-item-missing"]
    assert [warning.id for warning in report.warnings] == ["sse-bad-json"]


def test_what_cannot_be_undone_accounts_for_what_is_left(tmp_path: Path) -> None:
    calls = first([created(), *streamed()]), later([], status=500, headers=PLAIN)
    report = judged(conversation(*calls), tmp_path)
    assert sorted(causes(report)) == ["server-error", "user-item-missing"]


def test_without_a_symptom_nothing_is_tried(tmp_path: Path) -> None:
    report = judged(conversation(first(good())), tmp_path)
    assert (report.verdict, report.causes, report.experiment) == ("pass", [], "")


def test_an_unwrapped_item_without_an_id_is_still_a_bare_one(tmp_path: Path) -> None:
    report = judged(conversation(first([created(), done(user()), without(reply(), "id")])), tmp_path)
    assert causes(report)[:1] == ["item-not-wrapped"]


def test_of_a_very_long_conversation_it_is_said_that_nothing_was_tried(tmp_path: Path) -> None:
    strays = [{"type": "debug", "note": "x" * 1_000}] * 1_100
    report = judged(conversation(first([created(), *strays, *streamed()])), tmp_path)
    assert causes(report) == ["user-item-missing"]
    assert report.experiment.startswith("The conversation is too long to experiment with")


def test_a_long_reply_is_no_long_conversation(tmp_path: Path) -> None:
    report = judged(conversation(first([created(), *streamed("word " * 800, pieces=2_000)])), tmp_path)
    assert (causes(report), report.experiment) == (["user-item-missing"], "")
