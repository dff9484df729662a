"""What a repair is: exactly one fault undone, everywhere it occurs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.scenario.backend import ScriptBackend, SdkBackend
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import Step

OwnBackend = SdkBackend | ScriptBackend
"""A backend that is played from here, so that it can be asked again."""
RepairConversation = Callable[[Conversation], Conversation]
RepairPage = Callable[[PageSetup], PageSetup]
RepairSteps = Callable[[Sequence[Step]], Sequence[Step]]
RepairBackend = Callable[[OwnBackend], OwnBackend]


@dataclass(frozen=True, slots=True)
class Repair:
    """How the fault behind a cause is undone: in the recorded conversation, in the page, or in both.

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
    steps: RepairSteps | None = None
    """From what is done on the page to the same without what the page's code should not do."""
    backend: RepairBackend | None = None
    """From the scenario's backend to the same one without the fault, where a browser keeps the answer back
    so that the recording cannot hold it."""
    unless: str = ""
    """Why it may find nothing to change where the fault was seen; empty for no reason of its own."""
