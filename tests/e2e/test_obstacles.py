"""What replaces a chat is named, and is not a fault of the chat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.browser import driver
from chatkit_doctor.browser.target import Address
from chatkit_doctor.recording.entries import SessionLimit
from chatkit_doctor.scenario.model import Limits, Scenario
from tests.own_pages import OwnPages, own_pages
from tests.session_runner import SessionRunner

HURRIED = Scenario(title="nothing", limits=Limits(ready=2_000))
"""Long enough for a busy machine to load a page, which takes some 50 ms."""


@pytest.fixture(scope="module")
def pages() -> Iterator[OwnPages]:
    with own_pages() as pages:
        yield pages


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "what", "says"),
    [
        ("sign-up", "a login page", "An app"),
        ("challenged", "a question whether the visitor is human", "Just a moment..."),
        ("vite-error", "an error that the page's framework shows", "Failed to resolve import"),
        ("next-error", "an error that the page's framework shows", "chatkit is not defined"),
        ("consent", "a question about cookies", "We use cookies"),
        ("absent", "an error page", "status 404: Not found"),
    ],
)
def test_an_obstacle_is_named(
    reference: SessionRunner, pages: OwnPages, tmp_path: Path, page: str, what: str, says: str
) -> None:
    report = reference.diagnose(HURRIED, tmp_path, target=Address(f"{pages.url}/{page}"))
    assert (report.verdict, report.symptoms, report.warnings) == ("inconclusive", [], [])
    assert report.reason.startswith(f"{what} appears in place of the chat (“{says}”): ")


@pytest.mark.browser
def test_what_stays_is_not_waited_for_to_the_end(
    reference: SessionRunner, pages: OwnPages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "OBSTACLE_MS", 500)
    patient = Scenario(title="nothing", limits=Limits(ready=120_000))
    recording = reference.record(patient, tmp_path, target=Address(f"{pages.url}/sign-up"))
    (limit,) = recording.of(SessionLimit)
    assert (limit.data.name, limit.data.limit_ms) == ("ready", 500)


@pytest.mark.browser
def test_a_page_without_a_chat_and_without_an_obstacle_fails(
    reference: SessionRunner, pages: OwnPages, tmp_path: Path
) -> None:
    report = reference.diagnose(HURRIED, tmp_path, target=Address(f"{pages.url}/empty"))
    assert report.verdict == "fail"
    assert [symptom.id for symptom in report.symptoms] == ["no-component"]
