"""The changelog has a place for what comes, and one for each version that is out."""

from __future__ import annotations

import re
from pathlib import Path

from chatkit_doctor.version import __version__

CHANGELOG = Path(__file__).parents[1] / "docs" / "changelog.md"


def test_the_newest_version_is_the_one_that_is_built() -> None:
    sections = re.findall(r"^## (.+)$", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    versions = [section.partition(" - ")[0] for section in sections if section != "Unreleased"]
    assert versions[0] == __version__
    assert versions == sorted(
        versions, key=lambda each: [int(part) for part in each.split(".")], reverse=True
    )
    assert "Unreleased" not in sections[1:]


def test_no_section_is_empty() -> None:
    _, *sections = re.split(r"^## .+$", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert all(section.strip() for section in sections)
