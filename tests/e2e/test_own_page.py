"""A user's own page, as it is: wherever its chat lies, and however late it comes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.browser.target import Address
from chatkit_doctor.browser.visitor import Visitor
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.recording.entries import SessionBrokeOff, SessionLimit
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.page_check import page_check
from chatkit_doctor.scenario.steps import Send
from chatkit_doctor.vocabulary import Verdict
from tests.own_pages import OwnPages, own_pages
from tests.session_runner import SessionRunner

TURN = Scenario(title="one turn", steps=[Send(text="Hello there")])
HURRIED = Scenario(title="nothing", limits=Limits(ready=1_000))


@pytest.fixture(scope="module")
def pages() -> Iterator[OwnPages]:
    with own_pages() as pages:
        yield pages


@pytest.mark.browser
def test_two_turns_a_reload_and_one_more_turn_pass(
    session_runner: SessionRunner, pages: OwnPages, tmp_path: Path
) -> None:
    url = f"{pages.url}/plain"
    report = session_runner.diagnose(page_check(url), tmp_path, target=Address(url))
    assert (report.verdict, report.symptoms, report.warnings) == ("pass", [], [])
    assert [each.turn for each in report.messages] == [1, 1, 2, 2, 3, 3]
    assert (report.target["kind"], report.target["url"]) == ("page", url)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "clicks"),
    [("framed-from-another-site", ()), ("late", ()), ("dialog", ("#open",)), ("behind-a-service-worker", ())],
)
def test_a_chat_is_found_wherever_and_whenever_it_comes(
    reference: SessionRunner, pages: OwnPages, tmp_path: Path, page: str, clicks: tuple[str, ...]
) -> None:
    target = Address(f"{pages.url}/{page}", clicks)
    report = reference.diagnose(TURN, tmp_path, target=target)
    assert (report.verdict, report.symptoms) == ("pass", [])


@pytest.mark.browser
def test_on_a_screen_that_is_touched_the_button_sends(
    session_runner: SessionRunner, pages: OwnPages, tmp_path: Path
) -> None:
    target = Address(f"{pages.url}/dialog", ("#open",))
    recording = session_runner.visit(Visitor(device="iPhone 15"), TURN, tmp_path, target)
    assert judge(recording, None).diagnosis.verdict is Verdict.PASS


@pytest.mark.browser
def test_what_the_chat_lacked_at_the_limit_is_recorded(
    reference: SessionRunner, pages: OwnPages, tmp_path: Path
) -> None:
    recording = reference.record(HURRIED, tmp_path, target=Address(f"{pages.url}/bare"))
    (limit,) = recording.of(SessionLimit)
    assert limit.data.name == "ready"
    assert limit.data.error == "no <openai-chatkit> yet; chatkit.js has not been requested"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("selector", "said"),
    [("#absent", "there was nothing to click at '#absent' (--click)"), ("#[", "--click '#['")],
)
def test_what_cannot_be_clicked_is_named(
    reference: SessionRunner, pages: OwnPages, tmp_path: Path, selector: str, said: str
) -> None:
    target = Address(f"{pages.url}/dialog", (selector,))
    recording = reference.record(HURRIED, tmp_path, target=target)
    (broke_off,) = recording.of(SessionBrokeOff)
    assert broke_off.data.reason.startswith(said)
