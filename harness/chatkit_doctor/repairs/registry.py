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
        "wrong-url": "The response of the right URL is not in the recording.",
        "auth-rejected": "The backend's response to an accepted request is not in the recording.",
        "request-rejected": "The backend's response to a valid request is not in the recording.",
        "client-secret-failed": "OpenAI's response to a valid secret is not in the recording.",
        "server-error": "The backend's response without the error is not in the recording.",
        "operation-failed": "The backend's response to a supported operation is not in the recording.",
        "upload-failed": "What the backend does with a file that it accepts is not in the recording.",
        "invalid-answer": "The intended response is not in the recording.",
        "empty-body": "The missing body is not in the recording.",
        "reply-item-missing": "The text of the reply is not in the recording.",
        "first-message-ignored": "The text of the reply is not in the recording.",
        "error-told-as-reply": "The text of the reply without the error is not in the recording.",
        "markup-in-reply": "The recording does not tell whether a widget, a source or other text was meant.",
        "backend-error-event": "The backend's reply without the error is not in the recording.",
        "handler-error": "It is the effect of another fault in the component: that one is repaired.",
        "render-error": "It is the effect of another fault in the component: that one is repaired.",
        "event-burst": "The component's event rate limit is not simulated.",
        "unexplained": "No fault was found, so there is nothing to repair.",
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
