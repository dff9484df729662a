"""Events of the right type and the wrong shape."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol import invalid_event
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
    assert failure.confidence == "certain"


def test_a_lost_delta_is_only_likely_where_the_whole_reply_comes_all_the_same() -> None:
    lost = delta(LONG)
    lost["update"].pop("content_index")
    begun = [*FIRST, added(reply(content=[])), part(), lost]
    (healed,) = failing(AUDIT, answered([*begun, done(reply())]))
    (unhealed,) = failing(AUDIT, answered(begun))
    assert (healed.confidence, unhealed.confidence) == ("likely", "certain")


def test_an_update_for_no_item_is_certain_where_its_text_is_missing_at_the_end() -> None:
    (failure,) = failing(
        AUDIT, answered([*FIRST, added(reply(content=[])), part(), without(delta(LONG), "item_id")])
    )
    assert failure.confidence == "certain"


def test_each_of_two_faults_that_have_the_same_effect_is_certain() -> None:
    broken = done(reply(content=[{"type": "output_text"}]))
    failures = failing(AUDIT, answered([*FIRST, broken]))
    assert {(failure.details["path"], failure.confidence) for failure in failures} == {
        ("item.content[0].text", "certain"),
        ("item.content[0].annotations", "certain"),
    }


def test_a_fault_that_crashes_a_turn_is_certain_though_a_good_item_follows() -> None:
    """What failed to draw once is not drawn again."""
    failures = failing(AUDIT, answered([*FIRST, added(without(reply(), "content")), done(reply())]))
    assert [failure.confidence for failure in failures] == ["certain"]


def test_of_a_long_stream_only_the_first_fault_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [
        *FIRST,
        done(reply(content=[{"type": "text", "text": "x", "annotations": []}])),
        done(reply("Another one.", "a2", content=[None])),
    ]
    assert [failure.confidence for failure in failing(AUDIT, answered(events))] == ["certain", "certain"]
    monkeypatch.setattr(invalid_event, "_MOST_PLAYED", len(events))
    assert [failure.confidence for failure in failing(AUDIT, answered(events))] == ["certain", "likely"]


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
