"""The page about repairs is what the tables, the catalogue and the measured proofs say."""

from __future__ import annotations

import pytest

from chatkit_doctor.export.repairs_page import (
    RUNTIMES,
    measured_proofs,
    page_path,
    repairs_page,
    with_runs,
)
from chatkit_doctor.repairs.registry import REPAIRS
from chatkit_doctor.report.model import ProofModel
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.vocabulary import CAUSES
from tests.report import examples
from tests.shipped import shipped

LINK = "../scenarios/{}.yaml"
UNPROVABLE = {
    "behaviour/errors/without-type": (
        "None of these events brings a reply: what should have come is not in the recording."
    ),
    "behaviour/transport/cut-before-events": "What should have followed the break is not in the recording.",
    "behaviour/transport/cut-in-mid-reply": "What should have followed the break is not in the recording.",
    "behaviour/transport/status-204": ("The response had no body: its content is not in the recording."),
    "compound/unconfirmed-then-cut": "What should have followed the break is not in the recording.",
    "protocol/widget-with-nothing": ("Nothing was streamed for it: its text is not in the recording."),
}
"""Scenarios whose cause has a repair that would have to invent something here, and what."""


@pytest.fixture(scope="module")
def scenarios() -> list[NamedScenario]:
    return list(shipped())


def test_the_committed_page_is_what_the_tables_say(scenarios: list[NamedScenario]) -> None:
    page = repairs_page(scenarios, measured_proofs())
    assert page_path().read_text(encoding="utf-8") == page, "write it again: make docs"


def test_every_cause_has_its_line(scenarios: list[NamedScenario]) -> None:
    page = repairs_page(scenarios, {})
    assert [cause for cause in CAUSES if page.count(f"\n| [{cause}](causes/{cause}.md) |") != 1] == []


def test_every_scenario_that_expects_a_cause_stands_on_the_page(scenarios: list[NamedScenario]) -> None:
    page = repairs_page(scenarios, {})
    failing = [named for named in scenarios if named.scenario.expect and named.scenario.expect.cause]
    assert [named.name for named in failing if f"](../scenarios/{named.name}.yaml)" not in page] == []


def test_a_proof_was_measured_on_a_scenario_of_the_catalogue(scenarios: list[NamedScenario]) -> None:
    proofs = measured_proofs()
    assert set(proofs) <= {named.name for named in scenarios}
    assert {runtime for outcomes in proofs.values() for runtime in outcomes} <= set(RUNTIMES)


def test_a_row_says_what_was_proven_where_that_is_not_its_cause_alone(scenarios: list[NamedScenario]) -> None:
    (named,) = (each for each in scenarios if each.name == "behaviour/transport/cut-after-reply")
    proofs = {named.name: {"reference": "proven: stream-cut", "snapshot": "proven: stream-cut, x"}}
    assert f"]({LINK.format(named.name)}) | proven | proven: stream-cut, x |" in repairs_page([named], proofs)


def test_every_cause_that_has_a_repair_is_proven_on_every_component_or_cannot_be(
    scenarios: list[NamedScenario],
) -> None:
    proofs, found = measured_proofs(), {}
    for named in scenarios:
        cause = named.scenario.expect.cause if named.scenario.expect is not None else None
        outcomes = [proofs.get(named.name, {}).get(runtime, "not measured") for runtime in RUNTIMES]
        if cause in REPAIRS and not all(_proves(outcome, cause) for outcome in outcomes):
            found[named.name] = set(outcomes)
    wanted = {name: {f"not-tried: {why}"} for name, why in UNPROVABLE.items()}
    assert found == wanted, (
        "measure them: chatkit-doctor run NAMES --proof --runtime …, then "
        "python -m chatkit_doctor.export.repairs_page RUN/report.json"
    )


def _proves(outcome: str, cause: str | None) -> bool:
    told, _, causes = outcome.partition(": ")
    return told == "proven" and cause in causes.split(", ")


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        (ProofModel(outcome="proven", causes=["wrong-dialect"]), "proven: wrong-dialect"),
        (ProofModel(outcome="proven", causes=["stream-cut", "x"]), "proven: stream-cut, x"),
        (ProofModel(outcome="not-tried", note="There is none."), "not-tried: There is none."),
    ],
)
def test_what_a_run_showed_takes_the_place_of_what_an_older_one_did(proof: ProofModel, told: str) -> None:
    report = examples.attempt_3().model_copy(update={"proof": proof})
    runtime = str(report.runtime["name"])
    older = {report.name: {runtime: "disproven", "other": "proven"}}
    found = with_runs(older, [examples.run(report, examples.control())])
    assert found == {report.name: {runtime: told, "other": "proven"}}
