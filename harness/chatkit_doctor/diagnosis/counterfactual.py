"""The causes by experiment: a fault is a cause if repairing it, and what else it takes, leaves no symptom.

The recorded conversation is given to the simulated component, as it is and with faults repaired. What no
smallest set of repairs needs is a warning, however early its layer. What the simulation does not show, such
as a fault of the page, is left to the ranking by layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from chatkit_doctor.audits.audit import Evidence, Finding
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.diagnosis.confidence import by_layers_alone, graded, unsure
from chatkit_doctor.diagnosis.diagnose import accounts_for
from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis, Remaining, Symptom
from chatkit_doctor.diagnosis.experiment import (
    UNKNOWN,
    Experiments,
    SymptomKey,
    TooMuchWorkError,
    symptom_key,
    symptom_keys,
)
from chatkit_doctor.diagnosis.layers import layer_states
from chatkit_doctor.diagnosis.minimal_sets import minimal_sets
from chatkit_doctor.diagnosis.needed import Found, is_of_absence, needed
from chatkit_doctor.diagnosis.parting import parting_from_model
from chatkit_doctor.diagnosis.undone import failed_causes, quiet, undone, what_came
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.hosted import is_hosted
from chatkit_doctor.repairs.change import size_of_change
from chatkit_doctor.repairs.condensed import condensed
from chatkit_doctor.repairs.registry import REPAIRS, repaired
from chatkit_doctor.vocabulary import LAYERS, STREAMING_OPS, Layer, Verdict

NOT_REPRODUCED: Final = (
    "The simulated component does not show what was seen, so no experiment was run: the cause is chosen by "
    "the order of the layers."
)
TOO_LONG: Final = (
    "The conversation is too long to experiment with: the cause is chosen by the order of the layers."
)
_MOST_BYTES: Final = 1024 * 1024
_ENDLESS: Final = "stream-never-ends"
HIDING: Final = frozenset(
    {"wrong-content-type", "sse-bad-framing", "sse-double-encoded", "stream-never-ends"}
)
"""Causes that hide what is wrong behind them: their details say what is ``next``."""
_MISSED_AT_THE_END: Final = frozenset(
    {
        "reply-item-missing",
        "user-item-missing",
        "first-message-ignored",
        "item-never-done",
        "workflow-left-open",
    }
)
"""Causes that are based on what never came: of a body that was broken off nobody knows."""
_UNSIMULATED: Final = frozenset({Layer.PAGE, Layer.FRAME, Layer.FETCH})
"""Layers of which the simulation knows nothing."""
_MOST_ROUNDS: Final = 5
"""How many times what shows behind a repaired fault is examined."""
_MOST_TRIED: Final = 24
"""Sets that are tried to find others as small as the first."""


def with_experiments(recording: Recording, diagnosis: Diagnosis) -> Diagnosis:
    """The diagnosis whose causes are those that experiments confirm; itself where none can be made."""
    if is_hosted(recording):
        return by_layers_alone(diagnosis)
    if diagnosis.verdict is not Verdict.FAIL:
        return quiet(recording, diagnosis)
    try:
        return _tried(recording, diagnosis)
    except TooMuchWorkError:
        return _untried(diagnosis, TOO_LONG)
    except Exception as error:  # noqa: BLE001 - a repair that fails must not take the answer away
        return _untried(diagnosis, f"The experiments failed: {type(error).__name__}: {error}")


def _untried(diagnosis: Diagnosis, why: str) -> Diagnosis:
    return replace(by_layers_alone(diagnosis), experiment=why)


def _tried(recording: Recording, diagnosis: Diagnosis) -> Diagnosis:
    observed = symptom_keys(diagnosis.findings)
    short = condensed(conversation_of(recording))
    if _size(short) > _MOST_BYTES:
        return _untried(diagnosis, TOO_LONG)
    experiments = _faithful(short, diagnosis, observed)
    if experiments is None:
        untried = _untried(diagnosis, NOT_REPRODUCED)
        return replace(untried, parting=parting_from_model(recording))
    answer = _Answer(recording, diagnosis, observed, experiments)
    told, remaining = answer.told(), answer.remaining()
    if not remaining and experiments.left(frozenset()) == observed:
        return told
    return replace(told, remaining=remaining, parting=parting_from_model(recording))


def _size(conversation: Conversation) -> int:
    """Bytes of all bodies: what a simulation takes grows with them."""
    return sum(len(call.body) for call in conversation.calls)


def _faithful(
    short: Conversation, diagnosis: Diagnosis, observed: frozenset[SymptomKey]
) -> Experiments | None:
    """Experiments on the conversation if the simulation of it shows what was seen, or a part of that."""
    if _ENDLESS not in failed_causes(diagnosis.findings):
        # The component let go of it, or the session ended first.
        experiments = Experiments(repaired(short, {_ENDLESS}))
        if _agrees(experiments, observed):
            return experiments
    experiments = Experiments(short)
    return experiments if _agrees(experiments, observed) else None


def _agrees(experiments: Experiments, observed: frozenset[SymptomKey]) -> bool:
    shown = experiments.left(frozenset())
    return bool(shown) and shown <= observed


class _Answer:
    def __init__(
        self,
        recording: Recording,
        diagnosis: Diagnosis,
        observed: frozenset[SymptomKey],
        experiments: Experiments,
    ) -> None:
        self._recording = recording
        self._diagnosis = diagnosis
        self._observed = observed
        self._experiments = experiments
        self._findings: dict[str, tuple[Finding, int]] = {
            f.audit.id: (f, 0) for f in diagnosis.findings if not f.audit.is_symptom and f.failures
        }
        self._suspects = [each for each in self._findings if self._is_repairable(each)]
        self._look_behind()

    def _is_repairable(self, cause: str) -> bool:
        return (
            cause in REPAIRS and REPAIRS[cause].conversation is not None and self._experiments.changes(cause)
        )

    def _look_behind(self) -> None:
        """Add what shows once the outer faults are repaired."""
        calls = conversation_of(self._recording).calls
        ends = {"aborted"} if _ENDLESS in self._findings else {"aborted", "open"}
        is_partial = any(call.how in ends for call in calls if call.op in STREAMING_OPS)
        for number in range(1, _MOST_ROUNDS):
            every = frozenset(self._suspects)
            if not every or not self._experiments.left(every):
                return
            shown = self._experiments.findings(every)
            symptoms = _symptoms(shown)
            fresh = [
                finding
                for finding in shown
                if finding.audit.id not in self._findings
                and not (is_partial and finding.audit.id in _MISSED_AT_THE_END)
                and _explained(finding, symptoms)
            ]
            self._findings |= {finding.audit.id: (finding, number) for finding in fresh}
            more = [f.audit.id for f in fresh if self._repairs_behind(f.audit.id, every)]
            if not more:
                return
            self._suspects += more

    def _repairs_behind(self, cause: str, every: frozenset[str]) -> bool:
        is_known = cause in REPAIRS and REPAIRS[cause].conversation is not None
        before, after = self._experiments.repaired(every), self._experiments.repaired(every | {cause})
        return is_known and before != after

    def told(self) -> Diagnosis:
        """The diagnosis with the causes that experiments confirm."""
        sets = minimal_sets(self._suspects, self._experiments.left, most_tried=_MOST_TRIED)
        sets.sort(key=self._preference)
        chosen = sets[0]
        root = self._diagnosis.cause
        if root is not None and self._is_beyond(root):
            instead = tuple(tuple(sorted(each)) for each in sets if each)
            return replace(by_layers_alone(self._diagnosis), alternatives=instead)
        accounting = [*self._needed(chosen), *self._unrepairable(chosen)]
        found, absent = needed(accounting, self._observed)
        found = graded(found, accounting, absent)
        found += map(unsure, self._hiding(found))
        if not found:
            return by_layers_alone(self._diagnosis)
        found.sort(key=self._rank)
        others = [each for each in sets[1:] if len(each) == len(chosen)]
        of_others = absent | self._undone_by(found, others)
        return self._with_causes(found, [each for each in others if not each & of_others], of_others)

    def remaining(self) -> tuple[Remaining, ...]:
        """The symptoms that are left with all faults repaired that can be."""
        left = self._experiments.left(frozenset(self._suspects)) - {UNKNOWN}
        seen = {symptom_key(each.id, each.failure.turn): each.id for each in self._diagnosis.symptoms}
        ordered = sorted(left, key=lambda key: (key.turn or 0, key.id))
        return tuple(Remaining(seen.get(key, key.id), key.turn) for key in ordered)

    def _is_beyond(self, cause: Cause) -> bool:
        """Whether a fault of the page accounts for all that was seen: only a browser can try it out."""
        if cause.id in self._suspects or cause.layer not in _UNSIMULATED:
            return False
        finding, _ = self._findings[cause.id]
        return all(
            any(accounts_for(finding, failure, symptom) for failure in finding.failures)
            for symptom in self._diagnosis.symptoms
        )

    def _hiding(self, found: Sequence[Found]) -> Iterator[Found]:
        """The faults behind which those without a repair show: whoever repairs them runs into these."""
        known = {each.cause.id for each in found}
        for inner in (each for each in found if each.inner and each.cause.id not in self._suspects):
            for suspect in self._suspects:
                others = self._experiments.findings(frozenset(self._suspects) - {suspect})
                if suspect not in known and inner.cause.id not in failed_causes(others):
                    known.add(suspect)
                    finding, depth = self._findings[suspect]
                    cause = _cause(finding, self._diagnosis.symptoms, depth)
                    yield Found(finding, cause, depth, inner.brings)

    def _preference(self, repairs: frozenset[str]) -> tuple[object, ...]:
        """The smallest set first; of several the one with the smallest change, then the outermost."""
        change = size_of_change(self._experiments.repaired(frozenset()), self._experiments.repaired(repairs))
        places = sorted(list(self._findings).index(each) for each in repairs)
        # What came and was wrong is put right before anything is added that never came.
        added = sum(is_of_absence(self._findings[each][0]) for each in repairs)
        return len(repairs), added, change, places

    def _needed(self, chosen: frozenset[str]) -> Iterator[Found]:
        """The faults of which each must be repaired, with the symptoms that each brings back."""
        rest = self._experiments.left(chosen)
        for each in sorted(chosen, key=list(self._findings).index):
            finding, inner = self._findings[each]
            back = self._experiments.left(chosen - {each}) - rest
            yield Found(finding, _cause(finding, self._diagnosis.symptoms, inner), inner, back)

    def _unrepairable(self, chosen: frozenset[str]) -> Iterator[Found]:
        """The faults without a repair that account for what repairs leave, or what is not simulated."""
        brought = {key for found in self._needed(chosen) for key in found.brings}
        unseen = self._observed - self._experiments.left(frozenset())
        every = self._experiments.findings(frozenset(self._suspects))
        still, left = {f.audit.id for f in every if f.failures}, self._experiments.left(chosen)
        for finding, inner in self._findings.values():
            if finding.audit.id in self._suspects:
                continue
            symptoms = [*self._diagnosis.symptoms, *(_symptoms(every) if inner else ())]
            # What is gone once others are repaired was their doing, but for what is missed: a repair
            # that brings a part of it leaves the rest missing. A fault of the page is never simulated.
            remains = finding.audit.id in still or _is_of_the_page(finding) or is_of_absence(finding)
            wanted = (unseen | left if remains else unseen) - brought
            could = frozenset(
                symptom_key(symptom.id, symptom.failure.turn)
                for symptom in symptoms
                if any(accounts_for(finding, failure, symptom) for failure in finding.failures)
            )
            if could:
                yield Found(finding, _cause(finding, symptoms, inner), inner, could & wanted, could)

    def _rank(self, found: Found) -> tuple[int, int, int, int, int]:
        """What the recording itself shows comes first, then what brings back most of what was seen.

        Of several in one layer, the one of the earliest turn.
        """
        brings = found.brings & self._observed
        layer = LAYERS.index(found.finding.audit.layer)
        turn = min((key.turn for key in brings if key.turn is not None), default=0)
        return found.inner, -len(brings), layer, turn, list(self._findings).index(found.cause.id)

    def _undone_by(self, found: Sequence[Found], others: Sequence[frozenset[str]]) -> frozenset[str]:
        """What no longer exists once the causes are repaired: it was their doing, and is not a fault of its
        own.

        Of what would be told besides; nothing where finding out is too much work.
        """
        known = frozenset(each.cause.id for each in found)
        told = (self._diagnosis.cause, *self._diagnosis.contributing, *self._diagnosis.warnings)
        besides = {each.id for each in told if each is not None}.union(*others) - known
        if not besides:
            return frozenset()
        absent = {
            each for each in besides if each in self._findings and is_of_absence(self._findings[each][0])
        }
        try:
            alone = what_came(self._experiments, self._diagnosis.findings) if absent else []
            gone = undone(self._experiments, alone) & absent
            return (undone(self._experiments, [known & set(self._suspects)]) | gone) - known
        except TooMuchWorkError:
            return frozenset()

    def _with_causes(
        self, found: Sequence[Found], others: Sequence[frozenset[str]], of_others: frozenset[str]
    ) -> Diagnosis:
        """The diagnosis with these causes; what is ``of_others`` is not a fault of its own, and not told."""
        diagnosis = self._diagnosis
        root, *behind = (each.cause for each in found)
        if root.id in HIDING:
            root = _with_next(root, [each.cause for each in found if each.inner])
        known = {each.cause.id for each in found}
        # What is simulated and no set needs does nothing; of the rest nobody knows.
        disproven = {
            each
            for each, (finding, _) in self._findings.items()
            if each not in known and finding.audit.layer not in _UNSIMULATED and not _is_of_the_page(finding)
        } | (set(self._suspects) - known)
        contributing = (
            *behind,
            *(
                each
                for each in (diagnosis.cause, *diagnosis.contributing)
                if each is not None and each.layer is not None and each.id not in known | disproven
            ),
        )
        accounted = known | {each.id for each in contributing}
        demoted = (each for each in (diagnosis.cause, *diagnosis.contributing) if each is not None)
        warnings = (
            *(each for each in demoted if each.id in disproven - of_others),
            *(each for each in diagnosis.warnings if each.id not in accounted | of_others),
        )
        symptoms = tuple(self._named(symptom, found) for symptom in diagnosis.symptoms)
        return replace(
            diagnosis,
            symptoms=symptoms,
            cause=root,
            contributing=contributing,
            warnings=warnings,
            layers=layer_states(self._recording, diagnosis.findings, root, contributing),
            causes=(root, *behind),
            alternatives=tuple(tuple(sorted(each)) for each in others),
        )

    def _named(self, symptom: Symptom, found: Sequence[Found]) -> Symptom:
        key = symptom_key(symptom.id, symptom.failure.turn)
        cause = next((each.cause.id for each in found if key in each.brings), "")
        return replace(symptom, cause=cause or (found[0].cause.id if len(found) == 1 else ""))


def _with_next(cause: Cause, inner: Sequence[Cause]) -> Cause:
    """A cause that hides others, which says what would go wrong next."""
    told = tuple(f"Behind it: {each.title.rstrip('.')} ({each.id}). {each.fix}" for each in inner)
    details = {**cause.details, "next": [each.id for each in inner]}
    return replace(cause, also=(*cause.also, *told), details=details)


def _is_of_the_page(finding: Finding) -> bool:
    """Whether a fault is undone in the page: no simulated recording tells of it."""
    repair = REPAIRS.get(finding.audit.id)
    return repair is not None and repair.page is not None


def _symptoms(findings: Iterable[Finding]) -> list[Symptom]:
    return [
        Symptom(finding.audit.id, failure)
        for finding in findings
        if finding.audit.is_symptom
        for failure in finding.failures
    ]


def _explained(finding: Finding, symptoms: Iterable[Symptom]) -> bool:
    return not finding.audit.is_symptom and any(
        accounts_for(finding, failure, symptom) for symptom in symptoms for failure in finding.failures
    )


def _cause(finding: Finding, symptoms: Sequence[Symptom], inner: int) -> Cause:
    """The cause that a finding stands for, told by the failure that accounts for a symptom."""
    failures = finding.failures
    chief = next((f for f in failures if any(accounts_for(finding, f, s) for s in symptoms)), failures[0])
    cause = Cause.of(finding.audit, chief, failures)
    if not inner:
        return cause
    # Its evidence is of a recording that nobody made: the words stay, without the entries.
    return replace(cause, evidence=tuple(Evidence(0, each.t_ms, each.text) for each in cause.evidence))
