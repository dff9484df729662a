"""Sessions of the catalogue that drifted, and did not when they were run again.

One in a while is the noise of a busy machine; each is reported by name anyway. A defect that shows now
and then makes more of them, and more than a few fail the tests.
"""

from __future__ import annotations

from typing import Final

import pytest

PROPERTY: Final = "drifted once"
"""The name under which a test records how its first session drifted."""
TOLERATED: Final = 0.02
"""Of the sessions of the catalogue that were run. One is tolerated in any case."""


def summarise(reporter: pytest.TerminalReporter) -> None:
    """Name them at the end of the output."""
    if found := _found(reporter):
        reporter.write_sep("-", "drifted once, and not again" + (": too many" if _too_many(reporter) else ""))
        for line in found:
            reporter.write_line(line)


def judge(session: pytest.Session) -> None:
    """Too many of them fail the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and session.exitstatus == pytest.ExitCode.OK and _too_many(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _too_many(reporter: pytest.TerminalReporter) -> bool:
    run = [each for each in _passed(reporter) if "test_catalogue" in each.nodeid]
    return len(_found(reporter)) > max(1, TOLERATED * len(run))


def _found(reporter: pytest.TerminalReporter) -> list[str]:
    return [
        f"{report.nodeid}: {drift}"
        for report in _passed(reporter)
        for name, drift in report.user_properties
        if name == PROPERTY
    ]


def _passed(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    return [each for each in reporter.stats.get("passed", []) if each.when == "call"]
