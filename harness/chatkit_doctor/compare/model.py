"""The answer of ``runtime compare``: one object for JSON, HTML and the terminal."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from chatkit_doctor.compare.aspects import Aspect
from chatkit_doctor.report.model import MomentModel

SCHEMA: Final = "chatkit-doctor/compare/1"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RowModel(_Model):
    """One row of two aligned lists; None where one side has nothing. ``position`` counts rows from 1."""

    position: int
    left: str | None
    right: str | None
    same: bool


class MomentsRowModel(_Model):
    """One row of two aligned timelines."""

    left: MomentModel | None
    right: MomentModel | None
    same: bool


class DifferenceModel(_Model):
    """An aspect in which each runtime is the same in all its runs, and the two are not the same."""

    aspect: Aspect
    decisive: bool
    """Whether it counts against the agreement."""
    rows: list[RowModel]
    """Both sides in full, aligned."""
    known: str | None = None
    """The reason, when the difference is on the list of known ones."""


class NoiseModel(_Model):
    """An aspect in which a runtime is not the same in all its runs: nothing can be said of the two."""

    aspect: Aspect
    decisive: bool
    runtimes: list[str]
    """Those that disagree with themselves."""
    overlap: bool
    """Whether any run of the one is like any run of the other."""
    rows: list[RowModel]
    """Two runs of the first of these runtimes, aligned."""


class SideModel(_Model):
    """What one runtime left of one scenario: folders of its recordings and its last picture."""

    recordings: list[str]
    """Folders relative to that of the report, one per run."""
    screenshot: str | None = None
    """The last picture of the run that is shown, relative to the report's folder."""


class ScenarioModel(_Model):
    """One scenario on both runtimes."""

    name: str
    agrees: bool
    """Compared, and without a difference in a decisive aspect."""
    not_compared: str = ""
    """Why the two could not be compared; empty when they were."""
    differences: list[DifferenceModel] = Field(default_factory=list)
    noise: list[NoiseModel] = Field(default_factory=list)
    left: SideModel
    right: SideModel
    timeline: list[MomentsRowModel] = Field(default_factory=list)
    """Both timelines; empty where nothing differs."""


class AspectTotals(_Model):
    """How many scenarios are equal, different, or too noisy to say, in one aspect."""

    equal: int
    different: int
    noisy: int
    percent: float | None
    """Equal ones among those that can be told; None when there is none."""


class AgreementModel(_Model):
    """How far two runtimes agree."""

    percent: float
    """Agreeing scenarios among all; one that could not be compared does not agree."""
    scenarios: int
    agreeing: int
    noisy: int
    """Agreeing ones in which noise hides at least one decisive aspect."""
    not_compared: int
    aspects: dict[Aspect, AspectTotals]


class KnownModel(_Model):
    """An entry of the list of known differences."""

    scenario: str
    aspect: Aspect
    reason: str


class ComparisonModel(_Model):
    """Two runtimes, scenario by scenario."""

    schema_: str = Field(default=SCHEMA, alias="schema")
    verdict: str
    agreement: AgreementModel
    at_least: float
    """The agreement asked for, in percent."""
    runs: int
    """Sessions per scenario and runtime; where the two differed, as many again."""
    itself: bool
    """Whether a runtime was compared with itself: then its noise is what is measured."""
    left: dict[str, Any]
    right: dict[str, Any]
    browser: dict[str, Any]
    scenarios: list[ScenarioModel]
    stale: list[KnownModel]
    """Known differences that were looked for and are none any more."""
    started_at: str
    duration_ms: float

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
