"""The catalogue shows every cause and symptom in a browser, and comes close to each without showing it.

What a scenario says under ``expect`` is what a browser shows: ``tests/e2e/test_catalogue.py`` runs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS
from tests.shipped import shipped

IDS: Final = (*CAUSES, *SYMPTOMS)
CATALOGUE: Final = shipped()

NOT_SHOWN: Final[dict[str, str]] = {
    "event-burst": "the limit is React's, and the reference, which has none, has no lines left to imitate it",
    "frame-asset-missing": "the reference component loads all of its parts at once: none can be lost later",
}
"""What no scenario can show that has to hold on both components, and why."""

ONLY_WARNED_OF: Final = {
    "sse-done-marker": "the component tells the page of it and nobody else: all that was sent is shown",
    "workflow-left-open": "the component closes it at the end of the stream, and nothing that could be lost",
    "handler-error": "the real one refuses an update for the kind of its item; the reference does not mind",
    "error-told-as-reply": "the words are shown as they were sent: whether they should have been is not seen",
    "threads-list-invalid": "the chat works without the list: only its history cannot be opened",
}
"""Causes that are shown as warnings: nothing a user sees results from them, on one component at least."""


def _expectations() -> Iterator[tuple[NamedScenario, Expect]]:
    return ((named, named.scenario.expect) for named in CATALOGUE if named.scenario.expect is not None)


def _showing(id_: str) -> list[str]:
    """The scenarios in which an id is the root cause or a symptom."""
    return [named.name for named, expect in _expectations() if id_ in {expect.cause, *expect.symptoms}]


def _warning_of(id_: str) -> list[str]:
    return [named.name for named, expect in _expectations() if id_ in expect.warnings]


def _near(id_: str) -> list[str]:
    return [named.name for named, expect in _expectations() if id_ in expect.near_miss_of]


@pytest.mark.parametrize("id_", [id_ for id_ in IDS if id_ not in NOT_SHOWN.keys() | ONLY_WARNED_OF.keys()])
def test_a_scenario_shows_it(id_: str) -> None:
    assert _showing(id_), f"no scenario expects {id_} as its cause or as one of its symptoms"


@pytest.mark.parametrize("id_", list(ONLY_WARNED_OF))
def test_a_scenario_warns_of_it(id_: str) -> None:
    assert _warning_of(id_), f"no scenario expects a warning of {id_}"


@pytest.mark.parametrize("id_", IDS)
def test_a_scenario_comes_close_to_it(id_: str) -> None:
    assert _near(id_), f"no scenario is a near miss of {id_}"


def test_no_reason_is_stale() -> None:
    assert NOT_SHOWN.keys() | ONLY_WARNED_OF.keys() <= {*IDS}
    assert [id_ for id_ in (*NOT_SHOWN, *ONLY_WARNED_OF) if _showing(id_)] == []
    assert [id_ for id_ in NOT_SHOWN if _warning_of(id_)] == []


def test_every_scenario_says_where_it_leads() -> None:
    assert [named.name for named in CATALOGUE if named.scenario.expect is None] == []


def test_a_near_miss_expects_something_else() -> None:
    """A scenario that contradicts itself could never be met."""
    contradictory = [
        named.name
        for named, expect in _expectations()
        if {*expect.near_miss_of} & {expect.cause, *expect.symptoms, *expect.symptoms_may, *expect.warnings}
    ]
    assert contradictory == []
