"""A cause is proven where the session fails as it was recorded, and passes with the repair alone.

The sessions are replayed on the simulated component; tests/e2e/test_proof.py does it in a browser.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from chatkit_doctor.conversation.conversation import Conversation, Preflight
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.pipeline import judge, with_remedies
from chatkit_doctor.engine.proof import Proof, ProofOutcome, Replay
from chatkit_doctor.engine.prove import LIMIT_S, Carry, prove
from chatkit_doctor.engine.setup import PACED_MS, Setup, in_place_of_a_page, repaired, setup_of
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.scenario.backend import OtherOrigin, ReplayBackend, SdkBackend, UrlBackend
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import CallMethod, Reload, Send, Step
from chatkit_doctor.simulator.simulate import simulate
from chatkit_doctor.vocabulary import Confidence
from tests.chatkit_events import Event, created, done, good, user
from tests.conversation.made import conversation, first, later

SCENARIO = Scenario(title="x", backend=ReplayBackend(recording="x"))


def twice_encoded(events: Iterable[Event]) -> bytes:
    return b"".join(f"data: {json.dumps(json.dumps(event))}\n\n".encode() for event in events)


ENCODED = conversation(first(twice_encoded(good())))
WITHOUT_REPLY = conversation(first(twice_encoded([created(), done(user())])))
UNREPAIRABLE = conversation(first([created(), done(user())]))


def judged(made: Conversation, folder: Path) -> Judgement:
    simulate(made, folder, Redactor())
    return judge(load(folder), None)


def on_the_simulator(folder: Path) -> Carry:
    async def carry(setup: Setup, causes: tuple[str, ...], number: int) -> Replay:
        found = judged(setup.conversation, folder / str(number))
        return Replay(causes, str(number), found.recording, found.diagnosis)

    return carry


def proven(
    made: Conversation, folder: Path, carry: Carry | None = None, limit_s: float = LIMIT_S
) -> Judgement:
    setup = Setup(SCENARIO, made)
    return asyncio.run(prove(judged(made, folder), setup, carry or on_the_simulator(folder), limit_s))


def stopped_in_its_first_turn(folder: Path, *, on_own_page: bool = False) -> Setup:
    """What is replayed of a check of two turns, the first of which did not end."""
    simulate(conversation(first(good())), folder, Redactor())
    steps: list[Step] = [Send(text="Hi"), Send(text="And?"), Reload()]
    backend = SdkBackend() if on_own_page else UrlBackend(kind="url", url="http://localhost:1/chat")
    scenario = SCENARIO.model_copy(update={"steps": steps, "backend": backend})
    return setup_of(scenario, load(folder), on_own_page=on_own_page)


@pytest.mark.parametrize("on_own_page", [True, False])
def test_what_a_session_did_not_come_to_is_not_replayed(on_own_page: bool, tmp_path: Path) -> None:
    setup = stopped_in_its_first_turn(tmp_path, on_own_page=on_own_page)
    assert (setup.scenario.steps, setup.own) == ([Send(text="Hi")], None)


def proof_of(judgement: Judgement) -> Proof:
    assert judgement.proof is not None
    return judgement.proof


def cause_of(judgement: Judgement) -> tuple[str, Confidence]:
    """The root cause, which must be the same wherever it is told."""
    assert judgement.diagnosis.cause is not None
    assert judgement.diagnosis.causes[0] == judgement.diagnosis.cause
    return judgement.diagnosis.cause.id, judgement.diagnosis.cause.confidence


def test_a_cause_whose_repair_takes_all_symptoms_away_is_proven(tmp_path: Path) -> None:
    judgement = proven(ENCODED, tmp_path)
    proof = proof_of(judgement)
    assert cause_of(judgement) == ("sse-double-encoded", Confidence.PROVEN)
    assert (proof.outcome, proof.causes) == (ProofOutcome.PROVEN, ("sse-double-encoded",))
    assert [replay.repaired for replay in proof.replays] == [(), ("sse-double-encoded",)]


def test_a_cause_whose_repair_does_not_help_is_not_proven(tmp_path: Path) -> None:
    judgement = proven(WITHOUT_REPLY, tmp_path)
    assert proof_of(judgement).outcome is ProofOutcome.DISPROVEN
    assert cause_of(judgement) == ("sse-double-encoded", Confidence.LIKELY)
    assert "reply-missing" in proof_of(judgement).note


def test_a_symptom_that_does_not_come_again_is_not_reproducible(tmp_path: Path) -> None:
    simulated = on_the_simulator(tmp_path)

    async def flaky(setup: Setup, causes: tuple[str, ...], number: int) -> Replay | None:
        return await simulated(replace(setup, conversation=conversation(first(good()))), causes, number)

    before = judged(ENCODED, tmp_path / "before")
    judgement = proven(ENCODED, tmp_path / "x", flaky)
    proof = proof_of(judgement)
    assert (proof.outcome, len(proof.replays)) == (ProofOutcome.NOT_REPRODUCIBLE, 1)
    assert "no symptom, but not:" in proof.note
    assert cause_of(judgement) == cause_of(before)


def test_a_message_that_this_time_is_lost_a_frame_earlier_is_the_same_loss(tmp_path: Path) -> None:
    simulated = on_the_simulator(tmp_path)

    async def earlier(setup: Setup, causes: tuple[str, ...], number: int) -> Replay | None:
        replay = await simulated(setup, causes, number)
        assert replay is not None
        symptoms = replay.diagnosis.symptoms
        assert number or "user-message-vanished" in {symptom.id for symptom in symptoms}
        missing = tuple(
            replace(each, id="user-message-missing") if each.id == "user-message-vanished" else each
            for each in symptoms
        )
        return replace(replay, diagnosis=replace(replay.diagnosis, symptoms=missing))

    assert proof_of(proven(ENCODED, tmp_path, earlier)).outcome is ProofOutcome.PROVEN


def test_a_cause_without_a_repair_is_not_replayed_and_says_why(tmp_path: Path) -> None:
    proof = proof_of(proven(UNREPAIRABLE, tmp_path))
    assert (proof.outcome, proof.replays) == (ProofOutcome.NOT_TRIED, ())
    assert proof.note


def blamed(cause: str, folder: Path) -> Judgement:
    """A judgement that names this cause, whatever was found."""
    judgement = judged(UNREPAIRABLE, folder / "blamed")
    found = judgement.diagnosis.cause
    assert found is not None
    diagnosis = replace(judgement.diagnosis, cause=replace(found, id=cause), causes=(), contributing=())
    return replace(judgement, diagnosis=diagnosis)


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        ("cors-blocked", "The browser withheld the response"),
        ("content-encoding-mismatch", "The browser could not decode"),
        ("empty-reply", "Nothing was streamed"),
        ("app-reset-thread", "The page's set-up does not contain the fault"),
    ],
)
def test_a_repair_that_finds_nothing_to_change_says_why(cause: str, why: str, tmp_path: Path) -> None:
    setup = Setup(SCENARIO, UNREPAIRABLE)
    trial = prove(blamed(cause, tmp_path), setup, on_the_simulator(tmp_path / "x"))
    proof = proof_of(asyncio.run(trial))
    assert (proof.outcome, proof.replays) == (ProofOutcome.NOT_TRIED, ())
    assert proof.note.startswith(why)


def test_what_shows_in_answers_that_a_page_kept_from_being_given_is_repaired_behind_it(
    tmp_path: Path,
) -> None:
    simulated = on_the_simulator(tmp_path)

    async def carry(setup: Setup, causes: tuple[str, ...], number: int) -> Replay | None:
        # The backend is requested the first time once the page is right, and announces no thread.
        found = setup if setup.is_replayed else replace(setup, conversation=conversation(first(good()[1:])))
        return await simulated(found, causes, number)

    setup = replace(faulty_page(SdkBackend()), conversation=UNREPAIRABLE)
    proof = proof_of(asyncio.run(prove(blamed("options-never-set", tmp_path), setup, carry)))
    assert (proof.outcome, proof.causes) == (
        ProofOutcome.PROVEN,
        ("options-never-set", "thread-created-missing"),
    )
    assert [replay.repaired for replay in proof.replays] == [(), proof.causes[:1], proof.causes]
    assert proof.scenario is not None
    assert proof.scenario.page == PageSetup()


def test_a_cause_without_a_repair_is_not_disproven_by_what_stays_beside_it(tmp_path: Path) -> None:
    cut = later([done(user("And?", "u2"))], how="cut", ended_ms=1_400.0)
    judgement = proven(conversation(first([created(), *good()[2:]]), cut), tmp_path)
    proof = proof_of(judgement)
    assert [replay.repaired for replay in proof.replays][-1] == ("user-item-missing",)
    assert (proof.outcome, proof.disproven) == (ProofOutcome.NOT_TRIED, ("user-item-missing",))
    assert proof.note.startswith("What should have followed the break")


def test_what_is_left_is_told_with_what_brings_it_about(tmp_path: Path) -> None:
    note = proof_of(proven(WITHOUT_REPLY, tmp_path)).note
    assert note == (
        "with the repair there is still: reply-missing (reply-item-missing: The text of the reply is not "
        "in the recording.)"
    )


def test_a_cause_that_gives_way_to_one_that_is_proven_is_told_of_where_one_was_expected(
    tmp_path: Path,
) -> None:
    marked = conversation(first(twice_encoded(good()) + b"data: [DONE]\n\n"))
    judgement = judged(marked, tmp_path)
    found = judgement.diagnosis.cause
    assert found is not None
    marker = replace(found, id="sse-done-marker")
    diagnosis = replace(judgement.diagnosis, cause=marker, contributing=(found,), causes=(marker,))
    expected = replace(judgement, diagnosis=diagnosis, drift=())
    after = asyncio.run(prove(expected, Setup(SCENARIO, marked), on_the_simulator(tmp_path)))
    assert proof_of(after).disproven == ("sse-done-marker",)
    assert cause_of(after) == ("sse-double-encoded", Confidence.PROVEN)
    assert after.drift == (
        "The cause sse-done-marker gave way to sse-double-encoded, which replays have proven.",
    )


def test_a_session_that_passes_has_nothing_to_prove(tmp_path: Path) -> None:
    assert proven(conversation(first(good())), tmp_path).proof is None


def test_a_run_that_has_to_end_leaves_the_diagnosis_as_it_was(tmp_path: Path) -> None:
    async def stopped(_setup: Setup, _causes: tuple[str, ...], _number: int) -> Replay | None:
        return None

    judgement = proven(ENCODED, tmp_path, stopped)
    assert proof_of(judgement).outcome is ProofOutcome.BROKEN_OFF
    assert cause_of(judgement) == cause_of(judged(ENCODED, tmp_path / "again"))


def test_replays_that_never_end_reach_a_limit(tmp_path: Path) -> None:
    async def endless(_setup: Setup, _causes: tuple[str, ...], _number: int) -> Replay | None:
        await asyncio.Event().wait()
        return None

    proof = proof_of(proven(ENCODED, tmp_path, endless, 0.01))
    assert (proof.outcome, proof.note) == (
        ProofOutcome.BROKEN_OFF,
        "the limit of 0.01 s for replays was reached",
    )


def test_a_repair_that_finds_nothing_gives_back_what_it_was_given() -> None:
    setup = Setup(SCENARIO, conversation(first(good())))
    assert repaired(setup, ("wrong-content-type",)) is setup


def faulty_page(own: SdkBackend | None = None) -> Setup:
    """A page that never sets its options, so that nothing was ever asked."""
    scenario = Scenario(
        title="x",
        page=PageSetup(set_options="never"),
        backend=ReplayBackend(recording="x"),
        steps=[Send(text="Hello")],
        limits=Limits(ready=500, turn=500),
    )
    return Setup(scenario, conversation(), own)


def test_a_repaired_page_asks_the_backend_of_the_scenario_and_gets_the_usual_time() -> None:
    found = repaired(faulty_page(SdkBackend()), ("options-never-set",))
    assert found.scenario.page == PageSetup()
    assert (found.scenario.backend, found.is_answered) == (SdkBackend(), True)
    assert (found.scenario.limits.ready, found.scenario.limits.turn) == (10_000, 15_000)


def test_what_cors_kept_back_is_asked_for_again() -> None:
    setup = Setup(SCENARIO, UNREPAIRABLE, SdkBackend(other_origin=OtherOrigin(allow_origin="")))
    found = repaired(setup, ("cors-blocked",))
    assert found.scenario.backend == SdkBackend(other_origin=OtherOrigin())


def test_what_cors_kept_back_of_somebody_elses_backend_is_not_asked_for_again() -> None:
    setup = Setup(SCENARIO, UNREPAIRABLE)
    assert repaired(setup, ("cors-blocked",)) is setup


def test_a_call_of_the_page_that_empties_the_view_is_left_out_and_the_recording_answers() -> None:
    hello, reset = Send(text="Hello"), CallMethod(method="setThreadId", args=[None])
    scenario = SCENARIO.model_copy(update={"steps": [hello, reset]})
    found = repaired(Setup(scenario, ENCODED, SdkBackend()), ("app-reset-thread",))
    assert (found.scenario.steps, found.is_replayed, found.is_answered) == ([hello], True, True)


@pytest.mark.parametrize(
    ("symptom", "took_ms", "timing"),
    [
        ("reply-not-live", PACED_MS, "real"),
        ("reply-not-live", PACED_MS + 1, "compressed"),
        ("reply-missing", PACED_MS, "compressed"),
    ],
)
def test_a_symptom_of_pace_is_replayed_at_the_pace_it_had(
    symptom: str, took_ms: float, timing: str, tmp_path: Path
) -> None:
    simulate(conversation(first(good(), ended_ms=took_ms)), tmp_path, Redactor())
    backend = setup_of(SCENARIO, load(tmp_path), [symptom]).scenario.backend
    assert isinstance(backend, ReplayBackend)
    assert backend.timing == timing


@pytest.mark.parametrize(
    ("symptom", "given", "silence"),
    [
        ("reply-missing", 10_000, 500),
        ("reply-missing", 300, 300),
        ("reply-missing", None, None),
        ("reply-not-live", 10_000, 10_000),
    ],
)
def test_silence_is_waited_for_less_unless_the_answers_keep_their_pace(
    symptom: str, given: int | None, silence: int | None, tmp_path: Path
) -> None:
    simulate(conversation(first(good())), tmp_path, Redactor())
    scenario = SCENARIO.model_copy(update={"limits": Limits(silence=given)})
    assert setup_of(scenario, load(tmp_path), [symptom]).scenario.limits.silence == silence


def test_a_repaired_conversation_is_what_answers_a_repaired_page() -> None:
    setup = replace(faulty_page(SdkBackend()), conversation=ENCODED)
    found = repaired(setup, ("options-never-set", "sse-double-encoded"))
    assert found.scenario.page == PageSetup()
    assert found.scenario.backend == setup.scenario.backend
    assert found.conversation != ENCODED


@pytest.mark.parametrize(("made", "answered"), [(conversation(), False), (ENCODED, True)])
def test_what_a_page_never_asked_another_backend_is_not_answered(made: Conversation, answered: bool) -> None:
    found = repaired(replace(faulty_page(), conversation=made), ("options-never-set",))
    assert found.is_answered is answered


def test_it_is_told_what_the_repair_changed_line_by_line(tmp_path: Path) -> None:
    judgement = with_remedies(proven(ENCODED, tmp_path))
    assert judgement.remedies is not None
    (diff,) = judgement.remedies.changes
    assert (diff.op, diff.number, diff.left_out) == ("threads.create", 1, 0)
    begun = json.dumps(created(), ensure_ascii=False)
    assert f"-data: {json.dumps(json.dumps(created()))}" in diff.lines
    assert f"+data: {begun}" in diff.lines
    assert not any("content-type" in line for line in diff.lines if line[0] in "+-")


@pytest.mark.parametrize("forgets", [True, False])
def test_in_place_of_a_page_stands_one_that_remembers_its_thread_unless_that_forgot_it(
    forgets: bool, tmp_path: Path
) -> None:
    diagnosis = judged(WITHOUT_REPLY, tmp_path).diagnosis
    assert diagnosis.cause is not None
    if forgets:
        diagnosis = replace(diagnosis, warnings=(replace(diagnosis.cause, id="thread-not-restored"),))
    own = Setup(Scenario(title="x", page=PageSetup(fetch="rewrites-body")), WITHOUT_REPLY)
    assert in_place_of_a_page(own, diagnosis).scenario.page == PageSetup(remember_thread=not forgets)


def test_what_a_page_was_allowed_to_send_does_not_limit_the_one_in_its_place(tmp_path: Path) -> None:
    preflight = Preflight(200, {"access-control-allow-headers": "authorization"}, "authorization")
    granted = replace(first(good()), preflight=preflight)
    refused = replace(granted, status=None, refused="MissingAllowOriginHeader")
    setup = Setup(SCENARIO, conversation(granted, refused))
    found = in_place_of_a_page(setup, judged(ENCODED, tmp_path).diagnosis)
    assert [call.preflight for call in found.conversation.calls] == [None, preflight]
