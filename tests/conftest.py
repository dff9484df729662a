"""What all tests share: the runtimes that can be tested, warm browsers, and that nothing is left behind."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from chatkit_doctor.browser.find import find
from chatkit_doctor.runtime.snapshot_index import snapshot_index
from tests import drifted_once, played
from tests.leftovers import nothing_left
from tests.played import COMPONENT, OPTION, components
from tests.session_runner import SessionRunner

if TYPE_CHECKING:
    from tests.distribution import ByFile

for _module in ("tests.audits.asking", "tests.conversation.made", "tests.report.documents"):
    pytest.register_assert_rewrite(_module)

# What starts the tests may have them ignore signals (nohup, a shell's "&"), and a child inherits that: it
# does not inherit a handler.
for _name in ("SIGINT", "SIGHUP"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda _number, _frame: None)

# In a step of GitHub Actions, commands that are tested would add to its annotations and its summary.
for _name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(_name, None)

# pytest --hypothesis-profile=long: see tests/examples.py.
settings.register_profile("long")

RUNTIMES = ("reference", "snapshot")
MORE_PROCESSES = 2
"""Test processes beside one for each processor: a session in a browser waits for a third of its time, and
what tests limits of time waits for nearly all of its own.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much is generated, and how much is played on both components."""
    parser.addoption(
        "--conversations",
        type=int,
        default=100,
        help="generated dialogues that are put to each component (tests/differential)",
    )
    parser.addoption(
        OPTION,
        action="store_true",
        help="plays everything on each component, and not on one of them what shows the same twice",
    )


@pytest.fixture(scope="session")
def conversations(pytestconfig: pytest.Config) -> int:
    """How many generated dialogues are put to each component."""
    count: int = pytestconfig.getoption("--conversations")
    return count


def has_snapshot() -> bool:
    """Whether a copy of the real component is in the user's cache."""
    return bool(snapshot_index().snapshots)


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay to the end: looking through them for what could be freed, over
    and over again, would take longer than many a test.
    """
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what could be tested here, what not, and what was seen only once."""
    drifted_once.summarise(terminalreporter)
    browser = find()
    tested = [name for name in RUNTIMES if browser and (name != "snapshot" or has_snapshot())]
    missing = [name for name in (*RUNTIMES, "cdn") if name not in tested]
    terminalreporter.write_sep("-", "runtimes")
    terminalreporter.write_line(f"browser: {browser.executable if browser else 'none found'}")
    terminalreporter.write_line(
        f"tested with: {', '.join(tested) or 'none'}; not tested: {', '.join(missing)}"
    )
    played.summarise(terminalreporter)
    if "snapshot" in missing:
        terminalreporter.write_line(
            "import a copy of the component (chatkit-doctor runtime import DIR) to test it, too"
        )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What is no failure of one test can be one of all of them."""
    drifted_once.judge(session)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """A process for each processor, and some that make use of what the others wait for."""
    return (os.cpu_count() or 1) + MORE_PROCESSES


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    """How the tests are spread over the processes."""
    from tests.distribution import ByFile

    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def leftovers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test leaves a process, a thread or a temporary file."""
    tmp_path_factory.getbasetemp()  # pytest keeps the folders of the last runs on purpose.
    with nothing_left():
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine, for documents."""
    found = find()
    if found is None:
        pytest.skip("no browser on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.executable)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def session_runners() -> Iterator[dict[str, SessionRunner]]:
    """One session_runner per runtime, opened when it is first asked for."""
    opened: dict[str, SessionRunner] = {}
    yield opened
    for session_runner in opened.values():
        session_runner.close()


def session_runner_on(name: str, opened: dict[str, SessionRunner]) -> SessionRunner:
    """The session_runner of this runtime, opened if it is not yet."""
    if name not in opened:
        opened[name] = SessionRunner(name)
    return opened[name]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On which components a test is run that asks for one: see tests/played.py."""
    if COMPONENT in metafunc.fixturenames:
        whole: bool = metafunc.config.getoption(OPTION)
        metafunc.parametrize(COMPONENT, components(has_snapshot=has_snapshot(), whole=whole))


@pytest.fixture
def session_runner(component: str, session_runners: dict[str, SessionRunner]) -> SessionRunner:
    """A warm browser on the component that the test is run on."""
    return session_runner_on(component, session_runners)


@pytest.fixture(scope="session")
def reference(session_runners: dict[str, SessionRunner]) -> SessionRunner:
    """A warm browser on the reference runtime, for what does not depend on the component."""
    return session_runner_on("reference", session_runners)
