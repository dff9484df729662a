"""What differs between two runtimes, what is only noise, and how far they agree."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from chatkit_doctor.compare.aspects import DECISIVE, Aspect
from chatkit_doctor.compare.comparison import ComparedRun, Pair, agreement, compare_scenario, stale, verdict
from chatkit_doctor.compare.model import AgreementModel, KnownModel, ScenarioModel
from chatkit_doctor.recording.views.behaviour import Behaviour
from chatkit_doctor.vocabulary import Verdict
from tests.compare.runs import NAME, compared, run
from tests.recordings import entry, recording
from tests.sessions import ANSWER, QUESTION, attempt, good_conversation

OTHER = ("something else",)
ITSELF = Pair("reference", "reference")


def aspects(scenario: ScenarioModel) -> list[Aspect]:
    return [difference.aspect for difference in scenario.differences]


def known(aspect: Aspect, scenario: str = NAME) -> KnownModel:
    return KnownModel(scenario=scenario, aspect=aspect, reason="it is written otherwise")


def test_every_aspect_of_a_behaviour_is_compared() -> None:
    assert {str(aspect) for aspect in Aspect} == {field.name for field in fields(Behaviour)}


def test_equal_sessions_agree_without_a_difference() -> None:
    scenario = compared([run(), run()], [run(), run()])
    assert scenario.agrees
    assert (scenario.differences, scenario.noise, scenario.timeline) == ([], [], [])


@pytest.mark.parametrize("aspect", Aspect)
def test_a_change_in_one_aspect_is_a_difference_in_that_aspect(aspect: Aspect) -> None:
    other = run(**{aspect: OTHER})
    assert aspects(compared([run(), run()], [other, other])) == [aspect]


@pytest.mark.parametrize("aspect", Aspect)
def test_only_a_difference_in_a_decisive_aspect_ends_agreement(aspect: Aspect) -> None:
    other = run(**{aspect: OTHER})
    assert compared([run()], [other]).agrees is (aspect not in DECISIVE)


def test_a_difference_shows_both_sides_row_by_row() -> None:
    other = run(events=("ready", "response.start", "response.end"))
    (difference,) = compared([run()], [other]).differences
    assert [(row.position, row.left, row.right) for row in difference.rows if not row.same] == [
        (3, "thread.change id", None)
    ]


@pytest.mark.parametrize("side", ["reference", "snapshot"])
def test_an_aspect_in_which_a_runtime_disagrees_with_itself_is_noise(side: str) -> None:
    steady, unsteady = [run(), run()], [run(), run(states=OTHER)]
    scenario = compared(*((unsteady, steady) if side == "reference" else (steady, unsteady)))
    assert scenario.differences == []
    assert [(noise.aspect, noise.runtimes) for noise in scenario.noise] == [(Aspect.STATES, [side])]


def test_noise_in_one_aspect_hides_no_difference_in_another() -> None:
    scenario = compared([run(), run(states=OTHER)], [run(requests=OTHER, states=OTHER), run(requests=OTHER)])
    assert aspects(scenario) == [Aspect.REQUESTS]
    assert not scenario.agrees


def test_noise_says_whether_the_runtimes_have_anything_in_common() -> None:
    left = [run(), run(states=OTHER)]
    (common,) = compared(left, [run(), run()]).noise
    (apart,) = compared(left, [run(states=("a third",)), run(states=("a third",))]).noise
    assert (common.overlap, apart.overlap) == (True, False)


def test_a_scenario_that_is_noise_in_all_decisive_aspects_does_not_agree() -> None:
    unsteady = run(transcript=OTHER, states=OTHER, events=OTHER, requests=OTHER)
    scenario = compared([run(), unsteady], [run(), run()])
    assert not scenario.agrees
    assert "match" in scenario.not_compared


def test_a_session_that_broke_off_is_not_compared() -> None:
    broken = replace(run(), broke_off="the page crashed")
    scenario = compared([run(), broken], [run(), run()])
    assert not scenario.agrees
    assert scenario.not_compared == "a session on reference broke off: the page crashed"


def test_a_runtime_without_sessions_is_not_compared() -> None:
    assert compared([run()], []).not_compared == "no session ran on snapshot"


# A runtime and itself


def test_a_runtime_that_does_the_same_twice_agrees_with_itself() -> None:
    runs = [run(), run()]
    assert compare_scenario(NAME, ITSELF, runs, runs).agrees


@pytest.mark.parametrize("aspect", Aspect)
def test_a_runtime_does_not_agree_with_itself_when_a_decisive_aspect_is_noisy(aspect: Aspect) -> None:
    runs = [run(), run(**{aspect: OTHER})]
    scenario = compare_scenario(NAME, ITSELF, runs, runs)
    assert [noise.aspect for noise in scenario.noise] == [aspect]
    assert scenario.agrees is (aspect not in DECISIVE)


def test_the_timelines_beside_each_other_are_those_of_two_runs_that_differ() -> None:
    late = replace(run(events=OTHER), moments=())
    runs = [run(), run(), late]
    timeline = compare_scenario(NAME, ITSELF, runs, runs).timeline
    assert timeline
    assert all(row.right is None for row in timeline)


# Timelines


def test_timelines_are_aligned_by_what_happened_and_not_by_when() -> None:
    first, second = run().moments
    later = second.model_copy(update={"t_ms": 900.0, "text": "the backend answers after 480 ms"})
    other = replace(run(states=OTHER), moments=(first, later))
    assert [row.same for row in compared([run()], [other]).timeline] == [True, True]


def test_what_only_one_runtime_did_stands_beside_nothing() -> None:
    other = replace(run(states=OTHER), moments=run().moments[1:])
    rows = compared([run()], [other]).timeline
    assert [(row.left is None, row.right is None) for row in rows] == [(False, True), (False, False)]


# Known differences


def test_a_known_difference_carries_its_reason_and_still_counts() -> None:
    scenario = compared([run()], [run(events=OTHER)], known(Aspect.EVENTS))
    assert scenario.differences[0].known == "it is written otherwise"
    assert not scenario.agrees


def test_a_difference_in_another_aspect_than_the_known_one_is_not_known() -> None:
    scenario = compared([run()], [run(events=OTHER)], known(Aspect.STATES))
    assert scenario.differences[0].known is None


def test_a_known_difference_that_is_none_any_more_is_stale() -> None:
    entries = [known(Aspect.EVENTS), known(Aspect.STATES)]
    assert stale(entries, [compared([run()], [run(events=OTHER)])]) == [entries[1]]


def test_a_known_difference_is_not_stale_when_noise_hides_it() -> None:
    assert stale([known(Aspect.STATES)], [compared([run(), run(states=OTHER)], [run(), run()])]) == []


def test_a_known_difference_of_a_scenario_that_was_not_compared_is_not_stale() -> None:
    scenarios = [compared([run()], [])]
    assert stale([known(Aspect.STATES), known(Aspect.STATES, "another/one")], scenarios) == []


# The agreement


def some(*, agreeing: int, differing: int = 0, not_compared: int = 0) -> AgreementModel:
    return agreement(
        [compared([run()], [run()])] * agreeing
        + [compared([run()], [run(events=OTHER)])] * differing
        + [compared([run()], [])] * not_compared
    )


def test_agreement_is_the_share_of_agreeing_scenarios() -> None:
    assert some(agreeing=3, differing=1).percent == 75


def test_a_scenario_that_was_not_compared_counts_as_not_agreeing() -> None:
    assert some(agreeing=3, not_compared=1).percent == 75


def test_each_aspect_has_its_own_share_without_the_noisy_ones() -> None:
    noisy = compared([run(), run(events=OTHER)], [run(), run()])
    totals = agreement([noisy, compared([run()], [run()]), compared([run()], [run(events=OTHER)])]).aspects
    events, requests = totals[Aspect.EVENTS], totals[Aspect.REQUESTS]
    assert (events.equal, events.different, events.noisy, events.percent) == (1, 1, 1, 50)
    assert (requests.equal, requests.percent) == (3, 100)


def test_scenarios_that_agree_only_as_far_as_noise_lets_see_are_counted() -> None:
    noisy = compared([run(), run(events=OTHER)], [run(), run()])
    assert agreement([noisy, compared([run()], [run()])]).noisy == 1


@pytest.mark.parametrize(
    ("agreed", "expected"),
    [
        (some(agreeing=49, differing=1), Verdict.PASS),
        (some(agreeing=48, differing=1), Verdict.FAIL),
        (some(agreeing=49, not_compared=1), Verdict.PASS),
        (some(agreeing=9, not_compared=1), Verdict.INCONCLUSIVE),
        (some(agreeing=8, differing=1, not_compared=1), Verdict.FAIL),
        (some(agreeing=0, not_compared=1), Verdict.INCONCLUSIVE),
        (agreement([]), Verdict.INCONCLUSIVE),
    ],
)
def test_the_verdict_is_measured_by_what_was_asked_for(agreed: AgreementModel, expected: Verdict) -> None:
    assert verdict(agreed, 98) is expected


# From recordings


def test_two_recordings_of_the_same_conversation_agree() -> None:
    runs = [ComparedRun.of(good_conversation(), "a"), ComparedRun.of(good_conversation(), "b")]
    scenario = compared(runs, runs)
    assert scenario.agrees
    assert scenario.left.recordings == ["a", "b"]


def test_recordings_of_different_answers_differ_and_are_shown_beside_each_other() -> None:
    responses, assistants = attempt("responses"), attempt("assistants")
    scenario = compared([ComparedRun.of(responses, "a")], [ComparedRun.of(assistants, "b")])
    assert aspects(scenario) == [Aspect.STATES]
    assert scenario.left.screenshot == "a/screenshots/02.png"
    texts = [row.left.text for row in scenario.timeline if row.left]
    assert any(QUESTION in text for text in texts)


def test_a_lost_answer_is_a_difference_in_the_transcript() -> None:
    scenario = compared([ComparedRun.of(good_conversation())], [ComparedRun.of(attempt("responses"))])
    (transcript,) = [each for each in scenario.differences if each.aspect is Aspect.TRANSCRIPT]
    assert f"assistant: {ANSWER}" in [row.left for row in transcript.rows]


def test_a_recording_without_a_footer_broke_off() -> None:
    reason = entry(5, "page", "session.broke-off", reason="the browser was closed")
    assert ComparedRun.of(recording(reason, finished=False)).broke_off == "the browser was closed"
    assert ComparedRun.of(recording(finished=False)).broke_off == "its recording is incomplete"
