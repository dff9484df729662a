"""Generated dialogues, put to the simulator and to a component in a browser: how many end alike, which not.

Dialogues that are played differently are played again on components that were never used, so that nothing
of an earlier one is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.differential.dialogue import Dialogue, Look, difference
from tests.differential.generated import dialogues
from tests.differential.known import reason, stale
from tests.differential.simulated import simulated
from tests.differential.smallest import smallest
from tests.differential.stages import Stages

_WIDTH: Final = 300
"""Characters shown of an event."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of so many dialogues on one runtime: those played differently, by the kind of difference."""

    runtime: str
    count: int
    kinds: dict[str, list[Dialogue]]

    @property
    def equal(self) -> int:
        """How many dialogues were played alike."""
        return self.count - sum(map(len, self.kinds.values()))

    @property
    def unknown(self) -> dict[str, list[Dialogue]]:
        """Those that no reason is listed for."""
        apart = {
            kind: [one for one in some if not reason(kind, self.runtime, one)]
            for kind, some in self.kinds.items()
        }
        return {kind: some for kind, some in apart.items() if some}

    def __add__(self, other: Comparison) -> Comparison:
        """Both together, of the same runtime."""
        kinds = {kind: list(some) for kind, some in self.kinds.items()}
        for kind, some in other.kinds.items():
            kinds.setdefault(kind, []).extend(some)
        return Comparison(self.runtime, self.count + other.count, kinds)

    def lines(self) -> Iterator[str]:
        """The numbers, the kinds by how often they occurred with their reasons, and stale entries."""
        yield f"{self.runtime}: {self.equal} of {self.count} dialogues end as simulated"
        for kind, some in sorted(self.kinds.items(), key=lambda entry: -len(entry[1])):
            reasons = {reason(kind, self.runtime, one) or "no reason is known" for one in some}
            yield f"{len(some):6} {kind}: {' / '.join(sorted(reasons))}"
        for known in stale(self.kinds, self.runtime):
            yield f"{0:6} {known.pattern}: listed as known, and did not occur"


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


async def compare(stages: Stages, made: Sequence[Dialogue]) -> Comparison:
    """Play the dialogues."""
    found = await _differences(stages, made)
    apart = [dialogue for dialogue, how in zip(made, found, strict=True) if how]
    again = await stages.play(apart, fresh=True) if apart else []
    kinds: dict[str, list[Dialogue]] = {}
    for dialogue, played in zip(apart, again, strict=True):
        if how := difference(simulated(dialogue), played):
            kinds.setdefault(how, []).append(dialogue)
    return Comparison(stages.name, len(made), kinds)


async def smallest_form(stages: Stages, kind: str, some: Sequence[Dialogue]) -> str:
    """The smallest form of one dialogue of a kind, with what is seen of it on both sides."""
    shortest = min(some, key=lambda dialogue: len("".join(dialogue.events)))
    small = await smallest(shortest, lambda tried: _differences(stages, tried, fresh=True))
    (played,) = await stages.play([small], fresh=True)
    lines = [kind]
    for number, exchange in enumerate(small.exchanges):
        for answer in exchange.answers:
            lines.append(f"  {exchange.message}: {answer.status}, {answer.end}")
            lines += [f"    {data[:_WIDTH]}" for data in answer.events]
        for name, outcomes in (("simulated", simulated(small)), ("played", played)):
            seen = _words(outcomes[number].final) if number < len(outcomes) else "not taken"
            lines.append(f"  {name:10} {seen}")
    return "\n".join(lines)


async def _differences(stages: Stages, made: Sequence[Dialogue], *, fresh: bool = False) -> list[str]:
    played = await stages.play(made, fresh=fresh)
    return [difference(simulated(one), other) for one, other in zip(made, played, strict=True)]


def _words(look: Look) -> str:
    waits = "responding" if look.responding else "at rest"
    return f"{look.view}, {waits}: {list(look.items)} {list(look.alerts) or ''}"
