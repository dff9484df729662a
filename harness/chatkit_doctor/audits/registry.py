"""Finding the audits: every module in ``audits/<layer>/`` that defines ``AUDIT`` is one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from chatkit_doctor.audits.audit import Audit, Failure, Finding, NotApplicable, NotTestable, Status
from chatkit_doctor.recording.entries import kind_of
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import LAYERS


@cache
def audits() -> tuple[Audit, ...]:
    """All audits, ordered by layer, then id. Raises ValueError when two files claim one id."""
    found: dict[str, Audit] = {}
    for module_info in pkgutil.walk_packages([str(Path(__file__).parent)], f"{__package__}."):
        audit = getattr(importlib.import_module(module_info.name), "AUDIT", None)
        if isinstance(audit, Audit):
            if audit.id in found:
                raise ValueError(f"two audits claim the id {audit.id!r}; one is {module_info.name}")
            found[audit.id] = audit
    return tuple(sorted(found.values(), key=lambda audit: (LAYERS.index(audit.layer), audit.id)))


def examine(recording: Recording) -> tuple[Finding, ...]:
    """Put every question to a recording. An audit that fails is reported as such; the others go on."""
    return tuple(_ask(audit, recording) for audit in audits())


def _ask(audit: Audit, recording: Recording) -> Finding:
    with recording.reading() as read:
        finding = _answer(audit, recording)
    lost = [(recording.capped[type_], kind_of(type_)) for type_ in read & recording.capped.keys()]
    return _as_far_as_recorded(finding, *min(lost)) if lost else finding


def _answer(audit: Audit, recording: Recording) -> Finding:
    missing = [kind_of(type_) for type_ in audit.needs if not recording.has(type_)]
    if missing:
        return Finding(audit, Status.NOT_TESTABLE, note=f"nothing was recorded of {', '.join(missing)}")
    failures: list[Failure] = []
    try:
        failures.extend(audit.judge(recording))
    except NotApplicable as answer:
        return Finding(audit, Status.NOT_APPLICABLE, note=str(answer))
    except NotTestable as answer:
        # What was found before something could not be seen was found all the same.
        status = Status.FAILED if failures else Status.NOT_TESTABLE
        return Finding(audit, status, tuple(failures), note=str(answer))
    except Exception as error:  # noqa: BLE001 - one broken audit must not silence the others
        return Finding(audit, Status.ERROR, note=f"{type(error).__name__}: {error}")
    return Finding(audit, Status.FAILED if failures else Status.PASSED, tuple(failures))


def _as_far_as_recorded(finding: Finding, since: float, kind: str) -> Finding:
    """The same answer where a limit dropped what the audit read, from a time (ms) on.

    What was found before the limit stands. What came later, or never, was not seen; nothing passes.
    """
    if finding.status not in {Status.PASSED, Status.FAILED}:
        return finding
    note = f"a limit of the recording dropped {kind} from {since:.0f} ms on"
    known = tuple(each for each in finding.failures if _is_known_by(each, since))
    return Finding(finding.audit, Status.FAILED if known else Status.NOT_TESTABLE, known, note)


def _is_known_by(failure: Failure, t_ms: float) -> bool:
    times = [evidence.t_ms for evidence in failure.evidence]
    times += [] if failure.t_ms is None else [failure.t_ms]
    return bool(times) and max(times) < t_ms
