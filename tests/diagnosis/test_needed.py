"""Which of the faults that account for what was seen an explanation needs."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from pathlib import Path

import pytest

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, Finding, Status, absent
from chatkit_doctor.diagnosis.diagnosis import Cause
from chatkit_doctor.diagnosis.experiment import SymptomKey
from chatkit_doctor.diagnosis.needed import Found, needed
from tests.chatkit_events import Event, created, done, streamed, user
from tests.conversation.made import conversation, first, judged

GONE, NO_REPLY, ERROR = (
    SymptomKey(id_, 1) for id_ in ("user-message-missing", "reply-missing", "error-shown")
)
OBSERVED = frozenset({GONE, NO_REPLY, ERROR})
CAME = Evidence(7, 100.0, "an event")
NEVER_CAME = absent(200.0, "no event")


def found(
    id_: str,
    evidence: Evidence,
    *brings: SymptomKey,
    could: Sequence[SymptomKey] | None = None,
    is_overdue: bool = False,
) -> Found:
    """A fault with one piece of evidence; ``could`` is what one without a repair can cause."""
    audit = Audit(id_, "Good.", "Because.", "Repair it.", lambda _recording: ())
    failure = Failure((evidence,), is_overdue=is_overdue)
    finding = Finding(audit, Status.FAILED, (failure,))
    reach = None if could is None else frozenset(could)
    return Found(finding, Cause.of(audit, failure), 0, frozenset(brings), reach)


def named(*every: Found) -> tuple[list[str], set[str]]:
    """The ids of the needed ones, and of those that never came because of them."""
    left, of_others = needed(every, OBSERVED)
    return [each.cause.id for each in left], set(of_others)


def test_what_a_repair_takes_away_is_needed() -> None:
    tried = [found("invalid-event", CAME, NO_REPLY), found("user-item-missing", NEVER_CAME, GONE)]
    assert named(*tried) == (["invalid-event", "user-item-missing"], set())


def test_of_two_without_a_repair_the_one_that_stands_for_more_is_enough() -> None:
    error = found("backend-error-event", CAME, NO_REPLY, ERROR, could=[NO_REPLY, ERROR])
    missing = found("reply-item-missing", NEVER_CAME, NO_REPLY, could=[NO_REPLY])
    assert named(missing, error) == (["backend-error-event"], {"reply-item-missing"})


def test_what_came_stands_for_what_never_came() -> None:
    ignored = found("first-message-ignored", NEVER_CAME, NO_REPLY, could=[NO_REPLY, GONE])
    error = found("backend-error-event", CAME, NO_REPLY, could=[NO_REPLY, GONE])
    assert named(ignored, error) == (["backend-error-event"], {"first-message-ignored"})


def test_what_came_and_is_not_needed_is_no_ones_doing() -> None:
    one = found("backend-error-event", CAME, NO_REPLY, ERROR, could=[NO_REPLY, ERROR])
    other = found("markup-in-reply", CAME, NO_REPLY, could=[NO_REPLY])
    assert named(one, other) == (["backend-error-event"], set())


def test_an_error_accounts_for_what_did_not_come_behind_it() -> None:
    error = found("backend-error-event", CAME, ERROR, could=[ERROR, NO_REPLY])
    open_item = found("item-never-done", NEVER_CAME, NO_REPLY)
    left, of_others = needed([open_item, error], OBSERVED)
    assert [(each.cause.id, each.brings) for each in left] == [
        ("backend-error-event", frozenset({ERROR, NO_REPLY}))
    ]
    assert of_others == {"item-never-done"}


def test_it_does_not_account_for_what_came_and_was_wrong() -> None:
    error = found("backend-error-event", CAME, ERROR, could=[ERROR, NO_REPLY])
    misshapen = found("invalid-event", CAME, NO_REPLY)
    assert named(misshapen, error)[0] == ["invalid-event", "backend-error-event"]


def test_nor_does_one_that_is_not_needed_itself() -> None:
    idle = found("backend-error-event", CAME, could=[ERROR, NO_REPLY])
    open_item = found("item-never-done", NEVER_CAME, NO_REPLY)
    assert named(open_item, idle) == (["item-never-done"], set())


def test_what_nobody_saw_counts_for_nothing() -> None:
    blank = SymptomKey("blank-panel", 1)
    error = found("backend-error-event", CAME, NO_REPLY, could=[NO_REPLY, GONE])
    unconfirmed = found("user-item-missing", NEVER_CAME, GONE, blank)
    assert named(unconfirmed, error) == (["backend-error-event"], {"user-item-missing"})


def test_one_that_accounts_for_the_rest_of_a_first_message_is_still_needed_itself() -> None:
    unconfirmed = found("user-item-missing", NEVER_CAME, GONE)
    ignored = found("first-message-ignored", NEVER_CAME, NO_REPLY, could=[NO_REPLY, GONE])
    assert named(unconfirmed, ignored) == (["first-message-ignored"], {"user-item-missing"})


@pytest.mark.parametrize("chief", ["backend-error-event", "empty-body"])
def test_nor_for_what_was_due_before_something_that_came(chief: str) -> None:
    error = found(chief, CAME, NO_REPLY, ERROR, could=[ERROR, NO_REPLY, GONE])
    unconfirmed = found("user-item-missing", NEVER_CAME, GONE, is_overdue=True)
    assert named(unconfirmed, error) == (["user-item-missing", chief], set())


def test_what_nobody_could_read_may_be_what_was_due_before() -> None:
    unread = found("sse-bad-json", CAME, could=[GONE, NO_REPLY])
    unconfirmed = found("user-item-missing", NEVER_CAME, GONE, is_overdue=True)
    assert named(unconfirmed, unread) == (["sse-bad-json"], {"user-item-missing"})


STREAM_ERROR: Event = {"type": "error", "code": "stream.error"}
CONFIRMED = [created(), done(user())]


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([*CONFIRMED, STREAM_ERROR], "backend-error-event"),
        ([STREAM_ERROR], "backend-error-event"),
        ([created(), STREAM_ERROR], "backend-error-event"),
        ([created()], "first-message-ignored"),
        ([created(), {"error": "no"}], "unknown-event"),
    ],
)
def test_a_stream_that_says_why_it_lacks_the_rest_has_one_cause(
    events: list[Event], cause: str, tmp_path: Path
) -> None:
    report = judged(conversation(first(events)), tmp_path)
    assert [each.id for each in report.causes] == [cause]
    assert not report.warnings


@pytest.mark.parametrize(
    ("events", "causes"),
    [
        ([created(), *streamed(), STREAM_ERROR], ["backend-error-event", "user-item-missing"]),
        ([created(), *streamed()[:-1], STREAM_ERROR], ["backend-error-event", "user-item-missing"]),
        ([created(), STREAM_ERROR, *streamed()], ["backend-error-event", "user-item-missing"]),
        ([done(user()), *streamed(), STREAM_ERROR], ["thread-created-missing", "backend-error-event"]),
    ],
    ids=["unconfirmed", "unconfirmed and broken off", "gone on with", "unannounced"],
)
def test_a_backend_that_went_on_without_what_is_missed_has_two_faults(
    events: list[Event], causes: list[str], tmp_path: Path
) -> None:
    report = judged(conversation(first(events)), tmp_path)
    assert [each.id for each in report.causes] == causes


def test_a_reply_that_an_error_left_open_is_a_warning(tmp_path: Path) -> None:
    report = judged(conversation(first([*CONFIRMED, *streamed()[:-1], STREAM_ERROR])), tmp_path)
    assert [each.id for each in report.causes] == ["backend-error-event"]
    assert [each.id for each in report.warnings] == ["item-never-done"]


@pytest.mark.parametrize("unreadable", ["sse-bad-json", "sse-bad-framing"])
def test_what_nobody_could_read_may_be_what_is_missed(unreadable: str) -> None:
    unread = found(unreadable, CAME, could=[GONE, NO_REPLY])
    unconfirmed = found("user-item-missing", NEVER_CAME, GONE)
    assert named(unconfirmed, unread) == ([unreadable], {"user-item-missing"})


def test_what_nobody_could_read_is_needed_once_and_only_for_what_was_seen() -> None:
    assert named(found("sse-bad-json", CAME, NO_REPLY, could=[NO_REPLY])) == (["sse-bad-json"], set())
    assert named(found("sse-bad-json", CAME, could=[NO_REPLY])) == ([], set())


def test_two_without_a_repair_that_stand_for_different_things_are_both_needed() -> None:
    error = found("backend-error-event", CAME, ERROR, could=[ERROR])
    markup = found("markup-in-reply", CAME, NO_REPLY, could=[NO_REPLY])
    assert named(error, markup) == (["backend-error-event", "markup-in-reply"], set())


def test_what_could_be_read_once_repaired_is_not() -> None:
    unread = found("sse-bad-json", CAME)
    unconfirmed = found("user-item-missing", NEVER_CAME, GONE)
    assert named(unread, unconfirmed)[0] == ["sse-bad-json", "user-item-missing"]


WHOLE = [*CONFIRMED, *streamed()]


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_an_event_that_breaks_off_is_the_only_fault_of_its_stream(place: int, tmp_path: Path) -> None:
    written = [dumps(event) for event in WHOLE]
    written[place] = written[place][:40]
    body = "".join(f"data: {each}\n\n" for each in written).encode()
    report = judged(conversation(first(body)), tmp_path)
    told = report.causes if report.verdict == "fail" else report.warnings
    # Text for a part that never began makes the component throw, which it says.
    assert {each.id for each in told} - {"handler-error"} == {"sse-bad-json"}
    assert report.verdict == "fail" or not report.causes
