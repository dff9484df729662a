"""The pytest plugin: options, marks, fixtures, and the output of a failing test.

Every pytest run imports this module if the package is installed. It imports nothing else from the package
until a fixture is used or a scenario file is collected.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pytest

if TYPE_CHECKING:
    from chatkit_doctor.pytest_plugin.browsers import Browsers
    from chatkit_doctor.pytest_plugin.chatkit import AsyncChatKit, ChatKit
    from chatkit_doctor.pytest_plugin.scenario_files import ScenarioFile
    from chatkit_doctor.pytest_plugin.served import Apps
    from chatkit_doctor.pytest_plugin.session import Session

T = TypeVar("T")
_PACKAGE: Final = "chatkit_doctor."
BACKEND: Final = "chatkit_backend"
"""The fixture that tests override."""
SCENARIOS: Final = (".chatkit.yaml", ".chatkit.yml")
"""The suffixes of scenario files that are collected."""
RUNTIMES: Final = ("cdn", "snapshot", "reference")
_MARK: Final = (
    "chatkit(backend=None, url=None, path='/chatkit', headers={}, clicks=[], options={}, turn_timeout=60, "
    "secrets=[]): the chat of this test, and how to open it"
)
_BROWSERS: Final[pytest.StashKey[Browsers]] = pytest.StashKey()
_APPS: Final[pytest.StashKey[Apps]] = pytest.StashKey()
_SESSION: Final[pytest.StashKey[Session]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Command line options, and the same as project settings."""
    if _AsItIs not in sys.meta_path:
        # Before pytest's own finder.
        sys.meta_path.insert(0, _AsItIs)
    group = parser.getgroup("chatkit", "ChatKit")
    group.addoption(
        "--chatkit-runtime",
        choices=RUNTIMES,
        help="which component to use; by default the most authentic one available",
    )
    group.addoption(
        "--chatkit-report",
        metavar="DIR",
        help="keep the report of every test with a chat here; by default those of failed tests, in reports/",
    )
    group.addoption(
        "--chatkit-no-proof",
        action="store_true",
        help="do not replay the chat of a failed test with the fault repaired",
    )
    group.addoption("--chatkit-backend", metavar="URL", help="the ChatKit endpoint that tests talk to")
    group.addoption("--chatkit-url", metavar="URL", help="the page whose chat tests drive")
    parser.addini("chatkit_runtime", "as --chatkit-runtime", default="")
    parser.addini("chatkit_report", "as --chatkit-report, relative to this file", default="")
    parser.addini("chatkit_no_proof", "as --chatkit-no-proof", type="bool", default=False)
    parser.addini("chatkit_backend", "as --chatkit-backend", default="")
    parser.addini("chatkit_url", "as --chatkit-url", default="")
    parser.addini("chatkit_path", "the path of the ChatKit endpoint in your application", default="/chatkit")


class _AsItIs:
    """Loads this package as Python does, without the assertion rewriting that pytest does for plugins.

    None of its assertions belong to tests. Rewriting would take seconds, and several threads load this
    package at once: not every Python can parse on two threads (3.11:
    "AST constructor recursion depth mismatch").
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find modules of this package; all others are left to the next finder."""
        return PathFinder.find_spec(name, path, target) if name.startswith(_PACKAGE) else None


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line("markers", _MARK)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Collect scenario files as tests."""
    if not (file_path.name.startswith("test_") and file_path.name.endswith(SCENARIOS)):
        return None
    from chatkit_doctor.pytest_plugin.scenario_files import ScenarioFile

    found: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let pytest-playwright repeat a test for each ``--browser``."""
    names = metafunc.fixturenames
    if "chatkit" in names and "browser_name" not in names and metafunc.config.getoption("browser", None):
        names.append("browser_name")


@pytest.fixture
def chatkit_backend(request: pytest.FixtureRequest) -> Any:
    """The backend of the chat, for a test to override: a URL, or an ASGI application (FastAPI, Starlette).

    An application is served on a free port of this machine for as long as the fixture lives.
    """
    from chatkit_doctor.pytest_plugin.settings import settings_of

    return settings_of(request.node).backend


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Serve an application from the setup of its fixture until just before its teardown."""
    value = yield
    if fixturedef.argname == BACKEND and callable(value):
        from chatkit_doctor.pytest_plugin.served import Apps

        apps = request.config.stash.setdefault(_APPS, Apps())
        server = _shown(lambda: apps.serve(value))
        fixturedef.addfinalizer(lambda: apps.stop(server))
    return value


@pytest.fixture
def chatkit(request: pytest.FixtureRequest) -> Generator[ChatKit, None, None]:
    """The chat of this test: the component in a real browser, opened on first use."""
    from chatkit_doctor.pytest_plugin.chatkit import ChatKit
    from chatkit_doctor.pytest_plugin.opening import session_for
    from chatkit_doctor.pytest_plugin.served import Apps

    node = request.node
    apps = request.config.stash.setdefault(_APPS, Apps())
    session = _shown(lambda: session_for(request, browsers_of(request.config), apps))
    node.stash[_SESSION] = session
    yield ChatKit(session)
    _shown(session.close)


@pytest.fixture
def achatkit(chatkit: ChatKit, request: pytest.FixtureRequest) -> AsyncChatKit:
    """The same for a coroutine test: slow actions are awaited, and the event loop keeps running."""
    from chatkit_doctor.pytest_plugin.chatkit import AsyncChatKit

    return AsyncChatKit(chatkit, request.node.stash[_SESSION])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge the chat of a failed test, and show the findings below the failure."""
    report = yield
    session = item.stash.get(_SESSION, None)
    if session is None or call.when != "call":
        return report
    session.has_failed = report.failed
    if report.failed and (found := session.answer()):
        add = getattr(report.longrepr, "addsection", None)
        if add is not None:
            add("ChatKit", found)
        else:
            report.sections.append(("ChatKit", found))
        report.user_properties.append(("chatkit_report", str(session.folder)))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Close what was opened for all tests."""
    browsers = session.config.stash.get(_BROWSERS, None)
    if browsers is not None:
        browsers.close()


def browsers_of(config: pytest.Config) -> Browsers:
    """The browsers of this process, which all its tests share."""
    if _BROWSERS not in config.stash:
        from chatkit_doctor.pytest_plugin.browsers import Browsers
        from chatkit_doctor.pytest_plugin.settings import runtime_of

        config.stash[_BROWSERS] = Browsers(runtime_of(config))
    return config.stash[_BROWSERS]


def _shown(work: Callable[[], T]) -> T:
    """The result of ``work``; an error that the user can fix fails the test without a traceback."""
    from chatkit_doctor.errors import DoctorError

    try:
        return work()
    except DoctorError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
