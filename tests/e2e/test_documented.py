"""The scenarios in the documentation lead where they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.scenario.read import read
from tests.session_runner import SessionRunner

ROOT: Final = Path(__file__).parents[2]


@pytest.mark.browser
@pytest.mark.parametrize("page", ["docs/own-scenarios.md", "docs/scenarios.md"])
def test_a_documented_scenario_leads_where_it_says(
    page: str, session_runner: SessionRunner, tmp_path: Path
) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (example,) = [each for each in examples if "expect:" in each]
    report = session_runner.diagnose(read(example.encode(), page), tmp_path)
    assert report.expectation is not None
    assert report.expectation.drift == []
