"""Tests that are coroutines, where pytest-asyncio is there; without it: test_runs.py."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.pytest_plugin.runs import ROOT, run_pytest

TESTS: Final = """
import asyncio
import pytest

async def conversation(achatkit):
    loop = asyncio.get_running_loop()
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = loop.create_task(tick())
    await achatkit.send("Hello")
    await achatkit.assert_rendered("Hello", "started")
    await achatkit.expect_no_symptoms()
    ticking.cancel()
    assert ticks > 3, "the loop of the test goes on meanwhile"

@pytest.mark.asyncio
async def test_marked(achatkit):
    await conversation(achatkit)

async def test_unmarked(achatkit):
    await conversation(achatkit)
"""


@pytest.mark.browser
@pytest.mark.parametrize(("mode", "test"), [("strict", "test_marked"), ("auto", "test_unmarked")])
def test_a_coroutine_drives_the_chat_on_a_loop_of_pytest_asyncio(
    mode: str, test: str, tmp_path: Path
) -> None:
    shutil.copy(Path(__file__).parent / "project/conftest.py", tmp_path)
    (tmp_path / "test_asyncio_mode.py").write_text(TESTS, encoding="utf-8")
    settings = ["-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function"]
    ran = run_pytest(tmp_path, *settings, "-o", f"pythonpath={ROOT}", f"test_asyncio_mode.py::{test}")
    assert ran.tests == {test: ("passed", "")}, ran.out
