"""Puts generated dialogues to the simulator and to a component in a browser, and tells where they differ.

    python -m tests.differential --runtime snapshot --conversations 10000
    python -m tests.differential --runtime reference --seed 7 --smallest 5

Of each kind of difference that no reason is known for the smallest form of one dialogue is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Final

from tests.differential.comparison import Comparison, compare, generated, smallest_form
from tests.differential.stages import Stages

PORTION: Final = 1_000
"""Dialogues that are played on one page."""


async def run(runtime: str, count: int, number: int, most: int) -> None:
    """Play the dialogues, and print what came of it, so far after each portion."""
    made = generated(count, number)
    found = Comparison(runtime, 0, {})
    for start in range(0, len(made), PORTION):
        # A page of its own for each: a component keeps what it has played.
        async with Stages(runtime) as stages:
            found += await compare(stages, made[start : start + PORTION])
        print(f"{found.equal} of {found.count} so far", file=sys.stderr, flush=True)
    print("\n".join(found.lines()), flush=True)
    by_count = sorted(found.unknown.items(), key=lambda entry: -len(entry[1]))
    async with Stages(runtime) as stages:
        for kind, some in by_count[:most]:
            print(f"\n{await smallest_form(stages, kind, some)}", flush=True)


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
    typed = parser.parse_args()
    asyncio.run(run(typed.runtime, typed.conversations, typed.seed, typed.smallest))


if __name__ == "__main__":
    main()
