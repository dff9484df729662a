"""What the probes of a live backend showed, where it is worth knowing.

None of them stands for anything a user did, so none of it is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from chatkit_doctor.conversation.conversation import Call, Conversation


def probe_notes(conversation: Conversation) -> Iterator[str]:
    """One sentence for each probe that has something to say."""
    for call in conversation.calls:
        if call.probe and (said := _PROBES.get(call.probe, _unanswered)(call)):
            yield said


def _unanswered(call: Call) -> str:
    return "" if call.status is not None else f"the probe “{call.probe}” got no response: {call.error}"


def _unknown_thread(call: Call) -> str:
    if call.status is None:
        return _unanswered(call)
    if call.status < 400:
        return (
            f"threads.get_by_id for a thread that does not exist is answered with {call.status}: a page "
            "that remembers a deleted thread gets an empty panel instead of a new chat. Answer with 404."
        )
    if call.status >= 500:
        return (
            f"threads.get_by_id for a thread that does not exist is answered with {call.status}, as if the "
            "server had failed. Answer with 404."
        )
    return ""


def _empty_body(call: Call) -> str:
    if call.status is not None and call.status < 400:
        return f"a request without a type ({{}}) is answered with {call.status}, as if it were an operation."
    return _unanswered(call)


def _refused(effect: str) -> Callable[[Call], str]:
    """Tells of an operation of the component that is refused, and what that costs."""

    def said(call: Call) -> str:
        if call.status is None:
            return _unanswered(call)
        return f"{call.op} is answered with {call.status}: {effect}." if call.status >= 400 else ""

    return said


_PROBES: Final[Mapping[str, Callable[[Call], str]]] = {
    "rename-thread": _refused("users cannot rename a conversation"),
    "list-items": _refused("only the first page of a long conversation can be read"),
    "unknown-thread": _unknown_thread,
    "empty-body": _empty_body,
}
