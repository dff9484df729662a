"""Names that sound like ChatKit's own and are not."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.audit import Failure, Finding, Status
from chatkit_doctor.audits.dom.reply_missing import AUDIT as REPLY_MISSING
from chatkit_doctor.audits.protocol.reply_item_missing import AUDIT as REPLY_ITEM_MISSING
from chatkit_doctor.audits.protocol.unknown_event import AUDIT
from chatkit_doctor.diagnosis.diagnose import diagnose
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import Event, created, delta, done, good, reply, streamed, user, without


@pytest.mark.parametrize(
    ("event", "meant"),
    [
        ({"type": "thread.item.complete", "item": reply()}, "thread.item.done"),
        ({"type": "threadItemDone", "item": reply()}, "thread.item.done"),
        ({"type": "thread.item.assistant_message", "item": reply()}, "assistant_message"),
        ({"type": "thread.message.completed", "item": reply()}, "assistant_message"),
    ],
)
def test_the_event_that_was_meant_is_named(event: Event, meant: str) -> None:
    (failure,) = failing(AUDIT, answered([created(), done(user()), event]))
    assert failure.details["type"] == event["type"]
    assert meant in failure.fix


def test_many_of_one_name_are_one_failure() -> None:
    strays = [{"type": "thread.item.update", "item_id": "a1"}] * 5
    (failure,) = failing(AUDIT, answered([*good(), *strays]))
    assert failure.details["count"] == 5


@pytest.mark.parametrize(
    ("event", "meant"),
    [
        ({"item": reply()}, "thread.item.done"),
        ({"type": None, "item": reply()}, "thread.item.done"),
        (without(delta("x"), "type"), "thread.item.updated"),
        (without(created(), "type"), "thread.created"),
    ],
)
def test_an_event_without_a_type_is_known_by_what_it_carries(event: Event, meant: str) -> None:
    (failure,) = failing(AUDIT, answered([created(), done(user()), event]))
    assert (failure.details["type"], failure.details["meant"]) == ("", meant)
    assert meant in failure.fix


@pytest.mark.parametrize("event", [{"item": 5}, {"thread": {}}, {"update": {"type": "x"}}])
def test_an_event_without_a_type_that_carries_nothing_is_empty(event: Event) -> None:
    assert_silent(AUDIT, answered([*good(), event]))


@pytest.mark.parametrize("event", [{"type": "heartbeat"}, {"type": "ping", "data": 1}, {"ping": 1}])
def test_heartbeats_are_silent(event: Event) -> None:
    assert_silent(AUDIT, answered([*good(), event]))


def test_strays_among_good_events_are_warned_of_by_name() -> None:
    strays: list[Event] = [
        {"type": "my.own.event", "data": 1},
        {"type": "response.completed", "response": {"id": "r"}},
    ]
    (failure,) = failing(AUDIT, answered([*good(), *strays]))
    assert (failure.warns_only, failure.details["count"]) == (True, 2)
    assert "my.own.event" in failure.why
    assert "response.completed" in failure.why


def test_an_error_without_a_type_is_quoted() -> None:
    (failure,) = failing(AUDIT, answered([{"error": "User not authenticated"}]))
    assert not failure.warns_only
    assert "User not authenticated" in failure.why
    assert '"type": "error"' in failure.fix


def test_an_error_after_a_reply_is_only_warned_of() -> None:
    (failure,) = failing(AUDIT, answered([*good(), {"error": "Could not log the turn"}]))
    assert failure.warns_only
    assert "Could not log the turn" in failure.why


def test_text_on_its_way_in_a_stray_is_more_than_a_warning() -> None:
    stray = {"type": "token", "delta": "Here is"}
    (failure,) = failing(AUDIT, answered([created(), done(user()), stray, *streamed()]))
    assert not failure.warns_only


def test_a_good_turn_passes() -> None:
    assert_silent(AUDIT, answered(good()))


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ({"type": "thread.run.completed", "run": {"id": "run_1"}}, "Send nothing for it"),
        ({"type": "thread.run.in_progress"}, "nothing for it"),
        ({"type": "thread.response.completed", "thread_id": "thr_1"}, "Send nothing for it"),
    ],
)
def test_for_an_event_that_carries_nothing_nothing_is_to_be_sent(event: Event, word: str) -> None:
    (failure,) = failing(AUDIT, answered([*good(), event]))
    assert failure.warns_only
    assert word in failure.fix
    assert "lost" in failure.why


def test_an_event_that_carries_nothing_is_no_reason_for_a_missing_reply() -> None:
    run = {"type": "thread.run.completed", "run": {"id": "run_1"}}
    made = answered([created(), done(user()), run])
    assert failing(REPLY_ITEM_MISSING, made)
    findings = tuple(ask(audit, made) for audit in (AUDIT, REPLY_ITEM_MISSING))
    lost = Finding(REPLY_MISSING, Status.FAILED, (Failure((), turn=1),))
    diagnosis = diagnose(made, (*findings, lost))
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "reply-item-missing"
    assert [each.id for each in diagnosis.warnings] == ["unknown-event"]
