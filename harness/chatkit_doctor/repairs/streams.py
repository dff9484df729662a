"""The answers to streaming operations as repairs take and change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.repairs.repair import RepairConversation
from chatkit_doctor.vocabulary import STREAMING_OPS

RepairCall = Callable[[Call], Call]


def each_call(repair: RepairCall) -> RepairConversation:
    """A repair of conversations, from one of single calls. What changes nothing returns the same object."""

    def repaired(conversation: Conversation) -> Conversation:
        calls = tuple(map(repair, conversation.calls))
        return conversation if calls == conversation.calls else replace(conversation, calls=calls)

    return repaired


def was_accepted(call: Call) -> bool:
    """Whether a streaming operation was answered with a success."""
    return call.op in STREAMING_OPS and call.status is not None and 200 <= call.status < 300


def with_documents(call: Call, documents: Sequence[str]) -> Call:
    """The same answer as a stream of these JSON texts, all at the time of its first piece."""
    if not documents:
        return call
    t = call.chunks[0].t_ms if call.chunks else call.answered_ms
    body = "".join(f"data: {document}\n\n" for document in documents)
    return replace(call, chunks=(Chunk(t, body.encode(errors="replace")),))
