"""Where the recorded screen parts from the simulated one: recordings whose screens depart by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec

from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.diagnosis.counterfactual import NOT_REPRODUCED
from chatkit_doctor.diagnosis.parting import Parting, parting_from_model
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.recording.entries import AnyEntry, DomState, Entry, RequestSent
from chatkit_doctor.recording.entries.dom import TextDelta
from chatkit_doctor.recording.reader import Recording, received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.simulate import simulate
from chatkit_doctor.vocabulary import TURN_OPS
from tests.chatkit_events import created, done, good, reply, user
from tests.conversation.made import conversation, first, later

STATES = [created(), done(user()), done(reply(text="A short answer."))]


def simulated(*calls: Call) -> Recording:
    """What the component makes of a conversation."""
    return received(simulate(conversation(*calls), None, Redactor()))


def departed(recording: Recording, n: int, change: Callable[[DomState], DomState | None]) -> Recording:
    """The recording with other screens from an entry on; those that become None are left out."""

    def changed(entry: Entry[AnyEntry]) -> Entry[AnyEntry] | None:
        if entry.n < n or not isinstance(entry.data, DomState):
            return entry
        data = change(entry.data)
        return None if data is None else msgspec.structs.replace(entry, data=data)

    kept = tuple(each for each in map(changed, recording.entries) if each is not None)
    return replace(recording, entries=kept, _derived={}, _readers=[])


def shown(recording: Recording, text: str) -> int:
    """The number of the first entry at which a user sees a text: one that a frame painted."""
    states = recording.of(DomState)
    added = next(
        entry.n
        for entry in states
        for item in entry.data.items
        if item.text is not None and text in item.text.add
    )
    return next(entry.n for entry in states if entry.n >= added and entry.data.by == "frame")


def start_screen(state: DomState) -> DomState:
    """A screen that shows nothing but where a conversation begins."""
    return msgspec.structs.replace(state, view="start", items=())


def parted(recording: Recording) -> Parting:
    """Where it parts from the simulation; it does."""
    found = parting_from_model(recording)
    assert found is not None
    return found


def test_a_screen_that_follows_the_simulation_does_not_part_from_it() -> None:
    assert parting_from_model(simulated(first(good()), later(good()))) is None


def test_the_first_screen_that_the_simulation_does_not_show_is_named() -> None:
    faithful = simulated(first(STATES))
    n = shown(faithful, "A short answer.")
    found = parted(departed(faithful, n, start_screen))
    assert found.n == n
    assert found.event == "event 3 (thread.item.done)"
    assert found.seen == "the start screen"
    assert found.simulated.endswith("assistant: “A short answer.”")


def test_other_words_part_from_it_where_they_are_shown_first() -> None:
    faithful = simulated(first(STATES))
    n = shown(faithful, "A short answer.")

    def reworded(state: DomState) -> DomState:
        *before, last = state.items
        changed = msgspec.structs.replace(last, text=TextDelta(0, "Another."))
        return msgspec.structs.replace(state, items=(*before, changed))

    found = parted(departed(faithful, n, reworded))
    assert (found.n, found.seen.endswith("assistant: “Another.”")) == (n, True)


def test_where_nothing_more_is_shown_the_last_screen_is_named_beside_what_was_to_come() -> None:
    faithful = simulated(first(STATES))
    n = shown(faithful, "A short answer.")
    last = max(entry.n for entry in faithful.of(DomState) if entry.n < n and entry.data.by == "frame")
    found = parted(departed(faithful, last + 1, lambda _: None))
    assert found.n == last
    assert "A short answer." not in found.seen
    assert "A short answer." in found.simulated


def test_what_is_shown_before_it_came_parts_from_it() -> None:
    faithful = simulated(first(STATES))
    asked = next(e.n for e in faithful.entries if isinstance(e.data, RequestSent) and e.data.op in TURN_OPS)
    early, *others, whole = [e for e in faithful.of(DomState) if e.n > asked]
    assert others
    said = ("Hello there", "A short answer.")
    items = tuple(
        msgspec.structs.replace(item, text=TextDelta(0, text))
        for item, text in zip(whole.data.items, said, strict=True)
    )
    shown_early = msgspec.structs.replace(whole.data, items=items)
    instead = {id(early.data): shown_early, **{id(each.data): None for each in others}}
    found = parted(departed(faithful, early.n, lambda state: instead.get(id(state), state)))
    assert (found.n, found.event) == (early.n, "")


def test_a_later_turn_that_goes_its_own_way_leaves_the_first_one_alone() -> None:
    faithful = simulated(first(STATES), later([done(user()), done(reply(item_id="a2", text="More."))]))
    n = shown(faithful, "More.")
    assert parted(departed(faithful, n, start_screen)).n == n


def test_what_the_simulation_does_not_show_is_told_with_the_place_where_they_part() -> None:
    faithful = simulated(first(STATES))
    n = shown(faithful, "A short answer.")
    diagnosis = judge(departed(faithful, n, start_screen), None).diagnosis
    assert diagnosis.experiment == NOT_REPRODUCED
    assert diagnosis.parting is not None
    assert diagnosis.parting.n == n


def test_what_no_repair_takes_away_is_told() -> None:
    refused = first(b"", status=500, headers={"content-type": "text/plain"})
    diagnosis = judge(simulated(refused), None).diagnosis
    seen = {(each.id, each.failure.turn) for each in diagnosis.symptoms}
    assert {(each.id, each.turn) for each in diagnosis.remaining} == seen


def test_of_what_a_repair_takes_away_nothing_remains() -> None:
    diagnosis = judge(simulated(first([created(), done(reply())])), None).diagnosis
    assert diagnosis.symptoms
    assert (diagnosis.remaining, diagnosis.parting) == ((), None)
