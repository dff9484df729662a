"""What is replayed: a page with what a person does on it, and what the backend answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.repairs.registry import REPAIRS
from chatkit_doctor.scenario.backend import Backend, ReplayBackend, ScriptBackend, SdkBackend, UrlBackend
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import CallMethod, Click, Send, Step
from chatkit_doctor.vocabulary import TURN_OPS

TURN_LIMIT_MS: Final = 15_000
"""The longest limit of a turn in a replay."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is replayed: a page with what a person does on it, and what the backend answers."""

    scenario: Scenario
    conversation: Conversation
    own: Backend | None = None
    """The backend of the scenario, where it is played from here: it can be asked again."""

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to every message, even to those that a fault of the page kept back."""
        if not isinstance(self.scenario.backend, ReplayBackend):
            return True
        messages = sum(bool(_message(step)) for step in self.scenario.steps)
        turns = [call for call in self.conversation.calls if call.op in TURN_OPS and call.attempt == 1]
        return len(turns) >= messages and all(call.how == "finished" for call in turns)


def setup_of(scenario: Scenario, recording: Recording) -> Setup:
    """What was recorded, to be replayed: the same page and steps, with the recorded backend behind them."""
    own = scenario.backend
    # Which headers are sent decides what a browser asks for before; their values are nobody's business.
    names = own.headers if isinstance(own, UrlBackend | ReplayBackend) else {}
    backend = ReplayBackend(recording=str(recording.directory), headers=dict.fromkeys(names, "replayed"))
    limits = scenario.limits.model_copy(update={"turn": min(scenario.limits.turn, TURN_LIMIT_MS)})
    replayed = scenario.model_copy(update={"backend": backend, "limits": limits, "expect": None})
    again = own if isinstance(own, SdkBackend | ScriptBackend) else None
    return Setup(replayed, conversation_of(recording), again)


def repaired(setup: Setup, causes: Iterable[str]) -> Setup:
    """The same without these faults; the same object where they are not in it."""
    wanted = set(causes)
    repairs = [repair for cause, repair in REPAIRS.items() if cause in wanted]
    conversation, page = setup.conversation, setup.scenario.page
    for repair in repairs:
        conversation = repair.conversation(conversation) if repair.conversation is not None else conversation
        page = repair.page(page) if repair.page is not None else page
    is_same = conversation == setup.conversation
    if page == setup.scenario.page:
        return setup if is_same else replace(setup, conversation=conversation)
    found = replace(setup, scenario=_with_page(setup.scenario, page), conversation=conversation)
    return _asked_again(found) if is_same else found


def _with_page(scenario: Scenario, page: PageSetup) -> Scenario:
    """The scenario on another page; limits that are short because the page fails are not for this one."""
    given, usual = scenario.limits, Limits()
    limits = given.model_copy(
        update={
            "ready": max(given.ready, usual.ready),
            "request": max(given.request, usual.request),
            "turn": max(given.turn, usual.turn),
        }
    )
    return scenario.model_copy(update={"page": page, "limits": limits})


def _asked_again(setup: Setup) -> Setup:
    """With the scenario's own backend: what the page kept from being asked has no recorded answer."""
    if setup.own is None:
        return setup
    return replace(setup, scenario=setup.scenario.model_copy(update={"backend": setup.own}))


def _message(step: Step) -> str | None:
    """The message that a step sends."""
    match step:
        case Send(text=text):
            return text
        case Click() | CallMethod():
            return step.sends
        case _:
            return None
