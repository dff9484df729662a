"""The differences between the reference component and the real one that are known, each with its reason.

``docs/reference-differences.md`` tells them to users; a test keeps the two in step.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

from chatkit_doctor.compare.aspects import Aspect
from chatkit_doctor.compare.model import KnownModel

LIST: Final = Path(__file__).with_name("known.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: str
    aspects: list[Aspect] = Field(min_length=1)
    reason: str = Field(min_length=1)


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    differences: list[_Entry]


@cache
def known_differences() -> tuple[KnownModel, ...]:
    """The project's own list, one entry per scenario and aspect."""
    return read(LIST)


def read(path: Path) -> tuple[KnownModel, ...]:
    """The entries of a list. Raises ValueError (pydantic's) for what is not a list of known differences."""
    listed = _List.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    return tuple(
        KnownModel(scenario=entry.scenario, aspect=aspect, reason=" ".join(entry.reason.split()))
        for entry in listed.differences
        for aspect in entry.aspects
    )
