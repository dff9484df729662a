"""Whether what is stored is what was streamed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.persistence.stored_threads import ReadBack, read_backs, same_text
from chatkit_doctor.audits.wording import counted, quoted
from chatkit_doctor.component.transcript import ShownItem
from chatkit_doctor.protocol.events import text_of, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording

_ONCE: Final = (
    "Store each item once. ChatKitServer already stores the user's message and whatever respond() yields as "
    "thread.item.done: respond() must not add either of them again. Make add_thread_item replace an item "
    "whose id already exists."
)
_TIES: Final = (
    "The items that changed places share one created_at, so a store that sorts by it alone may return them "
    "in any order: sort by insertion order (a sequence number or row id), or by time and then by that."
)
_OTHERS: Final = (
    "Create a new thread id for every threads.create, and keep each thread's items separate: one thread id "
    "for all chats (a constant, a session id or a user id) shows everyone the messages of other chats."
)


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reading and kind of change: text, ids, order, or items that are there twice."""
    for reading in read_backs(recording):
        if texts := _other_texts(reading):
            message, stored = texts[0]
            was, now = quoted(message.text, 60), quoted(stored, 60)
            yield _failure(
                reading, "text", f"{counted(len(texts), 'item')} have different text: {was} became {now}"
            )
        if ids := _other_ids(reading):
            message, stored = ids[0]
            how = f"{quoted(message.id)} came back as {quoted(stored)}"
            yield _failure(reading, "ids", f"{counted(len(ids), 'item')} came back with another id: {how}")
        order = _order(reading)
        if order != sorted(order):
            how = "the items came back in a different order from the one they were streamed in"
            yield _failure(reading, "order", how, _TIES if _are_of_one_time(reading, order) else "")
        if twice := sorted({i for i in reading.ids if reading.ids.count(i) > 1}):
            yield _failure(reading, "twice", f"{quoted(twice[0])} came back more than once", _ONCE)
        if again := _stored_again(reading):
            how = f"{quoted(again[0].text, 60)} appears more often than it was sent, under other ids"
            yield _failure(
                reading, "again", f"{counted(len(again), 'message')} came back twice: {how}", _ONCE
            )
        if reading.from_start and (foreign := _of_other_chats(reading)):
            first = foreign[0]
            what = f"{type_of(first)} {quoted(text_of(first), 60)}"
            how = (
                f"{counted(len(foreign), 'item')} came back that were never part of this conversation, such "
                f"as {what}"
            )
            yield _failure(reading, "more", how, _OTHERS)


def _of_other_chats(reading: ReadBack) -> list[JsonObject]:
    """Stored items that were never streamed; what says the same as one that was is that one again."""
    said = {(message.kind, "".join(message.text.split())) for message in reading.streamed}
    return [i for i in reading.foreign if (type_of(i), "".join(text_of(i).split())) not in said]


def _other_texts(reading: ReadBack) -> list[tuple[ShownItem, str]]:
    by_id = {str(item.get("id")): item for item in reversed(reading.stored)}
    pairs = ((message, by_id.get(message.id)) for message in reading.streamed if message.text)
    return [
        (message, text_of(item))
        for message, item in pairs
        if item is not None and (type_of(item) != message.kind or not same_text(item, message))
    ]


def _other_ids(reading: ReadBack) -> list[tuple[ShownItem, str]]:
    found = []
    for message in reading.streamed:
        item = reading.with_the_text_of(message)
        if message.id not in reading.ids and item is not None:
            found.append((message, str(item.get("id"))))
    return found


def _stored_again(reading: ReadBack) -> list[ShownItem]:
    """Messages of which the thread holds copies: the same words, under an id of their own."""
    sent = {message.id for message in reading.streamed}
    further = [item for item in reading.stored if str(item.get("id")) not in sent]
    return [
        message
        for message in reading.streamed
        if message.text
        and message.id in reading.ids
        and any(type_of(item) == message.kind and same_text(item, message) for item in further)
    ]


def _order(reading: ReadBack) -> list[int]:
    """The places of the streamed items in what came back."""
    places = {id_: place for place, id_ in reversed(list(enumerate(reading.ids)))}
    return [places[message.id] for message in reading.streamed if message.id in places]


def _are_of_one_time(reading: ReadBack, order: list[int]) -> bool:
    """Whether all items that stand before what came before them were created at the same moment."""
    times = [item.get("created_at") for item in reading.stored]
    swapped = [(times[a], times[b]) for a, b in pairwise(order) if a > b]
    return all(a is not None and a == b for a, b in swapped)


def _failure(reading: ReadBack, what: str, how: str, fix: str = "") -> Failure:
    return Failure(
        (reading.seen(how),),
        t_ms=reading.exchange.t,
        why=f"In the thread that threads.get_by_id returned, {how}.",
        fix=fix,
        details={"changed": what},
    )


AUDIT = Audit(
    id="store-changed-items",
    passes="The stored items match the streamed items.",
    why="Stored items differ from the streamed ones in id, text or order.",
    fix="Store the whole JSON of an item and return it unchanged: same id, same content parts, in "
    "insertion order (a sequence number is safer than a time). Do not create new ids when reading.",
    judge=judge,
    explains=frozenset({"history-altered", "history-lost"}),
)
