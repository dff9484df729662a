"""How often an id is the reason, or what its reasons are, in a sentence or two: counted, never estimated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_doctor.explain.reports import FieldReport, reported
from chatkit_doctor.vocabulary import CAUSES

_MOST: Final = 5
"""Causes of a symptom that are named."""


def how_often(cause: str) -> str:
    """How often a cause was reported."""
    reports = reported(cause)
    if not reports:
        return "No public report that was read names it as the reason."
    return " ".join(_told(report, cause) for report in reports)


def most_reported(causes: Sequence[str]) -> str:
    """Which of the causes of a symptom were reported most often; empty where none was."""
    named = ", ".join(f"{cause} ({places})" for cause, places in ranking(causes)[:_MOST])
    if not named:
        return ""
    return (
        "Of the causes that bring it about in a scenario these were reported most, each with the public "
        f"places that tell of it, whatever was seen there: {named}."
    )


def ranking(causes: Sequence[str]) -> list[tuple[str, int]]:
    """The causes that were reported, each with its number of places, the most frequent first."""
    counted = {cause: _places(cause) for cause in causes if cause in CAUSES}
    return sorted(((cause, n) for cause, n in counted.items() if n), key=lambda pair: -pair[1])


def _places(cause: str) -> int:
    """How many places report a cause: a thread that reports two of its faults is one."""
    reports = reported(cause)
    threads = [thread for report in reports for thread in report.threads]
    return sum(report.places for report in reports) - (len(threads) - len({*threads}))


def _told(report: FieldReport, cause: str) -> str:
    places = "one public place" if report.places == 1 else f"at least {report.places} public places"
    others = [other for other in report.causes if other != cause]
    apart = f", which do not tell it apart from {_listed(others)}" if others else ""
    confirmed = f"; confirmed by {report.confirmed}" if report.confirmed else ""
    return f"Reported in {places}{apart}: {report.about}{confirmed}."


def _listed(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else f"{', '.join(ids[:-1])} and {ids[-1]}"
