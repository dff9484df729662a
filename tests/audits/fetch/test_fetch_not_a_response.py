"""Page fetches that return something else."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.fetch.fetch_not_a_response import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded


@pytest.mark.parametrize("what", ["undefined", "Object", "String"])
def test_anything_but_a_response_fails_and_is_named(what: str) -> None:
    (failure,) = failing(AUDIT, recorded(exchange(100, body=good(), custom=Handed(what=what))))
    assert failure.details["what"] == what


def test_a_response_passes_and_a_refused_request_is_a_consequence() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed())))
    refused = exchange(100, body=b"", status=500, mime=None, custom=Handed(what="undefined"))
    assert_silent(AUDIT, recorded(refused))
