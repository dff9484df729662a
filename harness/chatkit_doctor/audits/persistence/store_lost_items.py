"""Whether everything that was streamed is in the stored thread."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.persistence.stored_threads import ReadBack, read_backs
from chatkit_doctor.audits.wording import counted, listed, quoted
from chatkit_doctor.component.transcript import ShownItem
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reading in which finished items are missing, under their id or any other."""
    for reading in read_backs(recording):
        lost = [message for message in reading.streamed if _is_lost(reading, message)]
        if lost and reading.whole:
            yield _failure(reading, lost)


def _is_lost(reading: ReadBack, message: ShownItem) -> bool:
    return message.id not in reading.ids and reading.with_the_text_of(message) is None


def _failure(reading: ReadBack, lost: list[ShownItem]) -> Failure:
    names = listed(f"{message.kind} {quoted(message.text, 50)}" for message in lost)
    kinds = {message.kind for message in lost}
    one_sided = len(kinds) == 1 and any(m.kind not in kinds for m in reading.streamed)
    pattern = (
        f" Only items of type {kinds.pop()} are missing: the store drops this kind." if one_sided else ""
    )
    return Failure(
        (reading.seen(f"{counted(len(reading.stored), 'item')} came back; missing: {names}"),),
        t_ms=reading.exchange.t,
        why=f"{len(lost)} of {len(reading.streamed)} streamed items are not in the thread that "
        f"threads.get_by_id returns: {names}.{pattern}",
        details={"lost": [message.id for message in lost], "stored": len(reading.stored)},
    )


AUDIT = Audit(
    id="store-lost-items",
    passes="Every streamed item is stored.",
    why="Streamed items are missing from the thread that is read back.",
    fix="Store every item of thread.item.done and thread.item.replaced as whole JSON, both the user's "
    "messages and the replies, and commit before the stream ends. Return them oldest first, with has_more "
    "and after for the rest.",
    judge=judge,
    # Measured: a thread that is read back without any item leaves the panel empty.
    explains=frozenset(
        {"history-lost", "history-altered", "user-message-vanished", "reply-vanished", "blank-panel"}
    ),
)
