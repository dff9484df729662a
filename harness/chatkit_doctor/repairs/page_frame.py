"""What keeps the component's frame from a page: files that are not there, and the check of the domain."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.repairs.repair import Repair, RepairPage
from chatkit_doctor.scenario.page import PageSetup


def _whole(*damages: str) -> RepairPage:
    def repair(page: PageSetup) -> PageSetup:
        return page.model_copy(update={"component": "whole"}) if page.component in damages else page

    return repair


def _verified(*answers: str) -> RepairPage:
    def repair(page: PageSetup) -> PageSetup:
        is_asked = page.domain_check in answers
        return page.model_copy(update={"domain_check": "verified"}) if is_asked else page

    return repair


REPAIRS: Final = (
    Repair(
        "frame-load-failed",
        "serves the frame's document and its main bundle.",
        page=_whole("frame-missing", "frame-challenged", "bundle-missing"),
    ),
    Repair("frame-asset-missing", "serves the lazily loaded parts.", page=_whole("parts-missing")),
    Repair(
        "domain-not-verified",
        "makes the domain check succeed.",
        page=_verified("refused", "unknown-key"),
    ),
    Repair(
        "domain-check-unreachable",
        "lets the domain check through, and makes it succeed.",
        page=_verified("failing", "filtered"),
    ),
)
"""The repairs of this module; none of them depends on another."""
