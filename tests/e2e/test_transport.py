"""A fault below HTTP has one cause and one sentence, whether a browser met it or this client."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor import sync
from chatkit_doctor.report.model import CauseModel
from tests.conversation import faulty_server as faulty
from tests.conversation.faulty_server import over_tls, serving

pytestmark = pytest.mark.browser

ORIGIN: Final = "http://localhost:3000"
Made = Callable[[Path], AbstractContextManager[str]]
FAULTS: Final[dict[str, tuple[Made, str]]] = {
    "closed": (lambda _: serving(faulty.closes), "server-error"),
    "http-on-https": (lambda _: serving(faulty.refuses_strangers, "https"), "wrong-url"),
    "https-on-http": (lambda tmp: serving(over_tls(faulty.self_signed(tmp), faulty.good)), "wrong-url"),
    "self-signed": (
        lambda tmp: serving(over_tls(faulty.self_signed(tmp), faulty.good), "https"),
        "wrong-url",
    ),
    "redirects": (lambda _: serving(faulty.redirects), "wrong-url"),
    "undecodable": (
        lambda _: serving(faulty.encoded("gzip", b"data: 1\n\n")),
        "content-encoding-mismatch",
    ),
}


def cause(report_cause: CauseModel | None) -> tuple[str, str, str]:
    """Its id, its title, and what is said of it without the browser's own name for it."""
    assert report_cause is not None
    return report_cause.id, report_cause.title, report_cause.why.partition(" (")[0]


@pytest.mark.parametrize("name", FAULTS)
def test_check_and_lint_say_the_same(name: str, tmp_path: Path) -> None:
    make, expected = FAULTS[name]
    with make(tmp_path) as url:
        linted = sync.lint(url, messages=("Hello",), origin=ORIGIN, output=tmp_path / "lint")
        checked = sync.check(
            url, messages=("Hello",), runtime="reference", trace=False, output=tmp_path / "check"
        )
    found = cause(checked.report.cause)
    assert found[0] == expected
    assert found == cause(linted.report.cause)
