"""What is wrong behind a fault that kept everything else from being seen.

A wrong content type, bad framing or double encoding takes the whole stream away, and with it what is wrong
inside: who mends the first runs into the next. So the answer is mended, and the component simulated with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis
from chatkit_doctor.protocol.payload import parse_json, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.reader import Recording, received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.simulate import simulate
from chatkit_doctor.vocabulary import STREAMING_OPS

_MISSED_AT_THE_END: Final = frozenset(
    {
        "reply-item-missing",
        "user-item-missing",
        "first-message-ignored",
        "item-never-done",
        "workflow-left-open",
    }
)
"""Causes that rest on what never came: of a body that was broken off nobody knows."""


def with_inner_faults(recording: Recording, diagnosis: Diagnosis) -> Diagnosis:
    """The diagnosis with what would go wrong next, where its cause hides that, added to the cause.

    The ids of the next causes stand in its details under ``next``, in the order in which they would show.
    """
    if diagnosis.cause is None or diagnosis.cause.id not in _REPAIRS:
        return diagnosis
    inner = list(_inner(recording, diagnosis.cause.id))
    told = tuple(f"Behind it: {cause.title.rstrip('.')} ({cause.id}). {cause.fix}" for cause in inner)
    details = {**diagnosis.cause.details, "next": [cause.id for cause in inner]}
    cause = replace(diagnosis.cause, also=(*diagnosis.cause.also, *told), details=details)
    return replace(diagnosis, cause=cause)


def _inner(recording: Recording, outer: str) -> Iterator[Cause]:
    calls: Sequence[Call] = conversation_of(recording).calls
    is_partial = any(call.how == "aborted" for call in calls if call.op in STREAMING_OPS)
    mended: set[str] = set()
    while outer in _REPAIRS and outer not in mended:
        mended.add(outer)
        repaired = list(_once(map(_REPAIRS[outer], calls)))
        if repaired == list(calls):
            return
        calls = repaired
        cause = _diagnosed(Conversation("recording", "", tuple(calls))).cause
        if cause is None or cause.layer is None or (is_partial and cause.id in _MISSED_AT_THE_END):
            return
        yield cause
        outer = cause.id


def _diagnosed(conversation: Conversation) -> Diagnosis:
    """The diagnosis of what the component would make of a conversation."""
    # In memory: what was received may hold secrets.
    recording = received(simulate(conversation, None, Redactor()))
    return diagnose(recording, examine(recording))


def _once(calls: Iterator[Call]) -> Iterator[Call]:
    """The calls without the repetitions of a request: an answer that is well is not asked for again."""
    before: Call | None = None
    for call in calls:
        is_repeated = (
            before is not None and before.op in STREAMING_OPS and before.op == call.op and is_stream(before)
        )
        if before is None or not is_repeated or call.request != before.request:
            yield call
        before = call


def _labelled(call: Call) -> Call:
    """The answer to a streaming operation with the content type of a stream.

    The component breaks such a body off as soon as it has seen the headers, and would not have otherwise.
    """
    if not _succeeded(call) or is_stream(call):
        return call
    how = "finished" if call.how == "aborted" else call.how
    return replace(call, headers={**call.headers, "content-type": EVENT_STREAM}, how=how)


def _ended(call: Call) -> Call:
    """A stream that ends behind its last event."""
    is_open = _succeeded(call) and call.how == "open" and bool(call.chunks)
    return replace(call, how="finished", ended_ms=call.chunks[-1].t_ms) if is_open else call


def _framed(call: Call) -> Call:
    """A stream of the JSON documents that lie in a body, whatever stands between them."""
    if not _succeeded(call):
        return call
    lines = (line.strip() for line in call.body.decode(errors="replace").splitlines())
    found = [line for line in map(_bare, lines) if line and _is_json(line)]
    return _with_events(call, found or _whole(call.body.decode(errors="replace")))


def _decoded(call: Call) -> Call:
    """A stream whose events are encoded once."""
    if not _succeeded(call):
        return call
    events, _ = parse(call.body)
    return _with_events(call, [_inner_json(event.data) for event in events])


def _succeeded(call: Call) -> bool:
    return call.op in STREAMING_OPS and call.status is not None and 200 <= call.status < 300


def _with_events(call: Call, documents: Sequence[str]) -> Call:
    if not documents:
        return call
    t = call.chunks[0].t_ms if call.chunks else call.answered_ms
    body = "".join(f"data: {document}\n\n" for document in documents)
    return replace(call, chunks=(Chunk(t, body.encode(errors="replace")),))


def _bare(line: str) -> str:
    while line.startswith("data:"):
        line = line.removeprefix("data:").lstrip()
    return line


def _whole(text: str) -> list[str]:
    """A body that is one JSON document over several lines, on one."""
    return [" ".join(text.split())] if _is_json(text) else []


def _is_json(text: str) -> bool:
    try:
        parse_json(text)
    except ValueError:
        return False
    return True


def _inner_json(data: str) -> str:
    try:
        value = parse_json(data)
    except ValueError:
        return data
    is_encoded = isinstance(value, str) and read_payload(value).value is not None
    return value if isinstance(value, str) and is_encoded else data


_REPAIRS: Final[Mapping[str, Callable[[Call], Call]]] = {
    "wrong-content-type": _labelled,
    "sse-bad-framing": _framed,
    "sse-double-encoded": _decoded,
    "stream-never-ends": _ended,
}
"""Causes that hide what is wrong behind them, and what an answer is without them."""
