"""What the component makes of an event or a stored thread that differs from the schema.

The schema says what is valid; where the component is stricter or more lenient, its rules say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from chatkit_doctor.component.rules import RULES
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.protocol.schema import SchemaProblem, check_event, check_page, check_thread

TOLERATED: Final = "tolerated"
TURN_CRASHES: Final = "turn_crashes"
PANEL_CRASHES: Final = "panel_crashes"
SKIPPED: Final = "skipped"


@dataclass(frozen=True, slots=True)
class Violation:
    """One place that is not as the schema wants it, and what the component does with it."""

    problem: SchemaProblem
    effect: str
    """A name in ``RULES.effects``, ``tolerated``, or empty where it was not measured."""

    @property
    def tolerated(self) -> bool:
        """Whether the component does not mind."""
        return self.effect == TOLERATED

    @property
    def consequence(self) -> str:
        """What the component does with it, in words; empty where it does not mind or was not measured."""
        return RULES.effects.get(self.effect, "")


def event_violations(event: JsonObject) -> tuple[Violation, ...]:
    """Every place where an event differs from its schema, in order of the path."""
    return tuple(_judged(check_event(event)))


def thread_violations(thread: object) -> tuple[Violation, ...]:
    """What the component cannot read in the answer of ``threads.get_by_id``."""
    return tuple(_judged(check_thread(thread)))


def page_violations(page: object) -> tuple[Violation, ...]:
    """What the component cannot read in a page of items, as in the answer of ``items.list``."""
    return tuple(_judged(check_page(page)))


def _judged(problems: Iterable[SchemaProblem]) -> Iterator[Violation]:
    for problem in problems:
        yield Violation(problem, _effect(problem.place, problem.state) if problem.place else "not_loaded")


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple((re.compile(rule.place), rule.found, rule.effect) for rule in RULES.strictness)


def _effect(place: str, found: str) -> str:
    return next((e for p, f, e in _compiled() if f in {"", found} and p.fullmatch(place)), "")
