"""What playing a stream again costs: no more than its length, however many of its events are wrong."""

from __future__ import annotations

import pytest

from chatkit_doctor.component import counterfactual
from chatkit_doctor.component.chat_state import Chat
from chatkit_doctor.component.counterfactual import MendedStream
from chatkit_doctor.component.picture import Picture
from chatkit_doctor.protocol import schema
from chatkit_doctor.protocol.schema import Path
from tests.chatkit_events import added, created, delta, done, part, reply, user, without

BEGUN = [created(), done(user()), added(reply(content=[])), part()]


def test_the_items_of_updates_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = [without(delta("word "), "item_id") for _ in range(500)]
    events = [*BEGUN, *lost]
    wrong: dict[int, list[Path]] = {at: [("item_id",)] for at in range(len(BEGUN), len(events))}
    looked = 0
    value_at = schema.value_at

    def counted(value: object, path: Path) -> object:
        nonlocal looked
        looked += 1
        return value_at(value, path)

    monkeypatch.setattr(counterfactual, "value_at", counted)
    assert MendedStream(events, wrong, new_thread=True).differs_by(wrong)
    assert len(events) <= looked <= 5 * len(events)


def test_a_text_that_cannot_be_drawn_is_drawn_once_however_many_deltas_it_grew_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = [delta("word ", index="none") for _ in range(500)]
    events = [*BEGUN, *lost]
    wrong: dict[int, list[Path]] = {
        at: [("update", "content_index")] for at in range(len(BEGUN), len(events))
    }
    drawn = 0
    picture = Chat.picture

    def counted(chat: Chat, t: float) -> Picture:
        nonlocal drawn
        drawn += 1
        return picture(chat, t)

    monkeypatch.setattr(Chat, "picture", counted)
    assert MendedStream(events, wrong, new_thread=True).differs_by(wrong)
    assert drawn <= 4 * 2
