"""What a call was answered with, as the component would take it."""

from __future__ import annotations

from chatkit_doctor.component import retry
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import JsonObject, as_object, parse_json
from chatkit_doctor.vocabulary import STREAMING_OPS


class UnreadableError(Exception):
    """An answer that the component cannot load a thread from; says why."""


def is_stream(call: Call) -> bool:
    """Whether the component reads the answer as a stream."""
    return retry.is_stream(call.status, call.headers.get("content-type", ""))


def is_retriable(call: Call) -> bool:
    """Whether the component sends the same again."""
    if call.op not in STREAMING_OPS or refusal(call):
        return False
    return retry.is_retried(call.status, call.headers.get("content-type", ""))


def has_no_answer(call: Call) -> bool:
    """Whether someone waited for an answer until a limit came, as opposed to a connection that failed."""
    return call.status is None and call.how == "open" and not refusal(call)


def document_of(call: Call) -> object:
    """The JSON document a call was answered with. Raises UnreadableError when there is none to be had."""
    if refused := refusal(call):
        raise UnreadableError(refused)
    if call.status is None:
        raise UnreadableError(call.error or "it got no response")
    if not 200 <= call.status < 300:
        raise UnreadableError(f"status {call.status}")
    try:
        return parse_json(call.body.decode(errors="replace"))
    except ValueError as error:
        raise UnreadableError(f"the answer is not JSON ({error})") from error


def params_of(call: Call) -> JsonObject:
    """The ``params`` of a request; empty where they cannot be read."""
    try:
        request = parse_json(call.request.decode(errors="replace"))
    except ValueError:
        return {}
    return member(as_object(request), "params")
