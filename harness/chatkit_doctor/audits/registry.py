"""Finding the audits: every module in ``audits/<layer>/`` that defines ``AUDIT`` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from chatkit_doctor.audits.audit import Audit, Failure, Finding, NotApplicable, NotTestable, Status
from chatkit_doctor.audits.incomplete import as_far_as_it_came, as_far_as_recorded
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
                raise ValueError(f"two audits have the id {audit.id!r}; one is {module_info.name}")
            found[audit.id] = audit
    return tuple(sorted(found.values(), key=lambda audit: (LAYERS.index(audit.layer), audit.id)))


def examine(recording: Recording, questions: Iterable[Audit] | None = None) -> tuple[Finding, ...]:
    """Put questions to a recording, all there are unless some are given.

    An audit that fails is reported as such; the others go on.
    """
    return tuple(_ask(audit, recording) for audit in (audits() if questions is None else questions))


def _ask(audit: Audit, recording: Recording) -> Finding:
    with recording.reading() as read:
        finding = _answer(audit, recording)
    lost = [(recording.capped[type_], kind_of(type_)) for type_ in read & recording.capped.keys()]
    known = as_far_as_recorded(finding, *min(lost)) if lost else finding
    return known if recording.finished else as_far_as_it_came(known, recording)


def _answer(audit: Audit, recording: Recording) -> Finding:
    missing = [kind_of(type_) for type_ in audit.needs if not recording.has(type_)]
    if missing:
        return Finding(audit, Status.NOT_TESTABLE, note=f"nothing was recorded for {', '.join(missing)}")
    failures: list[Failure] = []
    try:
        failures.extend(audit.judge(recording))
    except NotApplicable as answer:
        return Finding(audit, Status.NOT_APPLICABLE, note=str(answer))
    except NotTestable as answer:
        # What was found before something could not be seen was found anyway.
        status = Status.FAILED if failures else Status.NOT_TESTABLE
        return Finding(audit, status, tuple(failures), note=str(answer))
    except Exception as error:  # noqa: BLE001 - one broken audit must not silence the others
        return Finding(audit, Status.ERROR, note=f"{type(error).__name__}: {error}")
    return Finding(audit, Status.FAILED if failures else Status.PASSED, tuple(failures))
