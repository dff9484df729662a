"""The page on adding an audit, followed to the letter in a copy of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.docs.markdown_pages import ROOT
from tests.docs.shell import Ended, type_in

PAGE: Final = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
STEP: Final = re.compile(
    r"(?P<where>In the new file|In|At the end of)\s`(?P<path>[^`]+)`"
    r"(?:, (?P<side>before|after) the line\s`(?P<line>[^`]+)`)?:\n\n```\w+\n(?P<text>.*?)```\n",
    re.DOTALL,
)
"""A block of code, and the words before it that say where it belongs."""
COPIED: Final = ("harness", "scenarios", "static", "tests", "docs", "pyproject.toml", "Makefile", "README.md")
REPAIRS: Final = "harness/chatkit_doctor/repairs/transport.py"


@dataclass(frozen=True)
class Copy:
    """A copy of the project, in which the page is followed."""

    folder: Path

    def follow(self, step: re.Match[str]) -> None:
        """Put one block where the page says."""
        file, text = self.folder / step["path"], step["text"]
        if step["where"] == "In the new file":
            assert not file.exists()
            file.write_text(text, encoding="utf-8")
            return
        before = file.read_text(encoding="utf-8")
        if step["where"] == "At the end of":
            file.write_text(before + text, encoding="utf-8")
            return
        line = f"{step['line']}\n"
        assert before.count(f"\n{line}") == 1, line
        file.write_text(
            before.replace(line, text + line if step["side"] == "before" else line + text), encoding="utf-8"
        )

    def typed(self, command: str) -> Ended:
        """What comes of a command that is typed in its folder."""
        scripts = Path(sys.executable).parent
        # Without the plugins that spread and shuffle tests; with the code of the copy.
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder / "harness"),
            "PYTEST_ADDOPTS": "-p no:randomly -p no:cacheprovider",
        }
        venv = f" VENV={scripts.parent}" if command.startswith("make ") else ""
        return type_in(command + venv, self.folder, environment, limit_s=300)


@pytest.fixture(scope="module")
def steps() -> list[re.Match[str]]:
    found = list(STEP.finditer(PAGE))
    # All code but the commands.
    assert len(found) == PAGE.count("\n```python\n") + PAGE.count("\n```yaml\n")
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(ROOT / name, folder / name, ignore=left_out)
        else:
            shutil.copy2(ROOT / name, folder / name)
    return Copy(folder)


@pytest.fixture(scope="module")
def forgotten(copy: Copy, steps: list[re.Match[str]]) -> Ended:
    """The registry's test, when all was done but for the repair."""
    for step in steps:
        if step["path"] != REPAIRS:
            copy.follow(step)
    (named,) = re.findall(r"^\| the repair.*\| `([^`]+)` \|$", PAGE, re.MULTILINE)
    return copy.typed(f"python -m pytest {named}")


@pytest.fixture(scope="module")
def ended(copy: Copy, steps: list[re.Match[str]], forgotten: Ended) -> dict[str, Ended]:
    """What came of the page's commands, when all was done."""
    for step in steps:
        if step["path"] == REPAIRS:
            copy.follow(step)
    (commands,) = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return {command: copy.typed(command) for command in commands.splitlines()}


@pytest.mark.browser
def test_every_command_of_the_page_succeeds(ended: dict[str, Ended]) -> None:
    assert {command: done.out for command, done in ended.items() if done.code != 0} == {}


@pytest.mark.browser
@pytest.mark.usefixtures("ended")
def test_the_answer_warns_of_the_new_cause(copy: Copy) -> None:
    report = json.loads((copy.folder / "reports/latest/report.json").read_text())
    assert report["verdict"] == "pass"
    assert [warning["id"] for warning in report["warnings"]] == ["stream-cacheable"]


@pytest.mark.browser
@pytest.mark.usefixtures("ended")
def test_the_new_cause_has_its_page(copy: Copy) -> None:
    page = (copy.folder / "docs/causes/stream-cacheable.md").read_text()
    assert "[wire/cacheable](../../scenarios/wire/cacheable.yaml)" in page


def test_a_repair_that_was_forgotten_is_named(forgotten: Ended) -> None:
    assert forgotten.code == 1
    assert "stream-cacheable" in forgotten.out


def test_the_tests_that_name_a_forgotten_step_exist() -> None:
    named = re.findall(r"`(tests/[^`]+)`", PAGE.split("## Tests that catch")[1])
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert len(named) >= 7
