"""What a session that broke off was not there to see is not judged; what it saw before stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.audits.incomplete import heard_until
from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.recording.reader import Recording
from tests.recordings import Made, Part, entry, flat, good_turn, opened, recording, reply, state, step, user
from tests.sessions import ANSWER, QUESTION, attempt, good_conversation

MOMENT = 230.0
"""In the middle of the turn: half of the reply has come, and nothing of its end."""
GIVEN_UP = 5_100.0
WHY = "somebody ended it"
BANNER = ("error", "There was an error while generating the assistant's response.")


def begun() -> list[Made]:
    """A turn as far as it came."""
    made = flat([opened(), good_turn(100, QUESTION, ANSWER)])
    return [each for each in made if each.t < MOMENT]


def broke_off(t: float, *, network_lost: bool = False) -> Made:
    return entry(t, "page", "session.broke-off", reason=WHY, network_lost=network_lost)


def wire_end(t: float, how: str) -> Made:
    about = {"id": "r1", "op": "threads.create", "how": how, "size": 1}
    return entry(t, "wire", "wire.end", **about, error="net::ERR_ABORTED" if how == "aborted" else None)


def limit_reached() -> Made:
    return step(100, "send", index=10, until=GIVEN_UP, limit="turn", turn=1)[1]


KINDS: dict[str, list[Part]] = {
    # Nobody says any more what happens; the turn is waited for to its limit.
    "the driver": [limit_reached(), wire_end(GIVEN_UP + 5, "open"), broke_off(GIVEN_UP + 6)],
    "the browser": [broke_off(MOMENT)],
    "the renderer": [wire_end(MOMENT, "open"), broke_off(MOMENT + 1)],
    # The request fails, the component says so, and goes on.
    "the network service": [
        wire_end(MOMENT, "aborted"),
        state(
            MOMENT + 5,
            user(10, QUESTION),
            reply(11, "You have"),
            responding=False,
            alerts=[BANNER],
        ),
        entry(MOMENT + 6, "component", "component.event", name="response.end", detail=None),
        step(100, "send", index=10, until=MOMENT + 200, turn=1)[1],
        broke_off(MOMENT + 300, network_lost=True),
    ],
    "this program": [],
}
"""What is recorded after someone has died in the middle of the turn."""


def diagnosed(of: Recording) -> Diagnosis:
    return diagnose(of, examine(of))


def named(diagnosis: Diagnosis) -> set[str]:
    """Whatever is found, be it seen, blamed or warned of."""
    causes = (*diagnosis.contributing, *diagnosis.warnings, *filter(None, [diagnosis.cause]))
    return {symptom.id for symptom in diagnosis.symptoms} | {cause.id for cause in causes}


@pytest.mark.parametrize("kind", KINDS)
def test_who_dies_in_a_turn_leaves_nothing_to_blame_the_backend_for(kind: str) -> None:
    diagnosis = diagnosed(recording(begun(), *KINDS[kind], finished=False))
    assert diagnosis.verdict == "inconclusive"
    assert diagnosis.reason == (WHY if KINDS[kind] else "the recording has no footer: the run broke off")
    assert named(diagnosis) == set()


@pytest.mark.parametrize("kind", ["the driver", "the network service"])
def test_the_same_is_blamed_where_the_session_came_to_its_end(kind: str) -> None:
    entries = [each for each in flat(KINDS[kind]) if each.data != flat(KINDS[kind])[-1].data]
    diagnosis = diagnosed(recording(begun(), *entries))
    assert diagnosis.symptoms
    assert diagnosis.cause is not None


def test_a_good_session_that_breaks_off_anywhere_names_nothing_else() -> None:
    whole = good_conversation()
    in_order = sorted(whole.entries, key=lambda each: each.t)
    found = {
        count: named(diagnosed(replace(whole, entries=tuple(in_order[:count]), footer=None)))
        for count in range(1, len(in_order) + 1)
    }
    known = named(diagnosed(whole))
    assert {count: ids - known for count, ids in found.items() if ids - known} == {}


def test_what_was_seen_before_the_session_broke_off_stands() -> None:
    whole = attempt("assistants")
    end = max(each.t for each in whole.entries)
    later = recording([Made(each.t, each.data) for each in whole.entries], broke_off(end), finished=False)
    expected, diagnosis = diagnosed(whole), diagnosed(later)
    assert expected.cause is not None
    assert diagnosis.cause is not None
    assert (diagnosis.verdict, diagnosis.cause.id) == ("inconclusive", expected.cause.id)


def test_an_audit_of_what_was_not_seen_says_so() -> None:
    found = examine(recording(begun(), *KINDS["the driver"], finished=False))
    (finding,) = (each for each in found if each.audit.id == "stream-never-ends")
    assert (finding.status, "the session broke off" in finding.note) == (Status.NOT_TESTABLE, True)


@pytest.mark.parametrize(
    ("lost", "until"),
    [
        (wire_end(MOMENT, "aborted"), MOMENT),
        (entry(MOMENT, "request", "request.failed", id="r1", op="threads.create"), MOMENT),
        (entry(MOMENT, "frame", "frame.asset", url="https://cdn.test/a.js", error="net::ERR_FAILED"), MOMENT),
        (entry(MOMENT, "page", "page.script", src="https://cdn.test/chatkit.js", state="failed"), MOMENT),
        (wire_end(MOMENT, "finished"), MOMENT + 5),
    ],
)
def test_a_lost_network_tells_nothing_from_the_first_request_on_that_failed(lost: Made, until: float) -> None:
    later = state(MOMENT + 5, view="start")
    assert heard_until(recording(lost, later, broke_off(900, network_lost=True), finished=False)) == until
