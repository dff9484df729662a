"""A page's fetch whose answer could not be watched is a blind spot, and no audit of it is green."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.audit import Audit
from chatkit_doctor.audits.fetch import (
    fetch_altered_stream,
    fetch_buffered_stream,
    fetch_consumed_body,
    fetch_dropped_headers,
    fetch_not_a_response,
    fetch_threw,
)
from tests.audits.asking import ask
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded, written
from tests.recordings import Part, entry

ALL = [
    each.AUDIT
    for each in (
        fetch_altered_stream,
        fetch_buffered_stream,
        fetch_consumed_body,
        fetch_dropped_headers,
        fetch_not_a_response,
        fetch_threw,
    )
]
OF_THE_BODY = [fetch_altered_stream.AUDIT, fetch_buffered_stream.AUDIT]
UNWATCHED = entry(130, "fetch", "fetch.unwatched", call="c-blind", error="TypeError: it is frozen")


def watched(*parts: Part, kinds: tuple[str, ...]) -> list[Part]:
    """An exchange through the page's fetch of which only these kinds were seen, and that it went dark."""
    made = exchange(100, body=good(), custom=Handed(), name="blind")
    of_fetch = [p for p in made if getattr(p, "layer", "") != "fetch" or p.data.kind in kinds]  # type: ignore[union-attr]
    return [*of_fetch, UNWATCHED, *parts]


@pytest.mark.parametrize("audit", ALL, ids=lambda audit: audit.id)
def test_a_call_of_which_nothing_is_known_is_not_testable(audit: Audit) -> None:
    finding = ask(audit, recorded(*watched(kinds=("fetch.call",))))
    assert finding.status == "not-testable"
    assert "it is frozen" in finding.note


@pytest.mark.parametrize("audit", ALL, ids=lambda audit: audit.id)
def test_what_was_returned_is_judged_and_only_its_body_is_not(audit: Audit) -> None:
    finding = ask(audit, recorded(*watched(kinds=("fetch.call", "fetch.returned"))))
    assert finding.status == ("not-testable" if audit in OF_THE_BODY else "passed")


def test_what_is_wrong_elsewhere_is_found_all_the_same() -> None:
    altered = exchange(2_000, body=good(), custom=Handed(body=written(good()[:4])))
    finding = ask(fetch_altered_stream.AUDIT, recorded(*watched(*altered, kinds=("fetch.call",))))
    assert finding.status == "failed"
    assert [failure.t_ms for failure in finding.failures] > [2_000]
    assert "it is frozen" in finding.note
