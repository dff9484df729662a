"""What the terminal says of a comparison."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from chatkit_doctor.compare.aspects import Aspect
from chatkit_doctor.compare.events import ScenarioCompared
from chatkit_doctor.compare.model import ComparisonModel, KnownModel, ScenarioModel
from chatkit_doctor.compare.terminal import CompareTerminal, print_comparison
from tests.compare.runs import NAME, compared, comparison, run


def scenario_lines(scenario: ScenarioModel) -> list[str]:
    out = io.StringIO()
    terminal = CompareTerminal(Console(file=out, highlight=False))
    terminal._sides = ["reference", "snapshot"]
    terminal.on_event(ScenarioCompared(scenario))
    return out.getvalue().splitlines()


def totals(answer: ComparisonModel) -> str:
    out = io.StringIO()
    print_comparison(answer, Console(file=out, width=400, highlight=False), Path("reports/x"))
    return out.getvalue()


def test_an_equal_scenario_is_one_line() -> None:
    assert scenario_lines(compared([run()], [run()])) == [f"{'equal':<14}{NAME}"]


def test_a_difference_is_told_by_position_with_both_sides() -> None:
    other = run(requests=("threads.list", "threads.create", "threads.create"))
    assert scenario_lines(compared([run()], [other])) == [
        f"{'differs':<14}{NAME}  in requests",
        "  requests (difference)",
        "    3 - reference  nothing",
        "      + snapshot   threads.create",
    ]


def test_a_known_difference_is_told_with_its_reason() -> None:
    known = KnownModel(scenario=NAME, aspect=Aspect.ERRORS, reason="other words")
    lines = scenario_lines(compared([run()], [run(errors=("TypeError",))], known))
    assert lines[0] == f"{'agrees':<14}{NAME}  in errors (known)"
    assert lines[-1] == "    known: other words"


def test_noise_is_named_with_the_runtime_it_is_of() -> None:
    lines = scenario_lines(compared([run(), run()], [run(), run(alerts=("error: no",))]))
    assert lines[0] == f"{'equal':<14}{NAME}  noise in alerts on snapshot"
    assert lines[1:] == [
        "  alerts (noise)",
        "    1 - snapshot, one run  nothing",
        "      + another run        error: no",
    ]


def test_a_very_long_difference_is_cut_and_the_cut_is_told() -> None:
    many = tuple(f"event {n}" for n in range(100))
    assert scenario_lines(compared([run(events=())], [run(events=many)]))[-1].strip() == (
        "and 88 more rows in the report"
    )


def test_foreign_text_does_not_act_on_the_terminal() -> None:
    lines = scenario_lines(compared([run()], [run(transcript=("user: \x1b[2J[bold]x",))]))
    assert "\x1b" not in "".join(lines)
    assert "[bold]x" in "".join(lines)


def test_the_answer_is_the_agreement_and_what_was_asked_for() -> None:
    text = totals(comparison(compared([run()], [run()]), compared([run()], [run(events=("ready",))])))
    assert "FAIL  50 %: 1 of 2 scenarios are equal in final transcript" in text
    assert "required: at least 98 %" in text


def test_the_share_is_never_rounded_up_to_what_was_asked_for() -> None:
    scenarios = [compared([run()], [run()])] * 2_449 + [compared([run()], [run(events=("ready",))])] * 51
    assert "FAIL  97.9 %" in totals(comparison(*scenarios))


def test_each_aspect_has_its_line() -> None:
    rows = totals(comparison(compared([run()], [run(events=("ready",))]))).splitlines()
    (events,) = [row.split() for row in rows if row.startswith("events")]
    assert events == ["events", "0", "1", "0", "0", "%"]


def test_a_stale_entry_is_named() -> None:
    stale = [KnownModel(scenario=NAME, aspect=Aspect.STATES, reason="it was so")]
    text = totals(comparison(compared([run()], [run()]), stale=stale))
    assert f"Stale: {NAME} is listed as different in states, but no longer is." in text
