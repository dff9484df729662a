"""Experiments on a recorded conversation: some faults are repaired, and the component is simulated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from chatkit_doctor.audits.audit import Finding
from chatkit_doctor.audits.registry import audits, examine
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.recording.entries import SessionBrokeOff
from chatkit_doctor.recording.reader import Recording, received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.repairs.registry import repaired
from chatkit_doctor.simulator.simulate import simulate

_ONE_LOSS: Final = {
    "user-message-vanished": "user-message-missing",
    "reply-vanished": "reply-missing",
}
"""Symptoms that are one and the same loss: whether it was seen before depends on a frame or two."""


class SymptomKey(NamedTuple):
    """A symptom as it can be told again in another recording of the same conversation."""

    id: str
    turn: int | None


MOST_BYTES: Final = 8 * 1024 * 1024
"""Bytes of answers that all experiments on one conversation may repair and simulate: no time, so that one
recording is always answered alike."""
MOST_EVENTS: Final = 10_000
"""Events in these answers, for the same reason."""
_REPAIRS_PER_SIMULATION: Final = 4
"""So many repairs take no longer than one simulation with all that is asked of it."""
UNKNOWN: Final = SymptomKey("unknown", None)
"""Stands for whatever would be on screen at the end of a session whose end is not known."""


def symptom_keys(findings: Iterable[Finding]) -> frozenset[SymptomKey]:
    """The symptoms among findings."""
    return frozenset(
        symptom_key(finding.audit.id, failure.turn)
        for finding in findings
        if finding.audit.is_symptom
        for failure in finding.failures
    )


def symptom_key(id_: str, turn: int | None) -> SymptomKey:
    """The key of a symptom at a turn."""
    return SymptomKey(loss(id_), turn)


def loss(symptom: str) -> str:
    """The symptom that stands for all that are the same loss: itself, but for what vanished."""
    return _ONE_LOSS.get(symptom, symptom)


class TooMuchWorkError(Exception):
    """More would must be repaired and simulated than an answer may take."""


class Experiments:
    """Simulations of one conversation, each made once, as long as that is not too much work."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._bytes = 0.0
        self._events = 0.0
        self._symptoms: list[tuple[Conversation, frozenset[SymptomKey]]] = []
        self._repaired: dict[frozenset[str], Conversation] = {}
        self._findings: dict[frozenset[str], Sequence[Finding]] = {}

    def changes(self, cause: str) -> bool:
        """Whether the repair of a cause changes anything. Raises TooMuchWorkError."""
        return self.repaired(frozenset({cause})) is not self._conversation

    def repaired(self, causes: frozenset[str]) -> Conversation:
        """The conversation without some faults. Raises TooMuchWorkError."""
        if causes not in self._repaired:
            self._count(self._conversation, 1 / _REPAIRS_PER_SIMULATION)
            self._repaired[causes] = repaired(self._conversation, causes)
        return self._repaired[causes]

    def left(self, causes: frozenset[str]) -> frozenset[SymptomKey]:
        """The symptoms that are left with some faults repaired. Raises TooMuchWorkError."""
        conversation = self.repaired(causes)
        known = next((keys for made, keys in self._symptoms if made == conversation), None)
        if known is None:
            known = _left(self._simulated(conversation))
            self._symptoms.append((conversation, known))
        return known

    def findings(self, causes: frozenset[str]) -> Sequence[Finding]:
        """Everything that is found with some faults repaired. Raises TooMuchWorkError."""
        if causes not in self._findings:
            self._findings[causes] = examine(self._simulated(self.repaired(causes)))
        return self._findings[causes]

    def _simulated(self, conversation: Conversation) -> Recording:
        self._count(conversation)
        return _recording(conversation)

    def _count(self, conversation: Conversation, weight: float = 1.0) -> None:
        """Count what is about to be simulated, or with its weight what is about to be repaired."""
        bodies = [call.body for call in conversation.calls]
        self._bytes += weight * sum(map(len, bodies))
        self._events += weight * sum(body.count(b"data:") for body in bodies)
        if self._bytes > MOST_BYTES or self._events > MOST_EVENTS:
            raise TooMuchWorkError


def _left(recording: Recording) -> frozenset[SymptomKey]:
    questions = [audit for audit in audits() if audit.is_symptom]
    found = symptom_keys(examine(recording, questions))
    return found | {UNKNOWN} if recording.has(SessionBrokeOff) else found


def _recording(conversation: Conversation) -> Recording:
    # In memory: what was received may hold secrets.
    return received(simulate(conversation, None, Redactor()))
