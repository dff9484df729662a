"""What the tests play on which component.

Without a copy of the real component, as on a build server, the whole catalogue is played on the reference.
Where a copy is there, ``make e2e`` plays the whole catalogue on it, and the tests play there as few as show
everything that the catalogue shows: something of each folder, each cause, symptom and warning, and each cause
and symptom that something comes close to. The next is always the one that shows most that is new.

``control`` and ``seed``, and what the reference is known to do differently from the real component, are
played on both. With ``--whole-catalogue`` everything is. The generated dialogues of tests/differential are
played on both in any case: they show that the reference does as the real one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Final

import pytest

from chatkit_doctor.compare.known import known_differences
from chatkit_doctor.scenario.expect import Expect
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
    wanted = on_both if runtime == "reference" else on_both | set(_showing_all_else(on_both))
    return [name for name in names if name in wanted]


def _showing_all_else(names: Collection[str]) -> Iterator[str]:
    """Scenarios that show whatever those with these names do not show."""
    shown = {
        named.name: {("folder", _folder(named.name)), *_shown(named.scenario.expect)} for named in shipped()
    }
    left = set().union(*shown.values()) - set().union(*(shown[name] for name in names))
    while left:
        # Of several that show as much, the first by name.
        most = max(sorted(shown), key=lambda name: len(shown[name] & left))
        yield most
        left -= shown[most]


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
