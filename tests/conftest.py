"""What all tests share: which runtimes can be tested here, and the laboratory that runs sessions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.browser.find import find
from harness.runtime.store import shelf
from tests.laboratory import Laboratory

RUNTIMES = ("reference", "snapshot")


def has_snapshot() -> bool:
    """Whether a copy of the real component is in the user's cache."""
    return bool(shelf().snapshots)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what could be tested here, and what not."""
    browser = find()
    tested = [name for name in RUNTIMES if browser and (name != "snapshot" or has_snapshot())]
    missing = [name for name in (*RUNTIMES, "cdn") if name not in tested]
    terminalreporter.write_sep("-", "runtimes")
    terminalreporter.write_line(f"browser: {browser.executable if browser else 'none found'}")
    terminalreporter.write_line(
        f"tested with: {', '.join(tested) or 'none'}; not tested: {', '.join(missing)}"
    )
    if "snapshot" in missing:
        terminalreporter.write_line(
            "import a copy of the component (chatkit-doctor runtime import DIR) to test it, too"
        )


@pytest.fixture(scope="session")
def laboratories() -> Iterator[dict[str, Laboratory]]:
    """One laboratory per runtime, opened when it is first asked for."""
    opened: dict[str, Laboratory] = {}
    yield opened
    for laboratory in opened.values():
        laboratory.close()


def _laboratory(name: str, opened: dict[str, Laboratory]) -> Laboratory:
    if name == "snapshot" and not has_snapshot():
        pytest.skip("needs the snapshot runtime: no copy of the real component is imported here")
    if name not in opened:
        opened[name] = Laboratory(name)
    return opened[name]


@pytest.fixture(params=RUNTIMES)
def laboratory(request: pytest.FixtureRequest, laboratories: dict[str, Laboratory]) -> Laboratory:
    """A warm browser on each runtime in turn."""
    return _laboratory(request.param, laboratories)


@pytest.fixture
def reference(laboratories: dict[str, Laboratory]) -> Laboratory:
    """A warm browser on the reference runtime, for what does not depend on the component."""
    return _laboratory("reference", laboratories)
