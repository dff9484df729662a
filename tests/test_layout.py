"""Imports point one way, and what judges a recording needs no browser."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import chatkit_doctor

PACKAGE: Final = Path(chatkit_doctor.__file__).parent
NAME: Final = chatkit_doctor.__name__

FOUNDATION: Final = frozenset(
    {
        "certificate",
        "errors",
        "loopback",
        "origins",
        "paths",
        "regular_files",
        "safe_text",
        "temporary",
        "version",
        "vocabulary",
    }
)
"""Modules directly below the package that anybody may import; they import only each other."""

FRONT_DOOR: Final = PACKAGE / "__init__.py"
"""Offers what other programs call, and loads it when it is used: tests/test_api.py."""

ORDER: Final = (
    "pytest_plugin",
    "cli",
    "mcp_server",
    "sync",
    "api",
    "live",
    "results",
    "compare",
    "export",
    "doctor",
    "report",
    "engine",
    "explain",
    "diagnosis",
    "repairs",
    "audits",
    "simulator",
    "client",
    "browser",
    "gather",
    "runtime",
    "host",
    "scenario",
    "conversation",
    "recording",
    "component",
    "protocol",
)
"""The rooms from the top floor down: each may import from those below it, and from the foundation."""


COMPUTING: Final = frozenset({"protocol", "repairs", "component", "simulator", "conversation"})
"""Rooms whose work is done before there is a report."""
SHOWN: Final = frozenset(
    {
        "chatkit_doctor.repairs.corrected_streams.CorrectedStream",
        "chatkit_doctor.repairs.curl.MOST_COMMANDS",
        "chatkit_doctor.repairs.curl.CurlCommand",
        "chatkit_doctor.repairs.difference.AnswerChange",
    }
)
"""What a report takes from them: finished values, which it shows."""


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _part(module: str) -> str:
    """The folder or module directly below the package that a dotted name belongs to."""
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
            if node.module != NAME:
                yield node.module
            else:
                # `sync` names a module below the package; `check` is handed out by the front door itself.
                yield from (
                    f"{NAME}.{alias.name}" if _is_module(alias.name) else NAME for alias in node.names
                )


def _is_module(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


def _wrong(path: Path, source: str) -> list[str]:
    if path == FRONT_DOOR:
        return []
    part = _part(_dotted(path))
    below = ORDER[ORDER.index(part) :] if part in ORDER else ()
    allowed = FOUNDATION | set(below) | {part}
    own = (name for name in _imports(source) if name.split(".")[0] == NAME)
    return [name for name in own if _part(name) not in allowed]


def test_imports_point_one_way() -> None:
    wrong = {_dotted(path): _wrong(path, path.read_text(encoding="utf-8")) for path in _modules()}
    assert {module: imports for module, imports in wrong.items() if imports} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from chatkit_doctor.report.model import ReportModel",
        "import chatkit_doctor.audits.registry",
        "from chatkit_doctor import cli",
        "from chatkit_doctor import check",
        "from chatkit_doctor import __version__",
        "import chatkit_doctor",
        "def late():\n    from chatkit_doctor.diagnosis import diagnosis",
    ],
)
def test_an_import_against_the_direction_is_seen(source: str) -> None:
    assert _wrong(PACKAGE / "runtime" / "imagined.py", source)


def _computed(source: str) -> list[str]:
    """What a module of the report takes from the rooms that compute, beyond what is finished."""
    names = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    names += [
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    return [name for name in names if _part(name) in COMPUTING and name not in SHOWN]


@pytest.mark.parametrize("path", sorted((PACKAGE / "report").rglob("*.py")), ids=_dotted)
def test_a_report_computes_nothing(path: Path) -> None:
    assert _computed(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "from chatkit_doctor.repairs.curl import curl_commands",
        "from chatkit_doctor.protocol import sse",
        "import chatkit_doctor.component.transcript",
        "def late():\n    from chatkit_doctor.conversation.recorded import conversation_of",
    ],
)
def test_a_report_that_computes_is_seen(source: str) -> None:
    assert _computed(source)


@pytest.mark.parametrize(
    "module",
    [
        "chatkit_doctor.recording.journal",
        "chatkit_doctor.recording.reader",
        "chatkit_doctor.audits.registry",
        "chatkit_doctor.report.model",
        "chatkit_doctor.compare.comparison",
        "chatkit_doctor.engine.pipeline",
        "chatkit_doctor.engine.engine",
        "chatkit_doctor.api",
        "chatkit_doctor.sync",
        "chatkit_doctor.cli.main",
    ],
)
def test_what_judges_a_recording_needs_no_browser(module: str) -> None:
    code = (
        f"import sys, {module}; import chatkit_doctor.audits.registry as r; r.audits();"
        "sys.exit('playwright' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, check=False, timeout=120)
    assert done.returncode == 0


def test_no_module_outgrows_400_lines() -> None:
    lines = {_dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _modules()}
    assert {module: count for module, count in lines.items() if count > 400} == {}
