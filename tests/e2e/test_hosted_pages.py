"""Hosted mode on a page of one's own: its side is judged, what is behind it is not, and no secret shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.browser.target import Address
from chatkit_doctor.host.hosted import LIFETIME_S, secret_for
from chatkit_doctor.recording.entries import HostedRequest, SecretAsked, SecretGiven
from chatkit_doctor.recording.reader import load
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import Send
from tests.artifacts import contents
from tests.hosted_pages import SLOW_S, hosted_pages
from tests.session_runner import SessionRunner
from tests.written import write

pytestmark = pytest.mark.browser

TURN = Scenario(title="one turn", steps=[Send(text="Hello there")], limits=Limits(turn=2_500))
SERVICE = Scenario(title="x", page=PageSetup(client_secret="given"), backend=SdkBackend(stream_ms=50))


@dataclass(frozen=True)
class Pages:
    """Where the pages are, and what looks at them."""

    runner: SessionRunner
    origin: str

    def diagnose(self, name: str, folder: Path, **options: Any) -> ReportModel:
        """One turn on a page."""
        return self.runner.diagnose(TURN, folder, target=Address(f"{self.origin}/{name}"), **options)


@pytest.fixture(scope="module")
def pages(reference: SessionRunner) -> Iterator[Pages]:
    """OpenAI's service is stood in for: it takes the secrets of a site that is there."""
    with reference.host.site(SERVICE, "") as site:

        def secret(is_expired: bool) -> str:
            return secret_for(site, lifetime_s=0 if is_expired else LIFETIME_S)

        with hosted_pages(secret) as origin:
            yield Pages(reference, origin)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("endpoint-fails", "/session/fails” was answered with 502"),
        ("endpoint-answers-emptily", "returned an empty text"),
        ("endpoint-hangs", "called getClientSecret and waited for"),
        ("nobody-is-logged-in", "log in first"),
    ],
)
def test_what_the_page_does_not_give_is_the_page_s(
    pages: Pages, tmp_path: Path, name: str, said: str
) -> None:
    report = pages.diagnose(name, tmp_path)
    assert (report.verdict, [each.id for each in report.causes]) == ("fail", ["client-secret-failed"])
    assert report.cause is not None
    assert said in report.cause.why


def test_a_secret_that_comes_late_but_in_time_is_nobody_s_fault(pages: Pages, tmp_path: Path) -> None:
    report = pages.diagnose("endpoint-is-slow", tmp_path)
    (asked, given) = (next(iter(load(tmp_path).of(kind))).t for kind in (SecretAsked, SecretGiven))
    assert given - asked >= SLOW_S * 1000
    assert (report.verdict, report.cause, report.symptoms) == ("inconclusive", None, [])


def test_what_openai_refuses_is_named_by_its_status_and_nobody_is_blamed(
    pages: Pages, tmp_path: Path
) -> None:
    report = pages.diagnose("unknown-to-openai", tmp_path)
    assert (report.verdict, report.cause) == ("inconclusive", None)
    assert "401" in str(report.reason)


def test_one_that_expires_and_is_renewed_is_never_green_and_appears_nowhere(
    pages: Pages, tmp_path: Path
) -> None:
    report = pages.diagnose("renews", tmp_path, trace=True)
    write(report, tmp_path)
    recording = load(tmp_path)
    assert len(recording.of(SecretGiven)) > 1
    answered = [each.data.status for each in recording.of(HostedRequest) if each.data.state == "answered"]
    assert (answered[0], answered[-1]) == (401, 200)
    assert (report.verdict, report.cause) == ("inconclusive", None)
    assert "hosted mode" in str(report.reason)
    secret = re.compile(rb"ek_\w{8}|eyJleHBpcmVzX2F0")
    assert [name for name, data in contents(tmp_path) if secret.search(data)] == []
