"""pytest in a process of its own, as somebody runs it in their project, and what came of each test."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

LIMIT_S: Final = 180.0
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended: its exit code, what it said, and by its name how each test came out and why."""

    folder: Path
    code: int
    out: str
    tests: Mapping[str, tuple[Literal["passed", "failure", "error"], str]]

    def why(self, name: str, outcome: str) -> str:
        """What a test that came out so is shown to have failed for."""
        came, text = self.tests[name]
        assert came == outcome, (name, came, text)
        return text

    @property
    def reports(self) -> set[str]:
        """The tests whose reports were kept where they usually are."""
        found = self.folder.glob("reports/*/index.html")
        return {"-".join(each.parent.name.split("-")[2:]) for each in found if each.parent.name != "latest"}


def run_pytest(folder: Path, *options: str, **environ: str) -> Ran:
    """Run all tests of a project on the reference component."""
    # What this run of pytest tells its own processes is nothing to that one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "--chatkit-runtime=reference", "--junitxml=out.xml", *options]
    done = subprocess.run(
        [*command, "-p", "no:randomly", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**kept, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )
    out = done.stdout + done.stderr
    assert (folder / "out.xml").is_file(), out
    tests: dict[str, tuple[Literal["passed", "failure", "error"], str]] = {}
    for case in ET.parse(folder / "out.xml").iter("testcase"):  # noqa: S314 - of our own run
        failed, error = case.find("failure"), case.find("error")
        text = "".join(each.text or "" for each in (failed, error) if each is not None)
        outcome: Literal["passed", "failure", "error"] = "passed"
        if failed is not None or error is not None:
            outcome = "failure" if failed is not None else "error"
        tests[case.attrib["name"]] = (outcome, text)
    return Ran(folder, done.returncode, out, tests)
