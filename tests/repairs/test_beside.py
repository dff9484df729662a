"""A corrected stream beside the received one: what is the same, what takes whose place, what is new."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.repairs.beside import Names, Place, Told, beside


def _delta(text: str, item: str = "a1") -> dict[str, Any]:
    update = {"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": text}
    return {"type": "thread.item.updated", "item_id": item, "update": update}


def _done(item: str, text: str = "Hi") -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"type": "thread.item.done", "item": {"id": item, "type": "assistant_message", "content": content}}


CREATED = {"type": "thread.created", "thread": {"id": "thr"}}


def _one(event: dict[str, Any], place: int | None, *, opening: bool = False) -> Told:
    return Told(event, None if place is None else range(place, place + 1), opening)


def test_an_event_in_other_words_takes_the_place_of_the_one_it_is_made_of() -> None:
    told = [_one(_delta("Hi"), 1), _one(_done("m"), 1)]
    assert beside([{"type": "a"}, {"type": "b"}], told, Names()) == (Place(1, 2), Place(1, 2))


def test_an_event_made_of_none_is_new_behind_those_before_it() -> None:
    told = [_one(CREATED, None), _one(_delta("Hi"), 0), _one(_done("m"), None)]
    assert beside([{"type": "a"}], told, Names()) == (Place(0, 0), Place(0, 1), Place(1, 1))


def test_other_names_and_times_do_not_make_another_event() -> None:
    sent = [_delta("Hi", "x"), {**_done("x"), "created_at": "yesterday"}]
    told = [_one(_delta("Hi", "m"), 0), _one({**_done("m"), "created_at": "today"}, 0)]
    assert beside(sent, told, Names()) == (Place(0, 1, same=True), Place(1, 2, same=True))


def test_a_name_that_stands_for_two_things_is_seen_across_streams() -> None:
    names = Names()
    assert beside([_done("x")], [_one(_done("m1"), 0)], names) == (Place(0, 1, same=True),)
    assert beside([_done("x")], [_one(_done("m2"), 0)], names) == (Place(0, 1, same=False),)


def test_two_names_for_one_thing_are_seen() -> None:
    sent = [_delta("Hi", "x"), _done("y")]
    told = [_one(_delta("Hi", "m"), 0), _one(_done("m"), 1)]
    assert [place.same for place in beside(sent, told, Names())] == [True, False]


def test_the_same_text_in_smaller_pieces_is_the_same() -> None:
    told = [Told(_delta("Hi there", "m"), range(2))]
    assert beside([_delta("Hi ", "x"), _delta("there", "x")], told, Names()) == (Place(0, 2, same=True),)


def test_pieces_of_two_items_are_not_one_text() -> None:
    told = [Told(_delta("Hi there", "m"), range(2))]
    (place,) = beside([_delta("Hi ", "x"), _delta("there", "y")], told, Names())
    assert not place.same


def test_how_a_backend_words_its_opening_is_its_own_affair() -> None:
    sent = {**CREATED, "thread": {"id": "thr", "title": "Mine"}}
    assert beside([sent], [_one(CREATED, 0, opening=True)], Names()) == (Place(0, 1, same=True),)
    assert beside([sent], [_one(CREATED, 0)], Names()) == (Place(0, 1, same=False),)


def test_what_holds_no_object_is_never_the_same() -> None:
    assert beside([None], [_one(_delta("Hi"), 0)], Names()) == (Place(0, 1),)
