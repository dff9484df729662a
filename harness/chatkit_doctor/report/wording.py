"""How the report outputs say things: times, verdicts, one-line summaries."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chatkit_doctor import vocabulary
from chatkit_doctor.safe_text import one_line
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict

if TYPE_CHECKING:
    from chatkit_doctor.report.model import (
        CauseModel,
        PartingModel,
        ProofModel,
        RemainingModel,
        ReportModel,
        RunModel,
        RunTotals,
    )

VERDICT: Final = "Verdict"
SYMPTOMS: Final = "Symptoms"
CAUSE: Final = "Cause"
WHY: Final = "Why"
FIX: Final = "Fix"
EVIDENCE: Final = "Evidence"
LAYERS: Final = "Layers"
REPORT: Final = "Report"
NO_LONGER_TRUE: Final = "No longer true of this component"
"""What the parts of an answer are called, wherever there is one: on a terminal, in every document."""

STATE_WORDS: Final = {
    "ok": "ok",
    "broken": "broken",
    "not-reached": "not reached",
    "not-testable": "not testable",
}
"""The states of a layer as a user reads them."""

REFERENCE_NOTICE: Final = (
    "The real ChatKit component was not used. This result comes from the reference component, which imitates "
    "it; the real one may behave differently."
)
"""Shown prominently on every result from the reference runtime."""

MODES: Final = {
    "hosted": (
        "hosted (getClientSecret): OpenAI's servers respond, not a backend of this page. Their behaviour "
        "is not testable here, so this check never passes."
    )
}
"""Modes of using ChatKit that limit what can be diagnosed."""

SIMULATED_NOTICE: Final = (
    "Simulated: no browser was used. What the user would see is derived from the network traffic, using the "
    "component's measured rules. The page's own behaviour is not included."
)
"""Shown prominently on every result found without a browser."""

_BEHAVIOUR: Final = "behaviour/"
"""How the names of the scenarios begin whose titles are the sentences of docs/chatkit-behaviour.md."""

_NOTICES: Final = {"reference": REFERENCE_NOTICE, "model": SIMULATED_NOTICE}


class Outcome(StrEnum):
    """Whether a session led where it should: to what its scenario expects, or to no symptom without one."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


_PROOF_WORDS: Final = {
    "proven": "Replayed as recorded, the symptoms reappeared; with the fault repaired, they are gone.",
    "disproven": "Replayed as recorded, the symptoms reappeared, and the repair does not remove them.",
    "not-reproducible": "Not reproducible: the same responses did not lead to the same symptoms again.",
    "not-tried": "Not replayed.",
    "broken-off": "The replays were interrupted.",
}


def outcome(report: ReportModel) -> Outcome:
    """A met expectation passes whatever the verdict; without one, the verdict itself decides.

    Where warnings count as failures, one that does fails what would have passed.
    """
    if report.strict is not None and report.strict.failed:
        return Outcome.FAILED
    if report.expectation is not None and report.expectation.met:
        return Outcome.PASSED
    if report.verdict == Verdict.INCONCLUSIVE:
        return Outcome.INCONCLUSIVE
    if report.expectation is not None:
        return Outcome.FAILED
    return Outcome.PASSED if report.verdict == Verdict.PASS else Outcome.FAILED


def outcome_code(report: ReportModel) -> int:
    """What a process ends with whose only session this was, where something was expected of it."""
    return {Outcome.PASSED: 0, Outcome.FAILED: 1, Outcome.INCONCLUSIVE: 2}[outcome(report)]


def exit_code(report: ReportModel) -> int:
    """What a process ends with whose only session this was: the verdict's, unless a warning fails it."""
    return EXIT_CODES[Verdict.FAIL if strict_failure(report) else Verdict(report.verdict)]


def was_simulated(runtime: Mapping[str, object]) -> bool:
    """Whether there was no browser, so that nobody saw what a report tells."""
    return runtime.get("name") == "model"


def notice(runtime: Mapping[str, object]) -> str:
    """What must be said of an answer that was found without the real component; empty where it was used."""
    return _NOTICES.get(str(runtime.get("name")), "")


def milliseconds(value: float) -> str:
    """A time on the session's clock, such as ``1,204 ms``."""
    return f"{value:,.0f} ms"


def duration(value_ms: float) -> str:
    """A length of time in the unit a user would choose: ``812 ms``, ``12.4 s``, ``2 min 5 s``."""
    if value_ms < 10_000:
        return milliseconds(value_ms)
    if value_ms < 120_000:
        return f"{value_ms / 1000:.1f} s"
    minutes, seconds = divmod(round(value_ms / 1000), 60)
    return f"{minutes} min {seconds} s"


def entry_name(n: int) -> str:
    """How evidence names the journal entry it is based on; 0 is something that never came."""
    return f"entry {n}" if n else "never came"


def trace_command(path: str) -> str:
    """What to type to look at a trace."""
    return f"playwright show-trace {shlex.quote(path)}"


def explain_command(cause: str) -> str:
    """What to type to read about a cause, with examples."""
    return f"chatkit-doctor explain {shlex.quote(one_line(cause, 100))}"


def cause_name(cause: CauseModel) -> str:
    """The cause's id, with the dialect's name where the cause is one: ``wrong-dialect (responses)``."""
    dialect = cause.details.get("dialect")
    return f"{cause.id} ({dialect})" if isinstance(dialect, str) and dialect else cause.id


