"""Whether every item has an id of its own, over the whole thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.protocol.events import ITEM_TYPES, item_id, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Confidence

FAKE_ID: Final = "__fake_id__"
_ORIGIN: Final = "openai-agents gives to every item of a Chat Completions or LiteLLM model"

_MESSAGES: Final = frozenset({"user_message", "assistant_message"})


@dataclass(frozen=True, slots=True)
class _Use:
    stream: Stream
    event: Event
    kind: str
    done: bool


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each id that a second item takes from a first one."""
    uses: dict[object, _Use] = {}
    told: set[object] = set()
    for stream in chatkit_streams(recording):
        if stream.new_thread:
            uses.clear()
        for event in stream.events:
            if event.type not in {"thread.item.added", "thread.item.done"} or event.item is None:
                continue
            key, kind = item_id(event.item), type_of(event.item)
            if kind not in ITEM_TYPES:
                continue  # Ignored by the component, id and all.
            use = _Use(stream, event, kind, event.type == "thread.item.done")
            before = uses.get(key)
            if before is not None and _collide(before, use) and (key, stream) not in told:
                told.add((key, stream))
                yield _failure(key, before, use)
            elif key == FAKE_ID and key not in told:
                told.add(key)
                yield _looming(use)
            uses[key] = use


def _collide(before: _Use, now: _Use) -> bool:
    if before.kind != now.kind:
        return True
    if before.kind not in _MESSAGES:
        # Within a turn widgets, workflows and the like are updated by sending them again, and a button's
        # action may update one of any turn; the answer to a later message puts its own in their place.
        later = before.stream is not now.stream and now.stream.answers_message
        return later and _content(before) != _content(now)
    if before.stream is now.stream:
        return before.done and not now.done
    # A later turn's message under a known id; repeating the same one while answering a retry is none.
    return now.stream.answers_message or now.kind == "assistant_message"


def _content(use: _Use) -> JsonObject:
    return {key: value for key, value in (use.event.item or {}).items() if key != "created_at"}


def _failure(key: object, before: _Use, now: _Use) -> Failure:
    name = "no id at all" if key is None else f"the id {quoted(str(key))}"
    same_turn = before.stream is now.stream
    where = "in one stream" if same_turn else "in two turns"
    fake = f" This is the id that {_ORIGIN}." if key == FAKE_ID else ""
    return Failure(
        (
            before.event.seen(f"an item of type {before.kind} has {name}"),
            now.event.seen(f"one of type {now.kind} has it too"),
        ),
        turn=now.stream.turn,
        t_ms=now.event.received.t,
        why=f"Two items, {before.kind} and {now.kind}, have {name}, {where}. ChatKit keys the items of a "
        f"thread by id: the later one replaces the earlier one, which is gone.{fake}",
        details={"id": str(key), "first": before.kind, "second": now.kind, "across_turns": not same_turn},
    )


def _looming(use: _Use) -> Failure:
    return Failure(
        (use.event.seen(f"an item of type {use.kind} has the id {quoted(FAKE_ID)}"),),
        # It harms no turn but the ones that follow.
        turn=None if use.stream.turn is None else use.stream.turn + 1,
        t_ms=use.event.received.t,
        title="The next reply will overwrite this one",
        why=f"The reply has the id {quoted(FAKE_ID)}: this is the id that {_ORIGIN}. The next one replaces "
        "it.",
        confidence=Confidence.LIKELY,
        details={"id": FAKE_ID, "first": use.kind, "second": use.kind, "across_turns": True},
    )


AUDIT = Audit(
    id="item-id-collision",
    passes="Every item has a unique id.",
    why="ChatKit keys the items of a thread by id: a later item with the same id replaces the earlier one.",
    fix="Give every item a fresh id: store.generate_item_id(), or a UUID. With openai-agents and a Chat "
    "Completions or LiteLLM model, map the ids in respond(): a new one at thread.item.added, the same one "
    "in thread.item.updated (item_id) and thread.item.done, and a new map for every response.",
    judge=judge,
    explains=frozenset(
        {
            "user-message-vanished",
            "user-message-missing",
            "reply-missing",
            "reply-vanished",
            "reply-overwritten",
            "reply-altered",
            "reply-duplicated",
            "history-lost",
            "history-altered",
        }
    ),
)
