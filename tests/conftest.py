"""What all tests share: which runtimes can be tested here, and the session_runner that runs sessions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from chatkit_doctor.browser.find import find
from chatkit_doctor.runtime.snapshot_index import snapshot_index
from tests.session_runner import SessionRunner

# pytest --hypothesis-profile=long: see tests/examples.py.
settings.register_profile("long")

RUNTIMES = ("reference", "snapshot")


def has_snapshot() -> bool:
    """Whether a copy of the real component is in the user's cache."""
    return bool(snapshot_index().snapshots)


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
def session_runners() -> Iterator[dict[str, SessionRunner]]:
    """One session_runner per runtime, opened when it is first asked for."""
    opened: dict[str, SessionRunner] = {}
    yield opened
    for session_runner in opened.values():
        session_runner.close()


def _session_runner(name: str, opened: dict[str, SessionRunner]) -> SessionRunner:
    if name == "snapshot" and not has_snapshot():
        pytest.skip("needs the snapshot runtime: no copy of the real component is imported here")
    if name not in opened:
        opened[name] = SessionRunner(name)
    return opened[name]


@pytest.fixture(params=RUNTIMES)
def session_runner(
    request: pytest.FixtureRequest, session_runners: dict[str, SessionRunner]
) -> SessionRunner:
    """A warm browser on each runtime in turn."""
    return _session_runner(request.param, session_runners)


@pytest.fixture
def reference(session_runners: dict[str, SessionRunner]) -> SessionRunner:
    """A warm browser on the reference runtime, for what does not depend on the component."""
    return _session_runner("reference", session_runners)
