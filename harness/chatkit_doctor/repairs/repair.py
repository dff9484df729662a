"""What a repair is: exactly one fault undone, everywhere it occurs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.scenario.page import PageSetup

RepairConversation = Callable[[Conversation], Conversation]
RepairPage = Callable[[PageSetup], PageSetup]


@dataclass(frozen=True, slots=True)
class Repair:
    """How the fault behind a cause is undone: in the recorded conversation, or in the page.

    A repair is idempotent, and returns what it was given where the fault is not there.
    """

    cause: str
    """The id of the cause that it undoes."""
    does: str
    """What it changes, in words that go on from “The repair …”."""
    conversation: RepairConversation | None = None
    """From a conversation to the same one without the fault; None where the fault is not in it."""
    page: RepairPage | None = None
    """From a host page to the same one without the fault; None where the fault is not in it."""
    unless: str = ""
    """Why it may find nothing to change where the fault was seen; empty for no reason of its own."""
