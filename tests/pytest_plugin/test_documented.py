"""The page on tests names everything there is, and its examples are those that are run."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Final

import pytest

from chatkit_doctor.browser.visitor import ContextOptions
from chatkit_doctor.pytest_plugin import guest, launch
from chatkit_doctor.pytest_plugin.settings import Settings
from tests.pytest_plugin.runs import ROOT

PAGE: Final = (ROOT / "docs/pytest.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_each_argument_of_the_mark_is_explained(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", sorted({*ContextOptions.__annotations__, *launch._TAKEN, *guest._ELSEWHERE}))
def test_each_argument_of_playwrights_that_is_taken_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_example_in_the_readme_is_one_that_is_run() -> None:
    (example,) = re.findall(
        r"^```python\n(@pytest.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    body = example.partition("(chatkit):\n")[2]
    assert body
    assert body in (ROOT / "examples/pytest/tests/test_chat.py").read_text(encoding="utf-8")
