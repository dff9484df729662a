"""Damaged streams: whatever comes, there is an answer, and the same one twice.

``python -m tests.fuzz`` puts more of them through ``lint`` and ``check``, and looks at the time, too.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from tests.fuzz.checked import check
from tests.fuzz.linted import lint
from tests.fuzz.streams import streams

LINTED: Final = 40
CHECKED: Final = 6


def test_lint_bears_every_stream_and_answers_alike_twice() -> None:
    fuzzed = lint(streams(LINTED, seed=2))
    assert (fuzzed.count, fuzzed.complaints) == (LINTED, {})


@pytest.mark.browser
def test_check_answers_alike_twice_and_never_blames_what_is_right(component: str, tmp_path: Path) -> None:
    # A loop of its own: other tests hold one in this thread.
    with ThreadPoolExecutor(1) as thread:
        made = streams(CHECKED, seed=3)
        fuzzed = thread.submit(asyncio.run, check(made, component, tmp_path)).result()
    assert (fuzzed.count, fuzzed.complaints) == (2 * CHECKED, {})
    assert fuzzed.right, "none of these streams ends as it was meant"


def test_a_stream_depends_on_its_number_and_the_seed_alone() -> None:
    assert streams(1, seed=5, first=7) == streams(8, seed=5)[7:]
