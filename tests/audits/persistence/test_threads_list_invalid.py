"""Lists of threads that cannot be read."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.persistence.threads_list_invalid import AUDIT
from chatkit_doctor.recording.reader import Recording
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, failed, recorded
from tests.recordings import URL, entry


def listed(answer: object, status: int = 200, mime: str | None = "application/json") -> Recording:
    """A list of threads, and a turn that goes well."""
    asked = exchange(50, "threads.list", answer, status=status, mime=mime)
    return recorded(asked, exchange(100, body=good()))


@pytest.mark.parametrize(
    ("answer", "status"), [(None, 200), ({"threads": []}, 200), ([], 200), (b"data: {}\n\n", 200), ({}, 500)]
)
def test_an_unreadable_list_fails(answer: object, status: int) -> None:
    assert len(failing(AUDIT, listed(answer, status))) == 1


def test_a_request_that_is_on_its_way_at_the_end_takes_nothing_back() -> None:
    asked = exchange(50, "threads.list", None, mime="application/json")
    again = entry(
        900,
        "request",
        "request.sent",
        id="again",
        url=URL,
        op="threads.list",
        body={},
        method="POST",
        headers={},
        auth={},
    )
    assert len(failing(AUDIT, recorded(asked, exchange(100, body=good()), again))) == 1


@pytest.mark.parametrize(
    ("body", "status"), [({"detail": "no such table: threads"}, 500), (b"no such table: threads", 200)]
)
def test_what_was_answered_is_quoted(body: object, status: int) -> None:
    (failure,) = failing(AUDIT, listed(body, status))
    assert "no such table: threads" in failure.why


def test_it_explains_no_symptom() -> None:
    assert AUDIT.explains == frozenset()


def test_a_list_passes_whoever_gives_it() -> None:
    assert_silent(AUDIT, listed({"data": [], "has_more": False}))
    mock = Handed(mime="application/json")
    asked = exchange(50, "threads.list", {"data": []}, mime="application/json", custom=mock, network=False)
    assert_silent(AUDIT, recorded(asked, exchange(100, body=good())))


def test_it_is_told_where_messages_are_refused_as_well() -> None:
    refused = exchange(50, "threads.list", b"", status=401, mime=None)
    assert failing(AUDIT, recorded(refused, exchange(100, body=b"", status=401, mime=None)))


@pytest.mark.parametrize(
    ("blocked", "cors"), [("cors", "MissingAllowOriginHeader"), ("csp", "")], ids=["cors", "csp"]
)
def test_what_the_browser_let_nobody_see_is_no_list_that_cannot_be_read(blocked: str, cors: str) -> None:
    parts = failed(100, "threads.list", error="net::ERR_FAILED", blocked=blocked, cors=cors)
    assert_silent(AUDIT, recorded(parts))
