"""What is wrong behind a fault that kept everything else from being seen.

A wrong content type, bad framing or double encoding takes the whole stream away, and with it what is wrong
inside: who mends the first runs into the next. So the answer is mended, and the component simulated with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis
from chatkit_doctor.recording.reader import Recording, received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.repairs.registry import REPAIRS
from chatkit_doctor.simulator.simulate import simulate
from chatkit_doctor.vocabulary import STREAMING_OPS

HIDING: Final = frozenset(
    {"wrong-content-type", "sse-bad-framing", "sse-double-encoded", "stream-never-ends"}
)
"""Causes that hide what is wrong behind them."""

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
    if diagnosis.cause is None or diagnosis.cause.id not in HIDING:
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
    while outer in HIDING and outer not in mended:
        mended.add(outer)
        repaired = _repaired(outer, calls)
        if repaired == tuple(calls):
            return
        calls = repaired
        cause = _diagnosed(Conversation("recording", "", calls)).cause
        if cause is None or cause.layer is None or (is_partial and cause.id in _MISSED_AT_THE_END):
            return
        yield cause
        outer = cause.id


def _repaired(cause: str, calls: Sequence[Call]) -> tuple[Call, ...]:
    repair = REPAIRS[cause].conversation
    before = Conversation("recording", "", tuple(calls))
    return tuple(_once((before if repair is None else repair(before)).calls))


def _diagnosed(conversation: Conversation) -> Diagnosis:
    """The diagnosis of what the component would make of a conversation."""
    # In memory: what was received may hold secrets.
    recording = received(simulate(conversation, None, Redactor()))
    return diagnose(recording, examine(recording))


def _once(calls: Iterable[Call]) -> Iterator[Call]:
    """The calls without the repetitions of a request: an answer that is well is not asked for again."""
    before: Call | None = None
    for call in calls:
        is_repeated = (
            before is not None and before.op in STREAMING_OPS and before.op == call.op and is_stream(before)
        )
        if before is None or not is_repeated or call.request != before.request:
            yield call
        before = call
