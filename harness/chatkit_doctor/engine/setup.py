"""What is replayed: a page with what a user does on it, and what the backend answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.recording.entries import StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.repairs.registry import REPAIRS
from chatkit_doctor.repairs.repair import OwnBackend
from chatkit_doctor.repairs.threads import stored_anew
from chatkit_doctor.scenario.backend import ReplayBackend, ScriptBackend, SdkBackend, UrlBackend
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import CallMethod, Click, Send, Step
from chatkit_doctor.vocabulary import STREAMING_OPS, TURN_OPS

TURN_LIMIT_MS: Final = 15_000
"""The longest limit of a turn in a replay."""
SILENCE_MS: Final = 500
"""The longest silence in a replay that takes no time between events: whatever was recorded has been sent by
then, since such a replay waits no longer than 60 ms between any two pieces of it."""
PACED_MS: Final = 10_000
"""How long each answer may have taken, in ms, for a replay to take its time, too."""
OF_PACE: Final = frozenset({"reply-not-live"})
"""Symptoms that are gone where the answers come in less time."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is replayed: a page with what a user does on it, and what the backend answers."""

    scenario: Scenario
    conversation: Conversation
    own: OwnBackend | None = None
    """The backend of the scenario, where it is played from here: it can be asked again."""

    @property
    def is_replayed(self) -> bool:
        """Whether the answers are recorded ones; else the scenario's own backend is asked again."""
        return isinstance(self.scenario.backend, ReplayBackend)

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to every message, even to those that a fault of the page kept back."""
        if not self.is_replayed:
            return True
        messages = sum(bool(_message(step)) for step in self.scenario.steps)
        turns = [call for call in self.conversation.calls if call.op in TURN_OPS and call.attempt == 1]
        return len(turns) >= messages and all(call.how == "finished" for call in turns)


def setup_of(
    scenario: Scenario, recording: Recording, symptoms: Iterable[str] = (), *, on_own_page: bool = False
) -> Setup:
    """What was recorded, to be replayed: the same page and steps, with the recorded backend behind them.

    Waits are shortened, but for those without which symptoms of pace would not come again. ``on_own_page``:
    the session was on a user's own page, behind which the scenario's backend does not stand.
    """
    conversation = conversation_of(recording)
    streams = [call for call in conversation.calls if call.op in STREAMING_OPS]
    is_short = all(call.ended_ms - call.t_ms <= PACED_MS for call in streams)
    keeps_pace = is_short and not OF_PACE.isdisjoint(symptoms)
    own = scenario.backend
    # Which headers are sent decides what a browser asks for before; their values are nobody's business.
    names = own.headers if isinstance(own, UrlBackend | ReplayBackend) else {}
    backend = ReplayBackend(
        recording=str(recording.directory),
        timing="real" if keeps_pace else "compressed",
        headers=dict.fromkeys(names, "replayed"),
    )
    given = scenario.limits
    update = {"turn": min(given.turn, TURN_LIMIT_MS)}
    if given.silence is not None and not keeps_pace:
        update["silence"] = min(given.silence, SILENCE_MS)
    limits = given.model_copy(update=update)
    again = own if isinstance(own, SdkBackend | ScriptBackend) and not on_own_page else None
    replayed = scenario.model_copy(
        update={
            "backend": backend,
            "limits": limits,
            "expect": None,
            # What a session did not come to has no recorded answer.
            "steps": scenario.steps if again is not None else _begun(scenario.steps, recording),
        }
    )
    return Setup(replayed, conversation, again)


def _begun(steps: list[Step], recording: Recording) -> list[Step]:
    """The steps up to the last that was begun and sent something; all, where none did."""
    begun = steps[: max((entry.data.index for entry in recording.of(StepBegin)), default=0)]
    return begun if any(_message(step) for step in begun) else steps


def in_place_of_a_page(setup: Setup, diagnosis: Diagnosis | None) -> Setup:
    """The session of a user's own page, to be replayed on the host's.

    Of the page itself nothing is replayed but that it forgets its thread, where that was found: any other
    fault of the page does not come again, and is not proven. Without a ``diagnosis`` nothing was found yet.
    """
    calls = setup.conversation.calls
    told = diagnosis
    found = () if told is None else (*told.causes, *told.contributing, *told.warnings)
    page = PageSetup(remember_thread=all(cause.id != "thread-not-restored" for cause in found))
    # A page's own fetch decides on the headers, and so on what was allowed: the host's sends others.
    free = tuple(call if call.status is None else replace(call, preflight=None) for call in calls)
    return replace(
        setup,
        scenario=setup.scenario.model_copy(update={"page": page}),
        conversation=replace(setup.conversation, calls=free),
    )


def repaired(setup: Setup, causes: Iterable[str]) -> Setup:
    """The same without these faults; the same object where they are not in it."""
    wanted = set(causes)
    repairs = [repair for cause, repair in REPAIRS.items() if cause in wanted]
    conversation, own = setup.conversation, setup.own
    page, steps = setup.scenario.page, setup.scenario.steps
    for repair in repairs:
        conversation = repair.conversation(conversation) if repair.conversation is not None else conversation
        page = repair.page(page) if repair.page is not None else page
        steps = list(repair.steps(steps)) if repair.steps is not None else steps
        own = repair.backend(own) if repair.backend is not None and own is not None else own
    conversation = stored_anew(setup.conversation, conversation)
    scenario = setup.scenario
    if steps != scenario.steps:
        scenario = scenario.model_copy(update={"steps": steps})
    if page != scenario.page:
        scenario = _with_page(scenario, page)
    found = replace(setup, scenario=scenario, conversation=conversation, own=own)
    if found == setup:
        return setup
    # What a page did not ask for, or a browser kept back, has no recorded answer: it is requested again.
    is_unanswered = page != setup.scenario.page and conversation == setup.conversation
    return _asked_again(found) if is_unanswered or own != setup.own else found


def continued(setup: Setup, recording: Recording) -> Setup:
    """What was recorded of a repaired page, or of a backend that was asked again, to be replayed."""
    found = setup_of(setup.scenario, recording)
    return replace(found, own=setup.own)


def _with_page(scenario: Scenario, page: PageSetup) -> Scenario:
    """The scenario on another page; limits that are short because the page fails are not for this one."""
    return scenario.model_copy(update={"page": page, "limits": _usual(scenario.limits)})


def _usual(given: Limits) -> Limits:
    """Limits of which none is shorter than usual."""
    usual = Limits()
    return given.model_copy(
        update={
            "ready": max(given.ready, usual.ready),
            "request": max(given.request, usual.request),
            "turn": max(given.turn, usual.turn),
        }
    )


def _asked_again(setup: Setup) -> Setup:
    """With the scenario's own backend, if it is played from here."""
    if setup.own is None:
        return setup
    update = {"backend": setup.own, "limits": _usual(setup.scenario.limits)}
    return replace(setup, scenario=setup.scenario.model_copy(update=update))


def _message(step: Step) -> str | None:
    """The message that a step sends."""
    match step:
        case Send(text=text):
            return text
        case Click() | CallMethod():
            return step.sends
        case _:
            return None
