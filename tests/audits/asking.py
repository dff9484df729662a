"""Putting one audit's question to a recording made of a few entries."""

from __future__ import annotations

from chatkit_doctor.audits import registry
from chatkit_doctor.audits.audit import Audit, Failure, Finding
from chatkit_doctor.recording.reader import Recording
from tests.recordings import Part, recording


def ask(audit: Audit, made: Recording) -> Finding:
    """The audit's answer, as the registry would report it."""
    return registry._ask(audit, made)


def failures(audit: Audit, *parts: Part) -> tuple[Failure, ...]:
    """Where a finished recording fails; an answer that is neither passed nor failed fails the test."""
    finding = ask(audit, recording(*parts))
    assert finding.status in {"passed", "failed"}, f"{finding.status}: {finding.note}"
    return finding.failures


def turns_of(found: tuple[Failure, ...]) -> list[int | None]:
    """The turns of some failures."""
    return [failure.turn for failure in found]


def failing(audit: Audit, made: Recording) -> tuple[Failure, ...]:
    """Where a recording fails, which it must."""
    finding = ask(audit, made)
    assert finding.status == "failed", f"{finding.status}: {finding.note}"
    return finding.failures


def assert_silent(audit: Audit, made: Recording) -> None:
    """The audit has nothing to say against this recording: it passes, or the question does not arise."""
    finding = ask(audit, made)
    assert finding.status in {"passed", "not-applicable"}, (
        f"{finding.status}: {finding.failures} {finding.note}"
    )
