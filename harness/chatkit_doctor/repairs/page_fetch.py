"""Faults of a page's own `api.fetch`: it is replaced by one that passes everything through."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.scenario.page import PageSetup

_CAUSES: Final = (
    "request-rewritten",
    "fetch-threw",
    "fetch-not-a-response",
    "fetch-consumed-body",
    "fetch-dropped-headers",
    "fetch-altered-stream",
    "fetch-buffered-stream",
)


def _passed_through(page: PageSetup) -> PageSetup:
    if page.fetch in {"none", "passes-through"}:
        return page
    return page.model_copy(update={"fetch": "passes-through"})


REPAIRS: Final = tuple(
    Repair(
        cause, "replaces the page's own fetch with one that passes everything through.", page=_passed_through
    )
    for cause in _CAUSES
)
"""The repairs of this module; which of them is made does not matter."""
