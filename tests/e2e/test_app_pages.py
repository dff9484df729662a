"""Each cause of a page is named on a page that is not our host's, and none on one that is sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatkit_doctor.browser.target import Address
from chatkit_doctor.loopback import StandIn
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Reload, Send, Step
from chatkit_doctor.vocabulary import CAUSES, Layer
from tests.app_pages import FAULTY, NO_LOCALHOST, SOUND, AppPage, app_pages
from tests.session_runner import SessionRunner


@dataclass(frozen=True, slots=True)
class Apps:
    """A browser, and the pages it is sent to."""

    runner: SessionRunner
    port: int

    def diagnose(self, name: str, page: AppPage, folder: Path) -> ReportModel:
        """One turn on a page."""
        steps: list[Step] = [Send(text="Hello there"), *([Reload()] if page.reloads else [])]
        scenario = Scenario(title="an app", steps=steps, limits=page.limits)
        origin = f"http://{page.host}" + (f":{self.port}" if page.host == "localhost" else "")
        return self.runner.diagnose(scenario, folder, target=Address(f"{origin}/{name}"))


@pytest.fixture(scope="module")
def apps() -> Iterator[Apps]:
    runtime = choose("reference")
    with app_pages(runtime) as port:
        runner = SessionRunner(runtime, stand_ins=(StandIn(f"{NO_LOCALHOST}:80", port),))
        yield Apps(runner, port)
        runner.close()


@pytest.fixture
def apps_on(session_runner: SessionRunner) -> Iterator[Apps]:
    """The pages with the component that is there."""
    with app_pages(session_runner.runtime) as port:
        yield Apps(session_runner, port)


@pytest.mark.browser
@pytest.mark.parametrize("name", FAULTY)
def test_the_cause_is_named_in_the_words_of_the_page(apps: Apps, tmp_path: Path, name: str) -> None:
    assert_named(apps, tmp_path, name)


@pytest.mark.browser
def test_an_element_that_was_put_back_is_deaf_whatever_the_component(apps_on: Apps, tmp_path: Path) -> None:
    assert_named(apps_on, tmp_path, "element-that-is-moved-as-soon-as-it-has-its-options")


def assert_named(apps: Apps, folder: Path, name: str) -> None:
    """The one cause is that of the page, in its own words."""
    page = FAULTY[name]
    report = apps.diagnose(name, page, folder)
    assert (report.verdict, [each.id for each in report.causes]) == ("fail", [page.cause])
    assert report.cause is not None
    assert page.says in " ".join((report.cause.why, *(each.text for each in report.cause.evidence)))


@pytest.mark.browser
@pytest.mark.parametrize("name", SOUND)
def test_a_sound_page_is_not_blamed(apps: Apps, tmp_path: Path, name: str) -> None:
    report = apps.diagnose(name, SOUND[name], tmp_path)
    assert (report.verdict, report.symptoms, report.warnings) == ("pass", [], [])


@pytest.mark.parametrize("layer", [Layer.PAGE, Layer.FETCH])
def test_each_cause_of_a_page_has_such_a_page(layer: Layer) -> None:
    causes = {cause for cause, (its_layer, _) in CAUSES.items() if its_layer is layer}
    assert causes <= {page.cause for page in FAULTY.values()}
