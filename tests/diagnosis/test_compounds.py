"""What several faults at once come to, for every compound scenario: the causes, and what finds them.

The scenarios are carried out without a browser here; ``tests/e2e/test_catalogue.py`` does it in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.diagnosis import counterfactual
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.engine import pipeline
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select
from tests.conversation.made import judged
from tests.diagnosis.scripted import conversed

OF_THE_PAGE: Final = frozenset(
    {"compound/no-bundle-and-unannounced", "compound/not-remembered-and-unconfirmed"}
)
"""Their faults are in the page or the frame, of which a simulation knows nothing."""
COMPOUNDS: Final = tuple(named for named in select(["compound"]) if named.name not in OF_THE_PAGE)
ALL_SUSPECTS_FAIL: Final = 10
"""Of the compounds, that many at least get other causes where every suspect is one (measured: 12 of 49)."""
ALL_ACCOUNTING_FAIL: Final = 22
"""The same, where all that accounts for a symptom is one, in the order of the layers (measured: 26)."""
ROOTS_FAIL: Final = 10
"""That many at least get another first cause from the order of the layers alone (measured: 12)."""


def expected(named: NamedScenario) -> list[str]:
    """The causes that a scenario says there are."""
    assert named.scenario.expect is not None
    return list(named.scenario.expect.causes or [])


def causes(report: ReportModel) -> list[str]:
    """The causes that a report names."""
    return [cause.id for cause in report.causes]


def wrong(folder: Path) -> list[str]:
    """The compounds whose causes are not those that they say there are."""
    return [
        named.name
        for number, named in enumerate(COMPOUNDS)
        if causes(judged(conversed(named.scenario), folder / str(number))) != expected(named)
    ]


@pytest.mark.parametrize("named", COMPOUNDS, ids=lambda named: named.name)
def test_every_cause_is_found_and_nothing_harmless_besides(named: NamedScenario, tmp_path: Path) -> None:
    expect = named.scenario.expect
    assert expect is not None
    report = judged(conversed(named.scenario), tmp_path)
    assert (report.verdict, causes(report)) == (expect.verdict, expected(named))
    assert {*expect.warnings} <= {warning.id for warning in report.warnings}
    found = {symptom.id for symptom in report.symptoms}
    assert {*expect.symptoms} <= found <= {*expect.symptoms, *expect.symptoms_may}


def test_there_are_many() -> None:
    assert len(COMPOUNDS) + len(OF_THE_PAGE) >= 30


def test_taking_every_suspect_for_a_cause_fails_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def every(suspects: Sequence[str], *_left: object, **_limits: object) -> list[frozenset[str]]:
        return [frozenset(suspects)]

    monkeypatch.setattr(counterfactual, "minimal_sets", every)
    assert len(wrong(tmp_path)) >= ALL_SUSPECTS_FAIL


def by_layers(_recording: Recording, diagnosis: Diagnosis) -> Diagnosis:
    """What there is without experiments: all that accounts for a symptom, the earliest layer first."""
    accounting = (diagnosis.cause, *diagnosis.contributing)
    return replace(diagnosis, causes=tuple(each for each in accounting if each is not None))


def test_the_order_of_the_layers_alone_fails_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "with_experiments", by_layers)
    assert len(wrong(tmp_path)) >= ALL_ACCOUNTING_FAIL


def test_so_does_its_first_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "with_experiments", by_layers)
    other = [
        named.name
        for number, named in enumerate(COMPOUNDS)
        if causes(judged(conversed(named.scenario), tmp_path / str(number)))[:1] != expected(named)[:1]
    ]
    assert len(other) >= ROOTS_FAIL
