"""What happens while two runtimes are compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chatkit_doctor.compare.model import ComparisonModel, ScenarioModel
from chatkit_doctor.runtime.runtime import Runtime


@dataclass(frozen=True, slots=True)
class SideChosen:
    """Which component is one side."""

    runtime: Runtime


@dataclass(frozen=True, slots=True)
class SessionBegan:
    """A session begins: on which runtime, with which scenario, and which of its runs it is, from 1."""

    runtime: str
    scenario: str
    number: int


@dataclass(frozen=True, slots=True)
class ScenarioCompared:
    """A scenario has run on both sides, or will not."""

    scenario: ScenarioModel


@dataclass(frozen=True, slots=True)
class ComparisonFinished:
    """The answer, and the folder for its report. ``interrupted``: what is missing was not compared."""

    directory: Path
    comparison: ComparisonModel
    interrupted: bool


CompareEvent = SideChosen | SessionBegan | ScenarioCompared | ComparisonFinished


class CompareSubscriber(Protocol):
    """Shows or writes one thing of a comparison."""

    def on_event(self, event: CompareEvent) -> None:
        """Take notice of what has happened."""
        ...

    def close(self) -> None:
        """No more comes."""
        ...
