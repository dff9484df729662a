"""How a comparison is put into words, the same for the terminal and the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.compare.model import ComparisonModel, DifferenceModel, NoiseModel, ScenarioModel

NOTHING: Final = "nothing"
"""Stands where one side has no line."""


def figure(percent: float | None) -> str:
    """A share in percent, never rounded up to what it is not."""
    if percent is None:
        return "not testable"
    return f"{int(percent * 10) / 10:g} %"


def fact(comparison: ComparisonModel) -> str:
    """The agreement in one sentence."""
    agreed = comparison.agreement
    limits = f", with noise in one of these in {agreed.noisy} of them" if agreed.noisy else ""
    limits += f", {agreed.not_compared} not compared" if agreed.not_compared else ""
    how = "the same in every run" if comparison.itself else "equal"
    return (
        f"{figure(agreed.percent)}: {agreed.agreeing} of {agreed.scenarios} scenarios are {how} in final "
        f"transcript, order of visible states, component events and requests{limits}; required: at least "
        f"{comparison.at_least:g} %"
    )


def standing(scenario: ScenarioModel) -> str:
    """One or two words for a list of scenarios."""
    if scenario.not_compared:
        return "not compared"
    if not scenario.agrees:
        return "differs"
    return "agrees" if scenario.differences else "equal"


def summary(scenario: ScenarioModel) -> str:
    """What there is to say of a scenario, in one line; empty when all is equal."""
    parts = [scenario.not_compared] if scenario.not_compared else []
    if scenario.differences:
        parts.append(f"in {', '.join(f'{each.aspect}{_known(each)}' for each in scenario.differences)}")
    parts += [f"noise in {each.aspect} on {' and '.join(each.runtimes)}" for each in scenario.noise]
    return "; ".join(parts)


def changes(found: DifferenceModel | NoiseModel) -> Iterator[tuple[int, str, str]]:
    """The rows in which the two sides are not the same: position, left, right."""
    for row in found.rows:
        if not row.same:
            yield row.position, _said(row.left), _said(row.right)


def _known(difference: DifferenceModel) -> str:
    return " (known)" if difference.known else ""


def _said(line: str | None) -> str:
    return NOTHING if line is None else line
