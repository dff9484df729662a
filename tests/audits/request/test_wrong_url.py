"""API URLs that lead elsewhere."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.request.wrong_url import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, failed, recorded
from tests.recordings import URL


@pytest.mark.parametrize(
    ("status", "mime", "words"),
    [
        (404, "application/json", "nothing there"),
        (404, "text/html", "nothing there"),
        (405, "application/json", "does not accept POST"),
        (200, "text/html", "web page"),
        (302, None, "redirects"),
    ],
)
def test_what_answers_there_is_told(status: int, mime: str | None, words: str) -> None:
    (failure,) = failing(AUDIT, recorded(exchange(100, body=b"<html>", status=status, mime=mime)))
    assert words in failure.why
    assert failure.details["url"] == URL


def test_what_was_answered_is_quoted_and_cut_off() -> None:
    page = b"<title>Log in</title>" + b"<p>" * 10_000
    (failure,) = failing(AUDIT, recorded(exchange(100, body=page, mime="text/html")))
    assert "Log in" in failure.why
    assert len(failure.why) < 1_000


@pytest.mark.parametrize(
    ("error", "blocked"),
    [("net::ERR_CONNECTION_REFUSED", ""), ("net::ERR_NAME_NOT_RESOLVED", ""), ("", "mixed-content")],
)
def test_a_host_that_cannot_be_reached_fails(error: str, blocked: str) -> None:
    assert failing(AUDIT, recorded(failed(100, error=error, blocked=blocked)))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("net::ERR_CONNECTION_REFUSED", "nothing listens"),
        ("net::ERR_CERT_AUTHORITY_INVALID", "certificate"),
        ("net::ERR_CERT_DATE_INVALID", "expired"),
        ("net::ERR_SSL_PROTOCOL_ERROR", "does not speak https"),
        ("net::ERR_CONNECTION_RESET: the server speaks https on that port, but the URL says http", "https"),
        ("net::ERR_TOO_MANY_REDIRECTS", "redirects in a loop"),
        ("net::ERR_UNSAFE_REDIRECT", "redirects to something that is not an http"),
        ("net::ERR_INVALID_REDIRECT", "redirects to something that is not an http"),
    ],
)
def test_what_happened_is_said_in_the_table_s_words(error: str, words: str) -> None:
    (failure,) = failing(AUDIT, recorded(failed(100, error=error)))
    assert words in failure.why
    assert "nobody could be reached" not in failure.why
    assert error.partition(": ")[0] in failure.why


@pytest.mark.parametrize("error", ["net::ERR_EMPTY_RESPONSE", "net::ERR_CONNECTION_RESET"])
def test_a_server_that_hangs_up_is_another_cause(error: str) -> None:
    assert_silent(AUDIT, recorded(failed(100, error=error)))


def test_a_404_for_a_later_operation_where_others_work_is_another_cause() -> None:
    op = "threads.add_user_message"
    later = exchange(900, op, b"{}", status=404, mime="application/json")
    assert_silent(AUDIT, recorded(exchange(100, body=good()), later))


def test_a_url_the_page_has_changed_is_another_cause() -> None:
    sent = {"url": "http://localhost:1/elsewhere", "op": "threads.create", "body": {"type": "threads.create"}}
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=404, mime=None, custom=Handed(), sent=sent)))


@pytest.mark.parametrize("status", [401, 403, 422, 500])
def test_other_refusals_are_other_causes(status: int) -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b"<html>", status=status, mime="text/html")))


def test_a_good_stream_and_a_request_the_browser_blocked_are_silent() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good())))
    assert_silent(AUDIT, recorded(failed(100, error="net::ERR_FAILED", blocked="cors", cors="Missing")))


def test_only_the_list_of_threads_breaking_is_another_cause() -> None:
    lists = exchange(50, "threads.list", b"<html>", status=404, mime="text/html")
    assert_silent(AUDIT, recorded(lists, exchange(100, body=good())))
