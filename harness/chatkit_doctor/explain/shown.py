"""Which scenarios show an id, and which come close, as :mod:`.scenario_index` noted it down."""

from __future__ import annotations

from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from chatkit_doctor.explain.texts import OBSERVED

INDEX: Final = OBSERVED / "scenarios.json"
"""Where it is noted."""


class Shown(BaseModel):
    """The scenarios of one symptom or cause, those that show it best first."""

    scenarios: list[str] = Field(default_factory=list)
    """In which it is a symptom, or the root cause."""
    warned: list[str] = Field(default_factory=list)
    """In which it is a warning."""
    near: list[str] = Field(default_factory=list)
    """That come close, and where it must not be found."""
    beside: dict[str, int] = Field(default_factory=dict)
    """Of a cause the symptoms, of a symptom the root causes, with the number of scenarios; most first."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Catalogue(BaseModel):
    """What the catalogue shows."""

    failing: int
    """Scenarios that end in the verdict ``fail``."""
    ids: dict[str, Shown]

    model_config = ConfigDict(extra="forbid", frozen=True)


@cache
def catalogue() -> Catalogue:
    """What the shipped catalogue shows, as it was written down."""
    return Catalogue.model_validate_json(INDEX.read_bytes())
