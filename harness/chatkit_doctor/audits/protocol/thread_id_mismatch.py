"""Whether everybody means the same thread."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.protocol.events import member
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream in which another thread turns up than the one the component asked about.

    An item's own ``thread_id`` is not looked at by the component, so it is none of these (measured).
    """
    current = ""
    spoken = chatkit_streams(recording)
    if not any(stream.created for stream in spoken):
        raise NotApplicable("no thread was announced")
    for stream in spoken:
        if stream.new_thread:
            current = _id(stream.created)
        mine = _thread_of(stream.exchange.body_asked) or current
        sent = _thread_of(_sent(stream))
        if sent and mine and sent != mine:
            yield _sent_another(stream, mine, sent)
        other = next(
            (e for e in stream.events if e.type == "thread.created" and _id(e) not in {"", mine}), None
        )
        if other is not None and mine:
            yield _announced_another(stream, mine, other)


def _id(created: Event | None) -> str:
    thread_id = member(created.value, "thread").get("id") if created is not None else None
    return "" if thread_id is None else str(thread_id)


def _sent(stream: Stream) -> object:
    last = stream.exchange.last
    return last.sent.data.body if last is not None and last.sent is not None else None


def _thread_of(body: object) -> str:
    thread_id = member(body, "params").get("thread_id") if isinstance(body, dict) else None
    return "" if thread_id is None else str(thread_id)


def _sent_another(stream: Stream, mine: str, sent: str) -> Failure:
    last = stream.exchange.last
    entry = last.sent if last is not None else None
    evidence = (seen(entry, f"the request that was sent names the thread {quoted(sent)}"),) if entry else ()
    return Failure(
        evidence,
        turn=stream.turn,
        t_ms=stream.exchange.t,
        why=f"The component asked for the thread {quoted(mine)}, but the request that left the page names "
        f"{quoted(sent)}: the page's own fetch replaced the thread id.",
        details={"announced": mine, "other": sent},
    )


def _announced_another(stream: Stream, mine: str, event: Event) -> Failure:
    there = quoted(_id(event))
    effect = (
        "The component keeps the first one and waits for the rest of it: the turn never ends."
        if stream.new_thread
        else (
            "The component ignores it and keeps its own: if the backend stores this turn under the other "
            "thread, the turn is gone after a reload."
        )
    )
    return Failure(
        (event.seen(f"event {event.number}, thread.created, announces {there}"),),
        turn=stream.turn,
        t_ms=event.received.t,
        why=f"The component is in the thread {quoted(mine)}, and {stream.op} was answered with "
        f"thread.created for {there}. {effect}",
        details={"announced": mine, "other": _id(event)},
    )


AUDIT = Audit(
    id="thread-id-mismatch",
    passes="The component and the backend use the same thread.",
    why="The thread that was announced is not the one that is answered.",
    fix="Send thread.created once, in response to threads.create; store its id and answer every later "
    "request for params.thread_id with that thread.",
    judge=judge,
    explains=frozenset(
        {
            "stuck-responding",
            "reply-missing",
            "user-message-missing",
            "user-message-vanished",
            "start-screen-returned",
            "history-lost",
            "history-altered",
        }
    ),
)
