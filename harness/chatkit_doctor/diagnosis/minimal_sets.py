"""Delta debugging: the smallest sets of repairs that leave as few symptoms as all of them together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import combinations

Repaired = frozenset[str]
Left = Callable[[Repaired], frozenset[Hashable]]
"""The symptoms that are left with some faults repaired."""


def minimal_sets(suspects: Sequence[str], left: Left, *, most_tried: int) -> list[Repaired]:
    """Sets of suspects whose repair leaves no more symptoms than that of all; each member is needed.

    The set that results from taking away one after the other, and every other one of at most its size as long
    as no more than ``most_tried`` sets must be tried for them.
    """
    target = left(frozenset(suspects))

    def clears(repaired: Repaired) -> bool:
        return left(repaired) <= target

    first = _reduced(suspects, clears)
    found = [first]
    tried = 0
    for size in range(1, len(first) + 1):
        for members in combinations(suspects, size):
            candidate = frozenset(members)
            if candidate in found or any(known < candidate for known in found):
                continue
            tried += 1
            if tried > most_tried:
                return _smallest(found)
            if clears(candidate):
                found.append(candidate)
    return _smallest(found)


def _reduced(suspects: Sequence[str], clears: Callable[[Repaired], bool]) -> Repaired:
    """A set that is left when everything was removed that is not needed: the innermost fault first."""
    if clears(frozenset()):
        return frozenset()
    halves = list(suspects)
    # Most suspects do not matter: try half of them at once.
    while len(halves) > 1:
        middle = len(halves) // 2
        part = next((each for each in (halves[:middle], halves[middle:]) if clears(frozenset(each))), None)
        if part is None:
            break
        halves = part
    kept = list(halves)
    for each in reversed(halves):
        without = [other for other in kept if other != each]
        if clears(frozenset(without)):
            kept = without
    return frozenset(kept)


def _smallest(found: Iterable[Repaired]) -> list[Repaired]:
    """Those that have no other among them, in the order in which they were found."""
    sets = list(dict.fromkeys(found))
    return [each for each in sets if not any(other < each for other in sets)]
