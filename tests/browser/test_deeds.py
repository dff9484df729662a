"""What a user does at a page is known once both of its reports have come, or one of them long ago."""

from __future__ import annotations

import math

from chatkit_doctor.browser.deeds import REPORT_MS, Deeds, Sent
from chatkit_doctor.browser.waits import Before
from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.recording.journal import Clock
from tests.recordings import Made, entry

BODY = {"type": "threads.create", "params": {"input": {"content": [{"type": "input_text", "text": "Hi"}]}}}


def heard(*made: Made) -> Deeds:
    """Deeds that have taken notice of these entries."""
    deeds = Deeds(lambda: Before.of(SessionState(Clock())))
    for each in made:
        deeds.on_entry(each.t, each.data)
    return deeds


def asked(t: float) -> Made:
    """The component's call, by the page's own clock."""
    return entry(t, "request", "request.asked", op="threads.create", body=BODY)


def sent(t: float) -> Made:
    """The request that leaves the browser."""
    return entry(t, "request", "request.sent", id="r1", op="threads.create", body=BODY)


def test_nothing_is_ready_where_nothing_waits() -> None:
    assert heard().ready_ms == math.inf


def test_a_message_of_which_one_report_has_come_waits_for_the_other() -> None:
    assert heard(sent(500)).ready_ms == 500 + REPORT_MS


def test_a_message_begins_with_the_earlier_of_its_reports_whichever_comes_first() -> None:
    """A busy page reports its call after the browser has reported the request."""
    for deeds in (heard(asked(300), sent(500)), heard(sent(500), asked(300))):
        assert deeds.ready_ms == 300
        first = deeds.next()
        assert isinstance(first, Sent)
        assert (first.t, first.text, deeds.next()) == (300, "Hi", None)


def test_a_request_that_is_sent_again_is_another_one() -> None:
    deeds = heard(asked(300), sent(500), sent(900))
    deeds.next()
    assert deeds.next_ms == 900
