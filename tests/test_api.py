"""What other programs import and call."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import chatkit_doctor
from chatkit_doctor import api, sync
from chatkit_doctor.errors import DoctorError, UsageError
from tests.chatkit_events import done, good, reply, user
from tests.conversation.made import sse

VERBS = ("audit", "check", "check_page", "compare_runtimes", "lint", "run")


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """A saved stream that has nothing against it."""
    path = tmp_path / "turn.sse"
    path.write_bytes(b"".join(sse(good())))
    return path


def test_every_exported_name_is_there_and_in_order() -> None:
    assert list(chatkit_doctor.__all__) == sorted(chatkit_doctor.__all__)
    for name in chatkit_doctor.__all__:
        assert getattr(chatkit_doctor, name) is not None
    assert set(chatkit_doctor.__all__) <= set(dir(chatkit_doctor))


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="frobnicate"):
        _ = chatkit_doctor.frobnicate


def test_importing_the_package_loads_nothing_else_of_it() -> None:
    code = (
        "import sys; before = set(sys.modules); import chatkit_doctor;"
        "print(*sorted(m for m in set(sys.modules) - before if '.' in m and 'chatkit' in m),"
        " 'playwright' in sys.modules, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("turn_s", "limit_s", "allowed_ms"), [(60, None, 60_000), (60, 30, 10_000), (5, 30, 5_000)]
)
def test_within_a_limit_for_everything_a_turn_that_never_ends_can_be_seen(
    turn_s: float, limit_s: float | None, allowed_ms: int
) -> None:
    assert api._turn_ms(turn_s, limit_s) == allowed_ms


@pytest.mark.parametrize("verb", VERBS)
def test_options_are_given_by_name(verb: str) -> None:
    parameters = inspect.signature(getattr(api, verb)).parameters.values()
    named = [p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
    assert {"subscribers", "stop"} <= set(named)
    assert len(parameters) - len(named) <= 3


@pytest.mark.parametrize("verb", VERBS)
def test_the_synchronous_functions_are_the_same_functions(verb: str) -> None:
    assert inspect.signature(getattr(sync, verb)) == inspect.signature(getattr(api, verb))
    assert not inspect.iscoroutinefunction(getattr(sync, verb))


def test_a_verb_gives_its_report_and_the_folder_of_it(stream: Path, tmp_path: Path) -> None:
    result = asyncio.run(chatkit_doctor.lint(stream, output=tmp_path / "reports"))
    assert result.report.verdict == "pass"
    assert (result.folder / "report.json").is_file()
    again = asyncio.run(chatkit_doctor.audit(result.folder))
    assert again.report.model_dump(exclude={"artifacts"}) == result.report.model_dump(exclude={"artifacts"})


def test_the_synchronous_call_works_without_a_loop(stream: Path, tmp_path: Path) -> None:
    assert sync.lint(stream, output=tmp_path / "reports").report.verdict == "pass"


def test_the_synchronous_call_works_inside_a_running_loop(stream: Path, tmp_path: Path) -> None:
    async def cell_of_a_notebook() -> str:
        return sync.lint(stream, output=tmp_path / "reports").report.verdict

    assert asyncio.run(cell_of_a_notebook()) == "pass"


@pytest.mark.parametrize("inside", [False, True])
def test_an_error_comes_through_the_synchronous_call(tmp_path: Path, inside: bool) -> None:
    def call() -> None:
        sync.lint(tmp_path / "missing.har", output=tmp_path / "reports")

    async def cell_of_a_notebook() -> None:
        call()

    with pytest.raises(DoctorError, match=r"missing\.har"):
        asyncio.run(cell_of_a_notebook()) if inside else call()
    assert not (tmp_path / "reports").exists(), "nothing came of it, and nothing is left of it"


def test_an_operation_that_is_none_is_refused_before_anything_is_done(stream: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a ChatKit operation"):
        sync.lint(stream, op="threads.crate", output=tmp_path / "reports")


def test_calls_side_by_side_in_one_loop_do_not_see_each_other(stream: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sse"
    other.write_bytes(b"".join(sse([done(user()), done(reply())])))
    output = tmp_path / "reports"

    async def scene() -> list[chatkit_doctor.SessionResult]:
        return await asyncio.gather(
            *(chatkit_doctor.lint(path, output=output) for path in [stream, other] * 2)
        )

    results = asyncio.run(scene())
    assert [result.report.verdict for result in results] == ["pass", "fail"] * 2
    assert len({result.folder for result in results}) == 4
    assert (output / "latest").resolve() in {result.folder.resolve() for result in results}


def test_a_call_leaves_the_process_as_it_was(stream: Path, tmp_path: Path) -> None:
    def state() -> tuple[Any, ...]:
        import logging
        import signal

        loggers = [logging.getLogger(name) for name in ("", "uvicorn", "uvicorn.error", "asyncio")]
        levels = [(logger.level, logger.propagate, len(logger.handlers)) for logger in loggers]
        return sys.getswitchinterval(), signal.getsignal(signal.SIGINT), levels, Path.cwd()

    before = state()
    sync.lint(stream, output=tmp_path / "reports")
    assert state() == before
