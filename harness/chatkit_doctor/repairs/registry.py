"""All repairs by cause, in the order in which they are made, and why some causes have none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.repairs import (
    events,
    framing,
    ids,
    items,
    page_fetch,
    page_frame,
    page_policy,
    page_setup,
    threads,
    transport,
)
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.threads import stored_anew

REPAIRS: Final[Mapping[str, Repair]] = MappingProxyType(
    {
        repair.cause: repair
        for repair in (
            *page_setup.REPAIRS,
            *page_policy.REPAIRS,
            *page_frame.REPAIRS,
            *page_fetch.REPAIRS,
            *transport.REPAIRS,
            *framing.REPAIRS,
            *transport.ENDINGS,
            *events.REPAIRS,
            *items.REPAIRS,
            *ids.REPAIRS,
            *threads.REPAIRS,
        )
    }
)
"""By the cause that each undoes. An outer fault comes before what it hides: inner repairs read its events."""

NO_REPAIR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wrong-url": "What the right address would have answered is not in the recording.",
        "auth-rejected": "What the backend answers to a request it accepts is not in the recording.",
        "request-rejected": "What the backend answers to a request it understands is not in the recording.",
        "client-secret-failed": "What OpenAI would have answered with one is not in the recording.",
        "server-error": "What the backend would have answered without the error is not in the recording.",
        "operation-failed": "What the backend answers to an operation that it knows is not in the recording.",
        "upload-failed": "What becomes of a file that is taken is not in the recording.",
        "invalid-answer": "What the answer was meant to say is not in the recording.",
        "empty-body": "What belongs into the body is not in the recording.",
        "reply-item-missing": "What the reply would have said is not in the recording.",
        "first-message-ignored": "What the reply would have said is not in the recording.",
        "error-told-as-reply": "What the reply would have said without the error is not in the recording.",
        "markup-in-reply": "Whether a widget, a source or other words were meant is not in the recording.",
        "backend-error-event": "What the backend would have said without the error is not in the recording.",
        "handler-error": "It is what another fault does in the component: that one is repaired.",
        "render-error": "It is what another fault does in the component: that one is repaired.",
        "event-burst": "How fast the component takes events is not simulated.",
        "unexplained": "No fault was found, so there is none to undo.",
    }
)
"""Causes that cannot be undone in a recorded conversation or a page, and why."""


def repaired(conversation: Conversation, causes: Iterable[str]) -> Conversation:
    """The conversation without these faults; those that are not in it are left aside."""
    wanted = frozenset(causes)
    made = conversation
    for cause, repair in REPAIRS.items():
        if cause in wanted and repair.conversation is not None:
            made = repair.conversation(made)
    return stored_anew(conversation, made)
