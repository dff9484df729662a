"""The scenarios of the catalogue, read once in a process: many tests go through them all."""

from __future__ import annotations

from functools import cache

from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select


@cache
def shipped() -> tuple[NamedScenario, ...]:
    """All of them, in order of their names."""
    return tuple(select([]))
