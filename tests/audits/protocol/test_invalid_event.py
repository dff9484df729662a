"""Events of the right type and the wrong shape."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.invalid_event import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import added, created, delta, done, good, part, reply, user, without

FIRST = [created(), done(user())]
LONG = "A text of which enough is shown although it is never completed."


def test_the_place_and_the_nearest_name_are_told() -> None:
    part = {"type": "text", "text": "x", "annotations": []}
    (failure,) = failing(AUDIT, answered([*FIRST, done(reply(content=[part]))]))
    assert failure.details["path"] == "item.content[0].type"
    assert "output_text" in failure.fix
    assert "without its text" in failure.why


def test_a_list_the_component_relies_on_is_asked_for_even_though_the_schema_does_not() -> None:
    (failure,) = failing(AUDIT, answered([created(), done(without(user(), "attachments")), done(reply())]))
    assert "empty list" in failure.fix


def test_the_same_fault_in_many_events_is_one_failure() -> None:
    broken = [done(reply(str(n), f"a{n}", type="message")) for n in range(5)]
    (failure,) = failing(AUDIT, answered([*FIRST, *broken]))
    assert "5 events" in failure.why


def test_what_comes_of_a_fault_is_told() -> None:
    (failure,) = failing(AUDIT, answered([*good(), done(reply(item_id="a2", content=[None]))]))
    assert "the whole panel goes blank" in failure.why


def test_a_lost_delta_is_told_though_the_whole_reply_comes() -> None:
    lost = without(delta(LONG), "item_id")
    begun = [*FIRST, added(reply(content=[])), part(), lost]
    (healed,) = failing(AUDIT, answered([*begun, done(reply())]))
    (unhealed,) = failing(AUDIT, answered(begun))
    assert healed.details == unhealed.details
    assert healed.details["path"] == "item_id"


def test_each_of_two_faults_of_one_event_is_told() -> None:
    broken = done(reply(content=[{"type": "output_text"}]))
    failures = failing(AUDIT, answered([*FIRST, broken]))
    assert {failure.details["path"] for failure in failures} == {
        "item.content[0].text",
        "item.content[0].annotations",
    }


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [{"type": "thread.created", "thread": {"id": "t"}}, *good()[1:]],
        [created(created_at=1_700_000_000), *good()[1:]],
        [created(), done(user(thread_id="other", created_at=5)), *good()[2:]],
        [*good(), {"type": "notice", "level": "odd"}, {"type": "progress_update"}],
        [*good(), {"type": "something.else", "item": 5}],
    ],
)
def test_what_the_component_tolerates_passes(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))
