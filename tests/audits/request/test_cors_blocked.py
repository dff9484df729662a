"""Requests the browser blocks for their origin."""

from __future__ import annotations

import pytest
from msgspec import structs

from chatkit_doctor.audits.failure_modes import HISTORY
from chatkit_doctor.audits.persistence.thread_read_failed import AUDIT as READS
from chatkit_doctor.audits.request.cors_blocked import AUDIT
from chatkit_doctor.recording.header import TargetInfo
from chatkit_doctor.recording.reader import Recording
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import exchange, failed, recorded
from tests.journals import HEADER as HEADER_LINE
from tests.recordings import URL, Part, entry, recording

HEADER = "HeaderDisallowedByPreflightResponse chatkit-frame-instance-id"


@pytest.mark.parametrize(
    ("cors", "words"),
    [
        (HEADER, "does not allow the header “chatkit-frame-instance-id”"),
        ("PreflightInvalidStatus 401", "answered with 401"),
        ("MissingAllowOriginHeader", "no Access-Control-Allow-Origin"),
        ("SomethingNew x", "SomethingNew"),
    ],
)
def test_what_is_missing_is_named(cors: str, words: str) -> None:
    blocked = failed(
        100, error="x", blocked="cors", cors=cors, status=401, asked_headers="a", allowed_headers=""
    )
    recording = recorded(blocked)
    assert words in failing(AUDIT, recording)[0].why


def test_the_preflight_is_evidence() -> None:
    recording = recorded(
        failed(100, error="x", cors=HEADER, status=200, asked_headers="a", allowed_headers="b")
    )
    assert any("preflight" in evidence.text for evidence in failing(AUDIT, recording)[0].evidence)


def test_a_blocked_list_alone_is_reported_where_no_message_was_sent() -> None:
    assert failing(AUDIT, recorded(failed(50, "threads.list", error="x", blocked="cors")))


def test_a_blocked_list_beside_messages_that_pass_is_only_warned_of() -> None:
    blocked = failed(50, "threads.list", error="x", blocked="cors")
    (failure,) = failing(AUDIT, recorded(blocked, exchange(100, body=good())))
    assert failure.warns_only


@pytest.mark.parametrize("op", ["threads.get_by_id", "items.list"])
def test_a_blocked_reading_beside_messages_that_pass_loses_the_history_and_nothing_else(op: str) -> None:
    blocked = failed(50, op, error="x", blocked="cors")
    (failure,) = failing(AUDIT, recorded(exchange(10, body=good()), blocked))
    assert (failure.explains, failure.warns_only) == (HISTORY, False)


HIDDEN_HEADER = "MissingAllowOriginHeader"


@pytest.mark.parametrize("status", [401, 404, 500])
def test_an_error_that_is_hidden_for_want_of_its_headers_is_the_cause_itself(status: int) -> None:
    assert_silent(AUDIT, recorded(failed(100, error="x", blocked="cors", cors=HIDDEN_HEADER, hidden=status)))


def test_a_success_that_is_hidden_is_blocked() -> None:
    assert failing(AUDIT, recorded(failed(100, error="x", blocked="cors", cors=HIDDEN_HEADER, hidden=200)))


def test_other_failures_are_other_causes() -> None:
    assert_silent(AUDIT, recorded(failed(100, error="net::ERR_CONNECTION_REFUSED")))


def at_page(url: str) -> Part:
    """The page's own document."""
    return entry(10, "page", "page.document", url=url, status=200, headers={})


def test_where_the_browser_gives_no_reason_a_hidden_error_is_named_beside_cors() -> None:
    parts = at_page("http://localhost:3000/chat"), failed(100, error="net::ERR_FAILED")
    (failure,) = failing(AUDIT, recorded(*parts))
    assert "CORS" in failure.title
    assert "500" in failure.why
    assert "log" in failure.fix
    assert failure.confidence == "likely"


@pytest.mark.parametrize(
    ("page", "error"),
    [(URL, "net::ERR_FAILED"), ("http://localhost:3000/chat", "net::ERR_CONNECTION_REFUSED")],
)
def test_one_origin_or_a_reason_leaves_nothing_open(page: str, error: str) -> None:
    assert_silent(AUDIT, recorded(at_page(page), failed(100, error=error)))


@pytest.mark.parametrize("op", ["threads.get_by_id", "items.list"])
def test_a_hidden_status_of_a_reading_is_the_reading_s_own_failure(op: str) -> None:
    blocked = failed(50, op, error="x", blocked="cors", cors=HIDDEN_HEADER, hidden=500)
    recording = recorded(exchange(10, body=good()), blocked)
    assert_silent(AUDIT, recording)
    (failure,) = failing(READS, recording)
    assert "answered with 500" in failure.why
    assert failure.details["status"] == 500
    assert "log" in failure.fix


def _checked(cors: str) -> Recording:
    """A session of ``check --backend``: the page in it is not the user's own."""
    blocked = failed(100, error="x", blocked="cors", cors=cors, status=400)
    target = TargetInfo(kind="backend", url=URL)
    page = entry(5, "page", "page.document", url="http://localhost:5999/s/1/", status=200)
    return recording(page, blocked, header=structs.replace(HEADER_LINE, target=target))


def test_a_page_that_was_made_for_the_check_is_said_to_be_what_is_refused() -> None:
    (failure,) = failing(AUDIT, _checked("PreflightMissingAllowOriginHeader"))
    assert failure.title == "The backend does not allow the page that chatkit-doctor opened"
    assert failure.why.startswith("The backend does not allow the page at http://localhost:5999")
    assert "--origin http://localhost:3000" in failure.fix
    assert "check --page URL" in failure.fix


def test_a_header_that_every_page_needs_is_missing_on_any_page() -> None:
    (failure,) = failing(AUDIT, _checked(HEADER))
    assert failure.title == ""
