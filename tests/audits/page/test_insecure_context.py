"""Pages over plain http."""

from __future__ import annotations

from chatkit_doctor.audits.page.insecure_context import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.page.pages import opening
from tests.recordings import recording


def test_an_insecure_page_fails() -> None:
    assert len(failing(AUDIT, recording(opening(secure=False)))) == 1


def test_a_secure_page_passes() -> None:
    assert_silent(AUDIT, recording(opening()))
