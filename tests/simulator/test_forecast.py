"""The simulated component predicts what the real one was measured to do, in every scenario it can be asked.

The expectations of the catalogue were measured on the real component. Each scenario's own backend is talked
to over real sockets, the conversation is judged without a browser, and all that the scenario expects is
compared: verdict, cause, symptoms, transcript, banners, the component's events, requests and console errors.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.engine.pipeline import judge, with_remedies
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.report.build import report_of
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.backend import ScriptBackend, SdkBackend
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select
from chatkit_doctor.scenario.steps import Reload, Send
from chatkit_doctor.simulator.simulate import simulate
from tests.shipped import shipped
from tests.simulator.scenario_client import converse

_NO_HANDLER: Final = "only the page knows that it has no onClientTool: no IntegrationError is simulated"
DIFFERS: Final = {
    "behaviour/items/client-tool-completed": _NO_HANDLER,
    "behaviour/items/client-tool-no-handler": _NO_HANDLER,
    "component/chart-without-series": "the parts of a widget are not simulated, nor that one fails",
}
"""Scenarios that are simulated differently from what was measured, and why. An entry that agrees again is
stale."""


def _can_be_asked(named: NamedScenario) -> bool:
    """Whether a scenario's page and browser do nothing of their own: that is no part of a conversation."""
    scenario = named.scenario
    own = scenario.page.model_dump(exclude_defaults=True).keys() - {"remember_thread"}
    steps = all(isinstance(step, Send | Reload) for step in scenario.steps)
    # A page that forgets its thread over a reload does something of its own, too.
    reloads = any(isinstance(step, Reload) for step in scenario.steps)
    remembers = scenario.page.remember_thread or not reloads
    local = isinstance(scenario.backend, SdkBackend | ScriptBackend) and scenario.backend.other_origin is None
    return local and remembers and steps and not own and scenario.expect is not None


ASKED: Final = tuple(named for named in shipped() if _can_be_asked(named))


@pytest.fixture(scope="module")
def conversations() -> dict[str, Conversation]:
    """All of them, several at a time: most of a conversation is waiting."""
    with Host() as host, ThreadPoolExecutor(max_workers=4) as pool:
        held = pool.map(lambda named: converse(host, named.scenario), ASKED)
        return dict(zip((named.name for named in ASKED), held, strict=True))


def _simulated(named: NamedScenario, conversations: dict[str, Conversation], folder: Path) -> ReportModel:
    simulate(conversations[named.name], folder, Redactor(), name=named.name)
    return report_of(with_remedies(judge(load(folder), named.scenario.expect)), {})


@pytest.mark.parametrize("named", [n for n in ASKED if n.name not in DIFFERS], ids=lambda named: named.name)
def test_what_was_measured_is_simulated(
    named: NamedScenario, conversations: dict[str, Conversation], tmp_path: Path
) -> None:
    report = _simulated(named, conversations, tmp_path)
    assert report.expectation is not None
    assert report.expectation.drift == []
    assert [each.id for each in report.unanswered if each.status == "error"] == []


@pytest.mark.parametrize("named", [n for n in ASKED if n.name in DIFFERS], ids=lambda named: named.name)
def test_a_known_difference_is_still_one(
    named: NamedScenario, conversations: dict[str, Conversation], tmp_path: Path
) -> None:
    report = _simulated(named, conversations, tmp_path)
    assert report.expectation is not None
    assert report.expectation.drift, f"{named.name} agrees: take it out of DIFFERS"


def test_nearly_all_of_the_catalogue_is_simulated() -> None:
    assert len(ASKED) >= 140
    assert DIFFERS.keys() <= {named.name for named in ASKED}
    assert len(DIFFERS) / len(ASKED) < 0.05


def test_what_is_simulated_is_never_said_to_have_been_seen(
    conversations: dict[str, Conversation], tmp_path: Path
) -> None:
    report = _simulated(select(["control/reload"])[0], conversations, tmp_path)
    assert report.verdict == "pass"
    assert report.runtime["name"] == "model"
    assert "simulated" in report.runtime["why"]
    assert report.browser == {}
    unseen = {layer for layer, state in report.layers.items() if state == "not-testable"}
    assert unseen == {"page", "frame", "fetch", "paint"}
    assert report.warnings == []
