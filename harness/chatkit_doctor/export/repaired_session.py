"""What of a judged session can be exported: the same without its faults, tried out as far as it can be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from chatkit_doctor.conversation.answers import params_of
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.diagnosis.experiment import Experiments, TooMuchWorkError
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.proof import Proof, ProofOutcome
from chatkit_doctor.engine.prove import why_not_tried
from chatkit_doctor.engine.setup import Setup, repaired, setup_of
from chatkit_doctor.protocol.events import member
from chatkit_doctor.repairs.registry import NO_REPAIR, REPAIRS
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import Reload, Send, Step
from chatkit_doctor.vocabulary import TURN_OPS, Verdict

_MESSAGE = "Hello"
"""Sent where a saved answer does not tell what was."""


class NotExportableError(Exception):
    """Why a session cannot be exported, in a sentence without its end."""


class Tried(StrEnum):
    """How it is known that a repaired session passes."""

    REPLAYED = "replayed"
    """In a browser."""
    SIMULATED = "simulated"
    """Without one."""
    NOT = "not-tried"
    """It is a page that was repaired, or too long."""


@dataclass(frozen=True, slots=True)
class RepairedSession:
    """A session with its faults repaired."""

    setup: Setup
    """What is done, on which page, and what is answered."""
    answers: Conversation
    """All that is answered; where the page was repaired, more than what had been asked before."""
    causes: tuple[str, ...]
    tried: Tried
    """How it is known that it passes."""

    @property
    def does(self) -> tuple[str, ...]:
        """What each repair changed, in words that go on from “The repair …”."""
        return tuple(REPAIRS[cause].does for cause in self.causes if cause in REPAIRS)


def repaired_session(judgement: Judgement) -> RepairedSession:
    """The session without its faults: as it was proven, or as experiments found it.

    Raises NotExportableError where there is none.
    """
    diagnosis = judgement.diagnosis
    if diagnosis.verdict is Verdict.INCONCLUSIVE:
        raise NotExportableError(f"the session has no verdict ({diagnosis.reason})")
    if diagnosis.cause is None:
        raise NotExportableError("no repairable cause was found")
    if judgement.proof is not None:
        return _proven(judgement.proof)
    return _tried(judgement)


def _proven(proof: Proof) -> RepairedSession:
    after = proof.after
    if after is None or proof.scenario is None or proof.repaired is None:
        told = {
            ProofOutcome.DISPROVEN: "no repair removes all symptoms",
            ProofOutcome.NOT_REPRODUCIBLE: "the symptoms did not reappear",
            ProofOutcome.BROKEN_OFF: "the proof was interrupted",
        }
        what = told.get(proof.outcome, "nothing can be repaired")
        raise NotExportableError(f"{what} ({proof.note.rstrip('.')})" if proof.note else what)
    setup = Setup(proof.scenario, proof.repaired)
    return RepairedSession(setup, conversation_of(after.recording), proof.causes, Tried.REPLAYED)


def _tried(judgement: Judgement) -> RepairedSession:
    """What nobody replayed: the causes that experiments found, or the one that the layers name."""
    diagnosis, recording = judgement.diagnosis, judgement.recording
    conversation = conversation_of(recording)
    # The user's own page is in no scenario: on ours its person does the same.
    is_own_page = recording.header.target.kind == "page"
    recorded = None if is_own_page else _scenario(recording.header.scenario)
    scenario = recorded or _made_of(conversation)
    setup = setup_of(scenario, recording)
    found = diagnosis.causes or ((diagnosis.cause,) if diagnosis.cause is not None else ())
    causes = tuple(cause.id for cause in found)
    fixed = repaired(setup, causes)
    if fixed is setup or not fixed.is_answered:
        raise NotExportableError(why_not_tried(setup, causes[0]).rstrip("."))
    if fixed.scenario is not setup.scenario:
        return RepairedSession(fixed, fixed.conversation, causes, Tried.NOT)
    try:
        left = sorted({key.id for key in Experiments(fixed.conversation).left(frozenset())})
    except TooMuchWorkError:
        return RepairedSession(fixed, fixed.conversation, causes, Tried.NOT)
    if left:
        more = next((f" ({NO_REPAIR[each].rstrip('.')})" for each in causes if each in NO_REPAIR), "")
        raise NotExportableError(f"with the repair there is still: {', '.join(left)}{more}")
    return RepairedSession(fixed, fixed.conversation, causes, Tried.SIMULATED)


def _scenario(recorded: object) -> Scenario | None:
    """The scenario that a recording holds; None where it has none, or one of another version."""
    try:
        return Scenario.model_validate(recorded)
    except ValidationError:
        return None


def _made_of(conversation: Conversation) -> Scenario:
    """What a user would have done to be answered so, where only the network was recorded."""
    steps: list[Step] = []
    for call in conversation.calls:
        if call.probe:
            continue
        if call.op in TURN_OPS and call.attempt == 1:
            content = member(params_of(call), "input").get("content")
            parts = content if isinstance(content, list) else []
            text = "".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
            steps.append(Send(text=text or _MESSAGE))
        elif call.reload and steps and not isinstance(steps[-1], Reload):
            steps.append(Reload())
    return Scenario(title="A recorded conversation", page=PageSetup(remember_thread=True), steps=steps)
