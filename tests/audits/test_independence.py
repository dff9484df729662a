"""No audit knows another: what one finds depends on no other's answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor import audits

ROOT: Final = Path(audits.__file__).parent
REGISTRY: Final = ROOT / "registry.py"
"""Puts every question, and so is the only one that knows all audits."""
PACKAGE: Final = audits.__name__


def name_of(path: Path) -> str:
    """The name under which a file is imported."""
    return ".".join([PACKAGE, *path.relative_to(ROOT).with_suffix("").parts])


def is_audit(source: str) -> bool:
    """Whether a module asks a question of its own."""
    assigned = [node for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    targets = [target for node in assigned for target in node.targets]
    return any(isinstance(target, ast.Name) and target.id == "AUDIT" for target in targets)


MODULES: Final = sorted(path for path in ROOT.rglob("*.py") if path != REGISTRY)
QUESTIONS: Final = frozenset(name_of(path) for path in MODULES if is_audit(path.read_text("utf-8")))
ANSWERING: Final = frozenset({"examine", "audits", "judge", "_ask"})
"""What gives an answer. An audit that called it would build on one."""


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported, and every name of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dependences(source: str) -> list[str]:
    """The questions whose file a module imports, and the answers that it calls for."""
    tree = ast.parse(source)
    known = [name for name in imported(tree) if name in QUESTIONS or name.startswith(f"{PACKAGE}.registry")]
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = [func.id for func in called if isinstance(func, ast.Name)]
    attributes = [func.attr for func in called if isinstance(func, ast.Attribute)]
    return known + [name for name in (*plain, *attributes) if name in ANSWERING]


def test_there_are_questions() -> None:
    assert f"{PACKAGE}.protocol.user_item_missing" in QUESTIONS
    assert f"{PACKAGE}.dom.reply_missing" in QUESTIONS


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_audit_builds_on_the_answer_of_another(path: Path) -> None:
    assert dependences(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "from chatkit_doctor.audits.protocol.user_item_missing import AUDIT",
        "from chatkit_doctor.audits.protocol import user_item_missing",
        "def late():\n    import chatkit_doctor.audits.dom.reply_missing",
        "from chatkit_doctor.audits.registry import examine",
        "other.judge(recording)",
    ],
)
def test_one_that_did_would_be_seen(source: str) -> None:
    assert dependences(source)
