"""Imports point one way, and what judges a recording needs no browser."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import harness

PACKAGE: Final = Path(harness.__file__).parent

FOUNDATION: Final = frozenset({"", "errors", "loopback", "paths", "vocabulary"})
"""Modules directly below ``harness`` that anybody may import; they import only each other."""

MAY_IMPORT: Final[dict[str, frozenset[str]]] = {
    "protocol": frozenset(),
    "gather": frozenset({"protocol"}),
    "audits": frozenset({"gather", "protocol"}),
    "diagnosis": frozenset({"audits", "gather", "protocol"}),
    "report": frozenset({"diagnosis", "audits", "gather", "protocol", "scenario", "host"}),
    "explain": frozenset({"audits", "protocol"}),
    "scenario": frozenset({"protocol"}),
    "runtime": frozenset(),
    "host": frozenset({"scenario", "protocol"}),
    "browser": frozenset({"scenario", "host", "runtime", "gather", "protocol"}),
    "compare": frozenset({"doctor", "report", "browser", "host", "runtime", "scenario", "gather"}),
}
"""What each folder may import beside itself and the foundation. What is not named here stands on top (the
command line, the module that runs whole sessions) and may be imported from the top only."""


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _part(module: str) -> str:
    """The folder or module directly below ``harness`` that a dotted name belongs to."""
    names = module.split(".")
    return names[1] if len(names) > 1 else ""


def _dotted(path: Path) -> str:
    names = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they point"
            assert node.module
            yield node.module
            # `from harness import audits` names the folder in what it takes, not in where it takes it from.
            yield from (f"harness.{alias.name}" for alias in node.names if node.module == "harness")


def _wrong(path: Path, source: str) -> list[str]:
    part = _part(_dotted(path))
    if part not in MAY_IMPORT and part not in FOUNDATION:
        return []
    allowed = FOUNDATION | MAY_IMPORT.get(part, frozenset()) | {part}
    parts_of_package = {_part(_dotted(module)) for module in _modules()}
    return [
        name
        for name in _imports(source)
        if name.split(".")[0] == "harness" and _part(name) in parts_of_package and _part(name) not in allowed
    ]


@pytest.mark.parametrize("path", _modules(), ids=_dotted)
def test_imports_point_one_way(path: Path) -> None:
    assert _wrong(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "from harness.report.model import ReportModel",
        "import harness.audits.registry",
        "from harness import cli",
        "def late():\n    from harness.diagnosis import diagnosis",
    ],
)
def test_an_import_against_the_direction_is_seen(source: str) -> None:
    assert _wrong(PACKAGE / "runtime" / "imagined.py", source)


@pytest.mark.parametrize(
    "module",
    [
        "harness.gather.journal",
        "harness.gather.recording",
        "harness.audits.registry",
        "harness.report.model",
        "harness.compare.comparison",
        "harness.judging",
        "harness.lint.lint",
        "harness.cli.main",
    ],
)
def test_what_judges_a_recording_needs_no_browser(module: str) -> None:
    code = (
        f"import sys, {module}; import harness.audits.registry as r; r.audits();"
        "sys.exit('playwright' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, check=False, timeout=120)
    assert done.returncode == 0


@pytest.mark.parametrize("path", _modules(), ids=_dotted)
def test_no_module_outgrows_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
