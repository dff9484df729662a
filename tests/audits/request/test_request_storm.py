"""The same request, again and again."""

from __future__ import annotations

from chatkit_doctor.audits.request.request_storm import AUDIT, LEAST
from tests.audits.asking import assert_silent, failing
from tests.conversations import exchange, recorded
from tests.recordings import Part

JSON = "application/json"
PAGE = {"data": [], "has_more": True}


def pages(count: int, *, status: int = 200, moving: bool = False) -> list[Part]:
    """As many pages, each asked for in the same words, or each behind the one before."""
    return [
        part
        for n in range(count)
        for part in exchange(
            100 * n,
            "items.list",
            PAGE,
            mime=JSON,
            status=status,
            params={"thread_id": "thr_1", "after": f"i{n if moving else 0}"},
        )
    ]


def test_a_request_that_is_repeated_a_dozen_times_fails() -> None:
    (failure,) = failing(AUDIT, recorded(*pages(LEAST)))
    assert failure.details == {"op": "items.list", "times": LEAST}


def test_fewer_others_and_failed_ones_are_none() -> None:
    assert_silent(AUDIT, recorded(*pages(LEAST - 1)))
    assert_silent(AUDIT, recorded(*pages(LEAST, moving=True)))
    assert_silent(AUDIT, recorded(*pages(LEAST, status=500)))
