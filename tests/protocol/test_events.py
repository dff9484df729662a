"""The names of the protocol."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from chatkit_doctor.protocol.events import (
    EVENT_TYPES,
    ITEM_TYPES,
    UPDATE_TYPES,
    is_bare_item,
    nearest,
    text_of,
)
from tests.chatkit_events import done, reply, user


def types_in(union: Any) -> set[str]:
    """The ``type`` of every member of an annotated union of models."""
    members = get_args(get_args(union)[0]) or get_args(union)
    return {member.model_fields["type"].default for member in members}


def test_the_names_are_those_of_the_installed_package() -> None:
    from chatkit import types

    assert types_in(types.ThreadStreamEvent) == EVENT_TYPES
    assert types_in(types.ThreadItem) == ITEM_TYPES
    assert {m.model_fields["type"].default for m in get_args(types.ThreadItemUpdate)} == UPDATE_TYPES


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("thread.item.complete", "thread.item.done"),
        ("thread.item.add", "thread.item.added"),
        ("threadItemDone", "thread.item.done"),
        ("thread_item_done", "thread.item.done"),
        ("THREAD.CREATED", "thread.created"),
        ("progress-update", "progress_update"),
        ("heartbeat", ""),
        ("response.created", ""),
    ],
)
def test_a_misspelt_name_leads_to_the_right_one(name: str, near: str) -> None:
    assert nearest(name, EVENT_TYPES) == near


def test_an_item_without_an_event_around_it_is_told_from_an_event() -> None:
    assert is_bare_item(reply())
    assert not is_bare_item(done(reply()))


def test_the_text_of_a_message_is_that_of_all_its_parts() -> None:
    parts = [{"type": "output_text", "text": "one"}, {"type": "output_text", "text": "two"}]
    assert text_of(reply(content=parts)) == "one\ntwo"
    assert text_of(user("hi")) == "hi"


def test_parts_of_the_wrong_type_have_no_text() -> None:
    assert text_of(reply(content=[{"type": "text", "text": "one"}])) == ""
    assert text_of(reply(content="one")) == ""