def layer_groups(layers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The layers in words with their state, in their order: neighbours in the same state are one."""
    groups: list[tuple[str, list[str]]] = []
    for layer, state in layers.items():
        if groups and groups[-1][0] == state:
            groups[-1][1].append(layer)
        else:
            groups.append((state, [layer]))
    return [(", ".join(n) if len(n) < 3 else f"{n[0]} to {n[-1]}", state) for state, n in groups]


def told_proof(proof: ProofModel) -> list[str]:
    """What replays have shown, a sentence each."""
    told = [_PROOF_WORDS.get(proof.outcome, proof.outcome)]
    if proof.note:
        told.append(f"{proof.note[:1].upper()}{proof.note[1:].rstrip('.')}.")
    told += [f"{cause}: the repair {does}" for cause, does in zip(proof.causes, proof.does, strict=False)]
    return told


def told_experiment(report: ReportModel) -> list[str]:
    """What the simulated experiments leave open, a sentence each; none where that is nothing."""
    told = [report.experiment] if report.experiment else []
    if report.remaining:
        told.append(
            "With every repairable fault repaired, these symptoms remain in the simulation: "
            f"{', '.join(map(_remaining, report.remaining))}."
        )
    if report.parting is not None:
        told.append(_parting(report.parting))
    return told


def _remaining(symptom: RemainingModel) -> str:
    return symptom.id if symptom.turn is None else f"{symptom.id} (turn {symptom.turn})"


def _parting(parting: PartingModel) -> str:
    when = f", after {parting.event}" if parting.event else ""
    return (
        f"The screen and the simulation diverge at {entry_name(parting.n)}, "
        f"{milliseconds(parting.t_ms)}{when}: "
        f"there was {parting.seen}; the simulated component shows {parting.simulated}."
    )


def summary(report: ReportModel) -> str:
    """What a session showed, in one line: the verdict, the cause, the symptoms."""
    parts = _parts(report)
    return f"{report.verdict}: {'; '.join(parts)}" if parts else report.verdict


def headline(report: ReportModel) -> str:
    """The one word or two that say how a session came out: measured by what was expected, if anything was."""
    return report.verdict if report.expectation is None else status_label(report)


def told_symptom(symptom: str, turn: int | None) -> str:
    """A symptom by its id as a sentence, with the turn in which it was seen."""
    return f"{'' if turn is None else f'Turn {turn}: '}{vocabulary.SYMPTOMS[symptom]} ({symptom})"


def what_was_found(report: ReportModel) -> str:
    """What a session showed, to stand behind its :func:`headline`."""
    if report.expectation is not None:
        return summary(report)
    nothing = "no symptom" if report.verdict == Verdict.PASS else "no reason is known"
    return "; ".join(_parts(report)) or nothing


def fixes(report: ReportModel) -> list[str]:
    """What to change until no symptom is left, the root cause's first; each is whole."""
    causes = report.causes or ([report.cause] if report.cause is not None else [])
    return list(dict.fromkeys(cause.fix for cause in causes if cause.fix))


def no_longer_true(run: RunModel) -> list[tuple[str, str]]:
    """The sentences of docs/chatkit-behaviour.md that a run contradicts, each with its scenario's name."""
    return [(report.name, said) for report in run.scenarios if (said := contradicted(report))]


def contradicted(report: ReportModel) -> str:
    """The sentence of docs/chatkit-behaviour.md that a session contradicts; empty where there is none.

    One that is inconclusive contradicts nothing.
    """
    drifted = report.expectation is not None and outcome(report) is Outcome.FAILED
    return report.title if drifted and report.name.startswith(_BEHAVIOUR) else ""


def _parts(report: ReportModel) -> list[str]:
    if report.verdict == Verdict.INCONCLUSIVE:
        return [report.reason] if report.reason else []
    parts = [cause_name(report.cause)] if report.cause else []
    if report.symptoms:
        parts.append(", ".join(dict.fromkeys(symptom.id for symptom in report.symptoms)))
    if failing := strict_failure(report):
        parts.append(failing)
    return parts


def strict_failure(report: ReportModel) -> str:
    """That warnings make a session fail, and which; empty where they do not."""
    if report.strict is None or not report.strict.failed:
        return ""
    ids = report.strict.warnings
    return f"fails by {'its warning' if len(ids) == 1 else 'its warnings'} {', '.join(ids)} (--strict)"


def counts(totals: RunTotals) -> str:
    """How the scenarios of a run went, such as ``7 as expected, 1 failed``; zeros are left out."""
    by_label = {
        "as expected": totals.as_expected,
        "drifted": totals.drifted,
        "passed": totals.passed,
        "failed": totals.failed,
        "inconclusive": totals.inconclusive,
        "not run": totals.not_run,
    }
    return ", ".join(f"{count} {label}" for label, count in by_label.items() if count) or "none were run"


def status_label(report: ReportModel) -> str:
    """One word or two for a list of sessions: what came out, measured by what was expected."""
    result = outcome(report)
    if result is Outcome.INCONCLUSIVE:
        return "inconclusive"
    if report.expectation is not None:
        return "as expected" if result is Outcome.PASSED else "drifted"
    return result.value
