"""Repairs of how an answer comes over the network: its headers, when it comes, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Conversation, Preflight
from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.protocol.dialects import claim
from chatkit_doctor.protocol.dialects.dialect import END
from chatkit_doctor.protocol.events import SHOWN_REPLY_ITEMS, item_id, item_of, type_of
from chatkit_doctor.repairs.repair import OwnBackend, Repair
from chatkit_doctor.repairs.streams import (
    Events,
    each_call,
    events_of,
    was_accepted,
    with_calls,
    with_events,
)
from chatkit_doctor.scenario.backend import Answer, OtherOrigin, ScriptBackend

_CODING: Final = "content-encoding"
_BURST_MS: Final = 100.0
_HELD_BACK_MS: Final = 1_500.0
_LATENCY_MS: Final = 40.0


def _labelled(conversation: Conversation) -> Conversation:
    """Each answer to a streaming operation with the content type of a stream, and asked for once.

    The component breaks such a body off as soon as it has seen the headers, and asks again: both would not
    have been otherwise.
    """
    return with_calls(conversation, list(_asked_once(map(_with_type, conversation.calls))))


def _with_type(call: Call) -> Call:
    if not was_accepted(call) or is_stream(call) or not call.chunks:
        return call
    how = "finished" if call.how == "aborted" else call.how
    return replace(call, headers={**call.headers, "content-type": EVENT_STREAM}, how=how)


def _asked_once(calls: Iterable[Call]) -> Iterator[Call]:
    """The calls without the repetitions of a request: an answer that is well is not asked for again."""
    before: Call | None = None
    for call in calls:
        is_known = before is not None and was_accepted(before) and is_stream(before)
        if not is_known or before is None or (call.op, call.request) != (before.op, before.request):
            yield call
        before = call


def _ended(call: Call) -> Call:
    """A stream that ends behind its last event."""
    is_open = was_accepted(call) and call.how == "open" and bool(call.chunks)
    return replace(call, how="finished", ended_ms=call.chunks[-1].t_ms) if is_open else call


def _completed(call: Call) -> Call:
    """A stream that ends well where it broke off, if everything that belongs to it had come."""
    if not (was_accepted(call) and is_stream(call)) or call.how != "cut":
        return call
    events = events_of(call)
    is_whole = bool(events) and events[-1].terminated and (_is_over(events) or _says_so(events))
    return replace(call, how="finished", error="") if is_whole else call


def _is_over(events: Events) -> bool:
    """Whether there is a reply, and everything that was begun is finished."""
    items = [(type_of(e.value), item) for e in events if (item := item_of(e.value)) is not None]
    begun = {item_id(item) for kind, item in items if kind == "thread.item.added"}
    ended = {item_id(item) for kind, item in items if kind != "thread.item.added"}
    has_reply = any(kind == "thread.item.done" and type_of(item) in SHOWN_REPLY_ITEMS for kind, item in items)
    return has_reply and begun <= ended


def _says_so(events: Events) -> bool:
    """Whether the last event is the one with which another protocol ends a stream."""
    claimed = claim(events[-1].frame)
    return claimed is not None and claimed[0].chatkit_event(claimed[1]) == END


def _unbuffered(call: Call) -> Call:
    """A stream that was held back and came in one piece, spread over the time it was waited for."""
    if not (was_accepted(call) and is_stream(call) and call.chunks):
        return call
    first, last = call.chunks[0].t_ms, call.chunks[-1].t_ms
    if first - call.t_ms < _HELD_BACK_MS or last - first > _BURST_MS:
        return call
    events, begin = events_of(call), call.t_ms + _LATENCY_MS
    pace = (last - begin) / max(1, len(events))
    spread = [replace(event, t_ms=begin + n * pace) for n, event in enumerate(events, start=1)]
    return replace(with_events(call, events, spread), answered_ms=begin)


def _uncompressed(call: Call) -> Call:
    """An answer that does not claim to be compressed. One that could not be unpacked is not known."""
    if _CODING not in call.headers or not call.chunks:
        return call
    kept = {name: value for name, value in call.headers.items() if name != _CODING}
    return replace(call, headers=kept, how="finished" if call.how == "cut" else call.how, error="")


def _allowed(call: Call) -> Call:
    """An answer that the page's origin may read, and a preflight that allows the request."""
    if call.status is None or not refusal(call):
        return call
    origin = call.request_headers.get("origin", "")
    headers = {**call.headers, "access-control-allow-origin": origin}
    preflight = call.preflight
    if preflight is not None:
        allowed = {
            "access-control-allow-origin": origin,
            "access-control-allow-headers": preflight.asked_headers,
            "access-control-allow-methods": "POST",
        }
        preflight = Preflight(204, allowed, preflight.asked_headers)
    return replace(call, headers=headers, preflight=preflight)


def _allowing(backend: OwnBackend) -> OwnBackend:
    """A backend on another origin that lets the page's origin read every answer."""
    if backend.other_origin is None:
        return backend
    return backend.model_copy(update={"other_origin": OtherOrigin()})


def _not_compressing(backend: OwnBackend) -> OwnBackend:
    """A scripted backend whose answers do not claim to be compressed."""
    if not isinstance(backend, ScriptBackend):
        return backend
    answers = {op: [_without_coding(answer) for answer in each] for op, each in backend.answers.items()}
    return backend.model_copy(update={"answers": answers})


def _without_coding(answer: Answer) -> Answer:
    kept = {name: value for name, value in answer.headers.items() if name.lower() != _CODING}
    return answer.model_copy(update={"headers": kept})


REPAIRS: Final = (
    Repair(
        "cors-blocked",
        "adds the CORS headers that allow the page's origin.",
        each_call(_allowed),
        backend=_allowing,
        unless="The browser withheld the response: its content is not in the recording.",
    ),
    Repair(
        "content-encoding-mismatch",
        "removes the header `content-encoding`.",
        each_call(_uncompressed),
        backend=_not_compressing,
        unless="The browser could not decode the response: its content is not in the recording.",
    ),
    Repair(
        "wrong-content-type",
        f"labels the response to each streaming operation `{EVENT_STREAM}`.",
        _labelled,
        unless="The response had no body: its content is not in the recording.",
    ),
    Repair(
        "stream-never-ends",
        "ends each stream after its last event.",
        each_call(_ended),
    ),
    Repair(
        "stream-buffered",
        "spreads the events of a stream that arrived in one piece over the time it took.",
        each_call(_unbuffered),
    ),
)
"""The repairs of this module that are made before the events are examined, in their order."""

ENDINGS: Final = (
    Repair(
        "stream-cut",
        "properly ends a stream that broke off after its last event.",
        each_call(_completed),
        unless="What should have followed the break is not in the recording.",
    ),
)
"""The repairs of this module that are based on the events of a stream."""
