"""Puts generated dialogues to the simulator and to a component in a browser, and tells where they differ.

    python -m tests.differential --runtime snapshot --conversations 10000
    python -m tests.differential --runtime reference --seed 7 --smallest 5

Dialogues that are played differently are played once more on components that were never used, so that nothing
of an earlier one is left. Of each kind of difference the smallest form of one dialogue is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.differential.dialogue import Dialogue, Look, difference
from tests.differential.generated import dialogues
from tests.differential.simulated import simulated
from tests.differential.smallest import smallest
from tests.differential.stages import Stages

_WIDTH: Final = 300
"""Characters shown of an event."""


def generated(count: int, number: int) -> list[Dialogue]:
    """So many dialogues; the same for the same number."""
    found: list[Dialogue] = []

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(dialogues())
    def collect(dialogue: Dialogue) -> None:
        found.append(dialogue)

    collect()
    return found


async def compare(runtime: str, count: int, number: int, most: int) -> None:
    """Play the dialogues, and print what came of it."""
    made = generated(count, number)
    async with Stages(runtime) as stages:
        begun = time.perf_counter()
        found = await _differences(stages, made)
        rate = len(made) / (time.perf_counter() - begun)
        apart = [dialogue for dialogue, how in zip(made, found, strict=True) if how]
        kinds = await _kinds(stages, apart)
        equal = len(made) - sum(map(len, kinds.values()))
        print(f"{runtime}: {equal} of {len(made)} dialogues end as simulated ({rate:.0f} per second)")
        by_count = sorted(kinds.items(), key=lambda entry: -len(entry[1]))
        for how, some in by_count:
            print(f"{len(some):6} {how}")
        for how, some in by_count[:most]:
            shortest = min(some, key=lambda dialogue: len("".join(dialogue.events)))
            await _show(stages, how, shortest)


async def _kinds(stages: Stages, apart: list[Dialogue]) -> dict[str, list[Dialogue]]:
    kinds: dict[str, list[Dialogue]] = defaultdict(list)
    again = await stages.play(apart, fresh=True) if apart else []
    for dialogue, played in zip(apart, again, strict=True):
        if how := difference(simulated(dialogue), played):
            kinds[how].append(dialogue)
    return kinds


async def _differences(stages: Stages, made: Sequence[Dialogue]) -> list[str]:
    played = await stages.play(made)
    return [difference(simulated(one), other) for one, other in zip(made, played, strict=True)]


async def _show(stages: Stages, how: str, dialogue: Dialogue) -> None:
    small = await smallest(dialogue, lambda some: _differences(stages, some))
    (played,) = await stages.play([small], fresh=True)
    print(f"\n{how}")
    for number, exchange in enumerate(small.exchanges):
        for answer in exchange.answers:
            print(f"  {exchange.message}: {answer.status}, {answer.end}")
            for data in answer.events:
                print(f"    {data[:_WIDTH]}")
        for name, outcomes in (("simulated", simulated(small)), ("played", played)):
            print(f"  {name:10} {_words(outcomes[number].final) if number < len(outcomes) else 'not taken'}")


def _words(look: Look) -> str:
    waits = "responding" if look.responding else "at rest"
    return f"{look.view}, {waits}: {list(look.items)} {list(look.alerts) or ''}"


def main() -> None:
    """What is typed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.differential", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--runtime", choices=("reference", "snapshot"), default="reference")
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--smallest", type=int, default=3, help="kinds of differences shown in their smallest form"
    )
    given_ = parser.parse_args()
    asyncio.run(compare(given_.runtime, given_.conversations, given_.seed, given_.smallest))


if __name__ == "__main__":
    main()
