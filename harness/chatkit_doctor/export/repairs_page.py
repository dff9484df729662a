"""The page that says which causes can be repaired, and where that was proven.

``python -m chatkit_doctor.export.repairs_page`` writes ``docs/repairs.md`` from the repairs, the catalogue
and ``docs/proofs.json``. Given the ``report.json`` of runs with ``--proof``, it first takes over what they
showed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.repairs.registry import NO_REPAIR, REPAIRS
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.report.model import ProofModel, RunModel
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select
from chatkit_doctor.vocabulary import CAUSES

Proofs = Mapping[str, Mapping[str, str]]
"""By scenario and runtime: the outcome, and why it is no better or what was proven."""

RUNTIMES: Final = ("reference", "snapshot")
_UNKNOWN: Final = "not measured"
_PROOFS: Final = TypeAdapter(dict[str, dict[str, str]])


def repairs_page(scenarios: Sequence[NamedScenario], proofs: Proofs) -> str:
    """The whole page as Markdown; scenarios count by the cause that they expect."""
    return "\n".join(_lines(_by_cause(scenarios), proofs)) + "\n"


def page_path() -> Path:
    """Where the page is in a checkout."""
    return scenarios_dir().parent / "docs" / "repairs.md"


def proofs_path() -> Path:
    """Where the measured proofs are in a checkout."""
    return scenarios_dir().parent / "docs" / "proofs.json"


def measured_proofs() -> dict[str, dict[str, str]]:
    """The proofs that were measured."""
    return _PROOFS.validate_json(proofs_path().read_bytes())


def with_runs(proofs: Proofs, runs: Sequence[RunModel]) -> dict[str, dict[str, str]]:
    """The proofs with those of more runs, which take the place of older ones."""
    found = {name: dict(by_runtime) for name, by_runtime in proofs.items()}
    for run in runs:
        for report in run.scenarios:
            if report.proof is not None:
                found.setdefault(report.name, {})[str(run.runtime["name"])] = _outcome(report.proof)
    return found


def _outcome(proof: ProofModel) -> str:
    more = proof.note or ", ".join(proof.causes)
    return f"{proof.outcome}: {more}" if more else proof.outcome


def _by_cause(scenarios: Sequence[NamedScenario]) -> dict[str, list[str]]:
    by_cause: dict[str, list[str]] = {cause: [] for cause in CAUSES}
    for named in scenarios:
        expect = named.scenario.expect
        if expect is not None and expect.cause is not None:
            by_cause[expect.cause].append(named.name)
    return by_cause


def _lines(by_cause: Mapping[str, Sequence[str]], proofs: Proofs) -> Iterator[str]:
    yield "# Repairs: which causes can be proven, and where they have been"
    yield ""
    yield "<!-- Written by `make docs` from repairs, scenarios and proofs.json; do not edit it here. -->"
    yield ""
    yield "[proof.md](proof.md) explains how a cause is proven, [causes.md](causes.md) what each cause means."
    yield ""
    yield "## Causes with a repair"
    yield ""
    yield "| cause | repaired in | the repair … |"
    yield "| --- | --- | --- |"
    for cause in CAUSES:
        if cause in REPAIRS:
            repair = REPAIRS[cause]
            yield f"| [{cause}](causes/{cause}.md) | {_place(repair)} | {_cell(repair.does)} |"
    yield ""
    yield "## Causes without one"
    yield ""
    yield "| cause | why | scenarios |"
    yield "| --- | --- | --- |"
    for cause, why in NO_REPAIR.items():
        shown = ", ".join(_link(name) for name in by_cause[cause]) or "none"
        yield f"| [{cause}](causes/{cause}.md) | {_cell(why)} | {shown} |"
    yield ""
    yield "## Scenarios whose cause has a repair"
    yield ""
    yield (
        "Results of `chatkit-doctor run --proof` on each component, with the reason where a cause is not "
        "proven."
    )
    yield ""
    yield f"| cause | scenario | {' | '.join(RUNTIMES)} |"
    yield f"| --- | --- |{' --- |' * len(RUNTIMES)}"
    for cause in CAUSES:
        for name in by_cause[cause] if cause in REPAIRS else ():
            found = (proofs.get(name, {}).get(runtime, _UNKNOWN) for runtime in RUNTIMES)
            # That it was proven of the cause of its row goes without saying.
            outcomes = (_cell("proven" if each == f"proven: {cause}" else each) for each in found)
            yield f"| {cause} | {_link(name)} | {' | '.join(outcomes)} |"
    if bare := [cause for cause in REPAIRS if not by_cause[cause]]:
        yield ""
        yield f"No scenario expects these as its cause: {', '.join(bare)}."


def _place(repair: Repair) -> str:
    return "conversation" if repair.page is None else "page"


def _link(name: str) -> str:
    return f"[{name}](../scenarios/{name}.yaml)"


def _cell(text: str) -> str:
    """Text of this project as a cell of a table: its backticks are meant, its bars are not."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _main(reports: Sequence[str]) -> None:
    proofs = measured_proofs()
    if reports:
        runs = [RunModel.model_validate_json(Path(report).read_bytes()) for report in reports]
        proofs = with_runs(proofs, runs)
        text = json.dumps(proofs, indent=2, sort_keys=True, ensure_ascii=False)
        proofs_path().write_text(f"{text}\n", encoding="utf-8")
    page_path().write_text(repairs_page(select([]), proofs), encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])
