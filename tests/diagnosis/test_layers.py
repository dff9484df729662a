"""How far a message came."""

from __future__ import annotations

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, Finding, Status
from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.diagnosis import Cause
from chatkit_doctor.diagnosis.layers import layer_states
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import LAYERS, Confidence, Layer
from tests.recordings import entry, good_turn, opened, recording, step
from tests.sessions import attempt, good_conversation

ONE_TURN = recording(opened(), good_turn(100, "Hi", "Good day to you"))


def finding(name: str, *, seen_at: Layer = Layer.DOM, status: Status = Status.FAILED) -> Finding:
    """An audit's answer."""
    failures = (Failure((Evidence(1, 1.0, "seen"),)),) if status is Status.FAILED else ()
    return Finding(Audit(name, "", "", "", lambda _: (), seen_at=seen_at), status, failures)


def cause(name: str, layer: Layer | None, confidence: Confidence = Confidence.CERTAIN) -> Cause:
    """A cause of some layer."""
    return Cause(name, layer, confidence, "", "", "", ())


def states(
    *findings: Finding, root: Cause | None = None, behind: tuple[Cause, ...] = (), made: Recording = ONE_TURN
) -> dict[str, str]:
    """The state of every layer, by name."""
    return {str(layer): str(state) for layer, state in layer_states(made, findings, root, behind).items()}


def test_all_layers_are_named_in_the_order_of_travel() -> None:
    assert list(states()) == [str(layer) for layer in LAYERS]


def test_a_good_conversation_with_a_reload_is_ok_wherever_it_was_observed() -> None:
    made = good_conversation()
    found = {str(k): str(v) for k, v in diagnose(made, examine(made)).layers.items()}
    assert {name for name, state in found.items() if state != "ok"} <= {"fetch"}


def test_without_a_reload_or_a_second_turn_nothing_is_known_of_persistence() -> None:
    assert states()["persistence"] == "not-testable"


def test_a_second_turn_tells_something_of_persistence() -> None:
    two = recording(opened(), good_turn(100, "Hi", "Good day"), good_turn(1000, "And", "Bye", turn=2))
    assert states(made=two)["persistence"] == "ok"


def test_a_layer_nothing_was_recorded_of_is_not_testable() -> None:
    assert states()["fetch"] == "not-testable"


def test_bookkeeping_is_no_observation_of_the_page() -> None:
    assert states(made=recording(step(0, "open", index=0, until=90)))["page"] == "not-testable"


def test_a_layer_none_of_whose_audits_could_be_asked_is_not_testable() -> None:
    assert states(finding("empty-body", status=Status.NOT_TESTABLE))["wire"] == "not-testable"


def test_behind_the_root_cause_a_message_that_never_came_reached_nothing() -> None:
    found = states(finding("reply-missing"), root=cause("wrong-dialect", Layer.PROTOCOL))
    assert found["sse"] == "ok"
    assert (found["protocol"], found["component"], found["dom"], found["paint"]) == (
        "broken",
        "not-reached",
        "broken",
        "not-reached",
    )


def test_behind_a_cause_that_only_spoiled_the_message_it_still_came_through() -> None:
    found = states(finding("user-message-vanished"), root=cause("user-item-missing", Layer.PROTOCOL))
    assert (found["protocol"], found["component"], found["dom"], found["paint"]) == (
        "broken",
        "ok",
        "broken",
        "ok",
    )


def test_a_chat_that_never_appeared_reached_nothing_behind_its_cause() -> None:
    gone = finding("no-component", seen_at=Layer.FRAME)
    found = states(gone, root=cause("script-not-loaded", Layer.PAGE))
    assert (found["page"], found["frame"], found["dom"]) == ("broken", "not-reached", "not-reached")


def test_without_a_cause_the_layer_is_broken_in_which_the_symptom_shows() -> None:
    found = states(finding("send-ignored", seen_at=Layer.REQUEST), root=cause("unexplained", None))
    assert (found["request"], found["wire"]) == ("broken", "ok")


def test_a_contributing_cause_breaks_its_layer_when_it_is_certain() -> None:
    sure = cause("stream-cut", Layer.WIRE)
    guess = cause("render-error", Layer.COMPONENT, Confidence.LIKELY)
    found = states(finding("error-shown"), root=cause("cors-blocked", Layer.REQUEST), behind=(sure, guess))
    assert (found["request"], found["wire"], found["component"]) == ("broken", "broken", "ok")


def test_a_warning_breaks_no_layer() -> None:
    assert states(finding("sse-done-marker"))["sse"] == "ok"


def test_a_history_that_is_lost_breaks_persistence() -> None:
    made = good_conversation()
    lost = finding("history-lost", seen_at=Layer.PERSISTENCE)
    found = states(lost, root=cause("auth-rejected", Layer.REQUEST), made=made)
    assert (found["persistence"], found["dom"]) == ("broken", "ok")


def test_the_blank_panel_of_an_attempt_breaks_dom_and_paint() -> None:
    made = attempt("responses")
    found = diagnose(made, examine(made)).layers
    broken = [str(layer) for layer, state in found.items() if state == "broken"]
    assert broken == ["protocol", "dom", "paint"]


def test_an_empty_stream_says_nothing_of_the_protocol() -> None:
    made = recording(opened(), entry(60, "wire", "wire.response", id="1", op="threads.create", status=200))
    assert states(made=made)["protocol"] == "not-testable"
