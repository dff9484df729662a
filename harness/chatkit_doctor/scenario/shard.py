"""A part of many scenarios, for one of several machines that share them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from chatkit_doctor.errors import UsageError
from chatkit_doctor.scenario.load import NamedScenario


@dataclass(frozen=True, slots=True)
class Shard:
    """The part with this ``number``, from 1, of so many as there are ``of``.

    ``durations`` are how long the scenarios took (ms), as far as that is known: the parts take about the same
    time then. They must be the same on each machine. Raises UsageError for a part that does not exist.
    """

    number: int
    of: int
    durations: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise UsageError(
                "there is no such part",
                where=f"--shard {self.number}/{self.of}",
                hint="Of four there are 1/4, 2/4, 3/4 and 4/4.",
            )

    def part_of(self, chosen: Sequence[NamedScenario]) -> list[NamedScenario]:
        """The scenarios of this part, in their order. Raises UsageError where there is none for it."""
        known = [self.durations[named.name] for named in chosen if named.name in self.durations]
        usual = fmean(known) if known else 1.0

        def weight(named: NamedScenario) -> float:
            return self.durations.get(named.name, usual)

        # The longest first, each to the part that has the least to do: the parts differ by one at most.
        loads, mine = [0.0] * self.of, set[str]()
        for named in sorted(chosen, key=lambda named: (-weight(named), named.name)):
            least = min(range(self.of), key=loads.__getitem__)
            loads[least] += weight(named)
            if least == self.number - 1:
                mine.add(named.name)
        if not mine:
            raise UsageError(
                f"{len(chosen)} scenarios are too few for {self.of} parts",
                where=f"--shard {self.number}/{self.of}",
            )
        return [named for named in chosen if named.name in mine]


def parsed(text: str) -> tuple[int, int]:
    """Number and count of a part such as ``2/4``. Raises UsageError for what is none."""
    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text.strip())
    if found is None:
        raise UsageError(
            "a part is written as its number and how many there are",
            where=f"--shard {text}",
            hint="For example --shard 1/4.",
        )
    return int(found[1]), int(found[2])
