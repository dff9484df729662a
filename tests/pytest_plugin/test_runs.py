"""What somebody's tests of a chat come to, and what they are shown."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.pytest_plugin.runs import ROOT, Ran, run_pytest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The tests in ``project/``, each of which says what it does."""
    folder = tmp_path_factory.mktemp("ran") / "project"
    shutil.copytree(Path(__file__).parent / "project", folder)
    # The same is given by a setting of the project, and by marks.
    given = "--chatkit-backend=http://localhost:2/chatkit"
    # With pytest-asyncio: test_asyncio.py.
    without = "-pno:asyncio"
    return run_pytest(
        folder,
        given,
        without,
        "--chatkit-no-proof",
        "--continue-on-collection-errors",
        "-o",
        f"pythonpath={ROOT}",
    )


@pytest.mark.parametrize("test", ["test_app", "test_page", "test_coroutine", "test_page_of_a_mark"])
def test_a_test_of_a_good_chat_passes(test: str, ran: Ran) -> None:
    outcome, why = ran.tests[test]
    assert outcome == "passed", why


def test_a_turn_that_never_ends_is_shown_with_its_cause(ran: Ran) -> None:
    why = ran.why("test_limit", "failure")
    assert (
        'Turn 1: The turn was still "responding" when the time limit was reached. (stuck-responding)' in why
    )
    assert "FAIL  test_limit: stream-never-ends; " in why
    assert "\nFIX: Return from the generator after the last event" in why


def test_the_report_is_an_ordinary_one(ran: Ran) -> None:
    why = ran.why("test_limit", "failure")
    index = Path(why.rpartition("Report: ")[2].strip())
    report = json.loads((index.parent / "report.json").read_text(encoding="utf-8"))
    assert (report["verdict"], report["cause"]["id"]) == ("fail", "stream-never-ends")
    assert report["title"] == "test_chat.py::test_limit"
    assert report["proof"] is None


def test_a_failure_that_is_none_of_the_chats_says_that_it_has_none(ran: Ran) -> None:
    assert "PASS  test_url: no symptom" in ran.why("test_url", "failure")


def test_only_the_reports_of_failed_tests_are_kept(ran: Ran) -> None:
    assert ran.reports == {"test_limit", "test_url", "test_drifts", "test_fails"}


@pytest.mark.parametrize(
    ("test", "outcome", "told"),
    [
        ("test_option", "failure", "nothing listens on port 2 of localhost"),
        ("test_misspelled", "error", "unknown argument 'turn_timeoot'\nDid you mean 'turn_timeout'?"),
        ("test_mark", "failure", "nothing listens on port 1 of localhost"),
        ("test_mistaken.chatkit.yaml", "error", "3:5: steps.0.sned: unknown step; did you mean 'send'?"),
        ("test_drifts", "failure", "The verdict should be pass but is fail."),
        ("test_fails", "failure", "FAIL  test_fails: thread-created-missing; "),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback(test: str, outcome: str, told: str, ran: Ran) -> None:
    why = ran.why(test, outcome)
    assert told in why
    assert "Traceback" not in why
    assert ".py" not in why.replace("test_chat.py", "")


@pytest.mark.parametrize(
    ("variant", "failed"),
    [
        ("whole", set()),
        ("broken", {"test_a_conversation_is_there_after_a_reload", "test_a_coroutine_can_drive_the_chat"}),
    ],
)
def test_the_example_is_green_and_its_broken_variant_red(
    variant: str, failed: set[str], tmp_path: Path
) -> None:
    folder = tmp_path / "example"
    shutil.copytree(ROOT / "examples/pytest", folder, ignore=shutil.ignore_patterns("reports", "__pycache__"))
    # A test for each of two processes; what is left out here is done by a good project above.
    chosen = ["-n", "2", "-k", "reload or coroutine"] if variant == "broken" else ["-k", "not coroutine"]
    ran = run_pytest(folder, *chosen, CHAT_VARIANT=variant)
    assert {name for name, (outcome, _) in ran.tests.items() if outcome != "passed"} == failed, ran.out
    for name in failed:
        assert f"FAIL  {name}: wrong-dialect (responses); " in ran.out
    assert ran.out.count("FIX: Send ChatKit's own events") == len(failed)
    assert ran.reports == failed
    for report in (folder / "reports").glob("*/report.json"):
        found = json.loads(report.read_text(encoding="utf-8"))
        assert (found["cause"]["confidence"], found["proof"]["outcome"]) == ("proven", "proven"), found[
            "proof"
        ]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run in which pytest alone loads anything: the options of pytest-playwright are not there either."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "test_bare.py").write_text(
        "import sys\n"
        "def test_usual():\n"
        "    heavy = {'playwright', 'fastapi', 'pydantic', 'chatkit', 'rich', 'uvicorn'}\n"
        "    assert not heavy & set(sys.modules)\n"
        "def test_loaded():\n"
        "    from importlib.machinery import SourceFileLoader\n"
        "    from chatkit_doctor import errors\n"
        "    assert type(errors.__loader__) is SourceFileLoader\n"
        "def test_unsaid(chatkit):\n"
        "    pass\n",
        encoding="utf-8",
    )
    # As pytest does with the packages of plugins that were installed, and not linked to.
    (folder / "conftest.py").write_text(
        "import pytest\npytest.register_assert_rewrite('chatkit_doctor')\n", encoding="utf-8"
    )
    others = [f"-pno:{name}" for name in ("playwright", "hypothesispytest", "anyio", "xdist", "asyncio")]
    return run_pytest(folder, "--strict-markers", "--strict-config", *others)


def test_a_test_without_a_chat_loads_nothing_heavy(bare: Ran) -> None:
    assert bare.tests["test_usual"] == ("passed", ""), bare.out


def test_the_package_is_loaded_without_its_assertions_rewritten(bare: Ran) -> None:
    assert bare.tests["test_loaded"] == ("passed", ""), bare.out


def test_a_test_of_no_chat_in_particular_is_told_how_to_name_one(bare: Ran) -> None:
    why = bare.why("test_unsaid", "error")
    assert "no target is given for the chat of this test\nOverride the fixture chatkit_backend" in why
