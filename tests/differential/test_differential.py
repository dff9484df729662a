"""Generated dialogues look the same in the simulator and in a component in a browser.

``pytest tests/differential --conversations 2000`` plays more of them; ``python -m tests.differential`` tells
more.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from tests.conftest import RUNTIMES, has_snapshot
from tests.differential.comparison import Comparison, compare, generated, smallest_form
from tests.differential.dialogue import Answer, Dialogue, Exchange
from tests.differential.known import KNOWN, reason
from tests.differential.once_different import ONCE_DIFFERENT
from tests.differential.stages import Stages

SEED: Final = 1
MOST_SHOWN: Final = 3
"""Kinds of difference that are told in their smallest form."""


async def _compared(runtime: str, count: int) -> tuple[Comparison, list[str]]:
    async with Stages(runtime) as stages:
        found = await compare(stages, [*ONCE_DIFFERENT, *generated(count, SEED)])
        some = list(found.unknown.items())[:MOST_SHOWN]
        return found, [await smallest_form(stages, kind, apart) for kind, apart in some]


@pytest.mark.browser
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_generated_dialogues_look_as_simulated(runtime: str, conversations: int) -> None:
    if runtime == "snapshot" and not has_snapshot():
        pytest.skip("needs the snapshot runtime: no copy of the real component is imported here")
    # A loop of its own: other tests hold one in this thread.
    with ThreadPoolExecutor(1) as thread:
        found, smallest_forms = thread.submit(asyncio.run, _compared(runtime, conversations)).result()
    assert not found.unknown, "\n\n".join(["\n".join(found.lines()), *smallest_forms])


def test_each_kind_of_difference_has_a_reason() -> None:
    assert all(known.reason and known.runtimes <= set(RUNTIMES) for known in KNOWN)


@pytest.mark.parametrize(("created", "why"), [(2, "tool"), (1, "")])
def test_a_reason_holds_only_where_the_dialogue_gives_cause(created: int, why: str) -> None:
    called = {"type": "thread.item.done", "item": {"type": "client_tool_call", "id": "c1"}}
    events = [*[{"type": "thread.created", "thread": {"id": "t"}}] * created, called]
    dialogue = Dialogue((Exchange("Hello", (Answer(tuple(map(json.dumps, events))),)),))
    assert why in reason("the requests", "reference", dialogue)
    assert bool(reason("the requests", "reference", dialogue)) == bool(why)
