"""Sessions in memory for the tests of comparing: a good turn, and one thing changed in it."""

from __future__ import annotations

from dataclasses import replace

from chatkit_doctor.compare.comparison import ComparedRun, Pair, agreement, compare_scenario, verdict
from chatkit_doctor.compare.model import ComparisonModel, KnownModel, ScenarioModel
from chatkit_doctor.recording.views.behaviour import Behaviour
from chatkit_doctor.report.model import MomentModel
from chatkit_doctor.vocabulary import Layer

NAME = "made/up"
PAIR = Pair("reference", "snapshot")

GOOD = Behaviour(
    transcript=("user: Hello", "assistant: Hello to you"),
    alerts=(),
    states=("start", "thread, responding: user-message", "thread: user-message, assistant-message"),
    events=("ready", "response.start", "thread.change id", "response.end"),
    requests=("threads.list", "threads.create"),
    errors=(),
)
MOMENTS = (
    MomentModel(t_ms=100, layer=Layer.DOM, text="the start screen is shown", n=4),
    MomentModel(t_ms=412, layer=Layer.REQUEST, text="the backend answers after 12 ms", n=9),
)


def run(**changed: tuple[str, ...]) -> ComparedRun:
    """A good session in which these aspects are others."""
    return ComparedRun(replace(GOOD, **changed), MOMENTS, folder="reference/run-1/made/up")


def compared(left: list[ComparedRun], right: list[ComparedRun], *known: KnownModel) -> ScenarioModel:
    """Both runtimes in one scenario."""
    return compare_scenario(NAME, Pair(PAIR.left, PAIR.right, known), left, right)


def comparison(*scenarios: ScenarioModel, itself: bool = False, **changed: object) -> ComparisonModel:
    """The answer for these scenarios, with 98 % asked for."""
    agreed = agreement(scenarios)
    told = ComparisonModel(
        verdict=verdict(agreed, 98),
        agreement=agreed,
        at_least=98,
        runs=2,
        itself=itself,
        left={"name": "reference"},
        right={"name": "reference" if itself else "snapshot"},
        browser={"name": "chromium"},
        scenarios=list(scenarios),
        stale=[],
        started_at="2026-01-01T00:00:00+00:00",
        duration_ms=12_345,
    )
    return told.model_copy(update=changed)
