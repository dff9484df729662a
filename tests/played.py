"""What the tests play on which component.

Without a copy of the real component, as on a build server, the whole catalogue is played on the reference.
Where a copy is there, ``make e2e`` plays the whole catalogue on it, and the tests play there what shows
something new. Gone through in order of their names, these scenarios are

- the first of each folder,
- each that shows a cause, a symptom or a warning that none before it shows,
- each that comes close to a cause or a symptom that none before it comes close to.

``control`` and ``seed``, and what the reference is known to do differently from the real component, are
played on both. With ``--whole-catalogue`` everything is. The generated dialogues of tests/differential are
played on both in any case: they show that the reference does as the real one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

import pytest

from chatkit_doctor.compare.known import known_differences
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.load import NamedScenario
from tests.shipped import shipped

OPTION: Final = "--whole-catalogue"
COMPONENT: Final = "component"
"""The argument of a test that is run on the components of ``components``: a runtime's name."""
_ALWAYS: Final = ("control", "seed")
_TEST: Final = "tests/e2e/test_catalogue.py::"


def components(*, has_snapshot: bool, whole: bool) -> tuple[str, ...]:
    """The runtimes on which a test is run that needs a component, whichever it is."""
    if whole and has_snapshot:
        return ("reference", "snapshot")
    return ("snapshot" if has_snapshot else "reference",)


def played(runtime: str, *, has_snapshot: bool, whole: bool) -> list[str]:
    """The names of the scenarios that are played on a runtime, in order."""
    names = [named.name for named in shipped()]
    if runtime == "snapshot" and not has_snapshot:
        return []
    if whole or not has_snapshot:
        return names
    different = {known.scenario for known in known_differences()}
    on_both = {name for name in names if name in different or _folder(name) in _ALWAYS}
    wanted = on_both if runtime == "reference" else on_both | set(_showing_something_new(shipped()))
    return [name for name in names if name in wanted]


def _showing_something_new(everything: Sequence[NamedScenario]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for named in everything:
        shown = {("folder", _folder(named.name)), *_shown(named.scenario.expect)}
        if shown - seen:
            yield named.name
        seen |= shown


def _folder(name: str) -> str:
    return PurePosixPath(name).parent.as_posix()


def _shown(expect: Expect | None) -> Iterator[tuple[str, str]]:
    if expect is None:
        return
    yield "verdict", expect.verdict.value
    yield from (("cause", id_) for id_ in (expect.cause, *(expect.causes or ())) if id_)
    yield from (("symptom", id_) for id_ in expect.symptoms)
    yield from (("warning", id_) for id_ in expect.warnings)
    yield from (("near miss", id_) for id_ in expect.near_miss_of)


def summarise(reporter: pytest.TerminalReporter) -> None:
    """Say at the end of the output how much of the catalogue was played on what."""
    ids = {
        report.nodeid
        for outcome in ("passed", "failed")
        for report in reporter.stats.get(outcome, [])
        if report.nodeid.startswith(_TEST)
    }
    if not ids:
        return
    of = len(shipped())
    counts = {name: sum(id_.endswith(f"-{name}]") for id_ in ids) for name in ("reference", "snapshot")}
    told = ", ".join(f"{name} {count} of {of}" for name, count in counts.items() if count)
    hint = "" if all(count in {0, of} for count in counts.values()) else f"; all with {OPTION}"
    reporter.write_line(f"catalogue: {told}{hint}")
