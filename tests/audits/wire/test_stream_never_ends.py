"""Connections that stay open."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.wire.stream_never_ends import AUDIT
from chatkit_doctor.recording.views.exchanges import streams
from tests.audits.asking import ask, assert_silent, failing
from tests.chatkit_events import HELLO, good
from tests.conversations import exchange, recorded
from tests.recordings import URL, entry, reloaded, send

LIMIT = send(0, HELLO, until=5000, limit="turn")


def test_a_silent_open_connection_fails() -> None:
    (failure,) = failing(AUDIT, recorded(LIMIT, exchange(100, body=good(), how="open", end=5200)))
    assert failure.confidence == "certain"
    assert failure.details["events"] == len(good())


def test_one_that_is_still_sending_is_only_likely_to_be_the_cause() -> None:
    busy = exchange(100, body=good(), how="open", at=(10, 4700), end=5200)
    assert failing(AUDIT, recorded(LIMIT, busy))[0].confidence == "likely"


def test_one_that_was_silent_to_the_end_of_the_session_fails() -> None:
    assert failing(
        AUDIT, recorded(send(0, HELLO, until=1500), exchange(100, body=good(), how="open", end=1500))
    )


def test_one_that_a_session_which_ended_otherwise_cut_short_may_have_ended_by_itself() -> None:
    busy = exchange(100, body=good(), how="open", at=(10, 900), end=1500)
    assert_silent(AUDIT, recorded(send(0, HELLO, until=1500), busy))


def test_one_that_a_reload_ended_after_the_limit_fails() -> None:
    recording = recorded(LIMIT, exchange(100, body=good(), how="aborted", end=6000), reloaded(5990))
    assert failing(AUDIT, recording)


def test_a_backend_that_never_answers_fails() -> None:
    asked = {"url": URL, "op": "threads.create", "body": {"type": "threads.create"}}
    sent = entry(100, "request", "request.sent", id="r", method="POST", headers={}, **asked)
    (failure,) = failing(AUDIT, recorded(LIMIT, sent))
    assert "never responded" in failure.title


def test_one_that_was_sent_just_before_the_limit_is_given_its_time() -> None:
    asked = {"url": URL, "op": "threads.create", "body": {"type": "threads.create"}}
    assert_silent(
        AUDIT, recorded(LIMIT, entry(4600, "request", "request.sent", id="r", method="POST", **asked))
    )


@pytest.mark.parametrize(
    ("begin", "fails"),
    [(5_100, False), (3_300, False), (2_700, True)],
    ids=["after the limit", "just before it", "long before it"],
)
def test_one_that_is_asked_for_again_is_given_as_long_as_the_one_before_took(
    begin: float, fails: bool
) -> None:
    before = exchange(100, body=good(), at=(10, 1_000), end=1_100)
    again = exchange(begin, body=good(), how="open", at=(10, 1_500), end=2_500, observed=False)
    recording = recorded(LIMIT, before, again)
    (both,) = streams(recording)
    assert [attempt.how for attempt in both.attempts] == ["finished", "open"]
    assert ask(AUDIT, recording).status == ("failed" if fails else "passed")


def test_one_that_began_after_the_limit_is_not_waited_for() -> None:
    assert_silent(AUDIT, recorded(LIMIT, exchange(5_100, body=good(), how="open", at=(10, 300), end=400)))


def test_an_answer_that_is_labelled_as_something_else_is_not_waited_for() -> None:
    assert_silent(AUDIT, recorded(LIMIT, exchange(100, body=good(), mime="text/plain", how="open", end=5200)))


def test_a_proper_end_or_a_stop_before_the_limit_passes() -> None:
    settled = send(0, HELLO, until=900)
    assert_silent(AUDIT, recorded(settled, exchange(100, body=good())))
    assert_silent(AUDIT, recorded(settled, exchange(100, body=good(), how="aborted")))


@pytest.mark.parametrize(
    ("how", "end", "fails"),
    [("aborted", 4_896, False), ("aborted", 4_897, True), ("finished", 6_000, False)],
    ids=["stopped before the limit", "stopped by the limit", "ended after the limit"],
)
def test_one_that_did_not_end_by_itself_went_on_to_the_limit(how: str, end: float, fails: bool) -> None:
    finding = ask(AUDIT, recorded(LIMIT, exchange(100, body=good(), how=how, end=end)))
    assert finding.status == ("failed" if fails else "passed")


def test_a_refusal_that_stays_open_is_not_waited_for() -> None:
    assert_silent(AUDIT, recorded(LIMIT, exchange(100, body=good(), status=500, how="open", end=5200)))


def test_one_that_the_page_left_behind_may_have_ended_by_itself() -> None:
    anew = entry(2_000, "page", "page.document", url=URL, status=200)
    gone = entry(2_010, "frame", "frame.detached", url=URL)
    open_ = exchange(100, body=good(), how="open", end=5_200)
    assert_silent(AUDIT, recorded(LIMIT, open_, anew, gone))
    assert failing(AUDIT, recorded(LIMIT, anew, gone, exchange(2_100, body=good(), how="open", end=5_200)))
