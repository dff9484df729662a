"""Every command of the documentation is run, or understood by what it calls; why one is not run is said."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from packaging.requirements import Requirement
from typer.testing import CliRunner

from chatkit_doctor.cli.app import app
from chatkit_doctor.errors import BrowserError
from chatkit_doctor.host.site import make_backend
from chatkit_doctor.scenario.select import select
from tests.chatkit_events import good
from tests.conversation.made import sse
from tests.docs import commands as documented
from tests.docs.commands import Documented
from tests.docs.markdown_pages import ROOT
from tests.docs.shell import Ended, type_in
from tests.own_pages import own_pages
from tests.shipped import shipped

RUN: Final[tuple[Mapping[str, int], ...]] = (
    {
        "chatkit-doctor lint http://localhost:8000/chatkit": 1,
        "chatkit-doctor check --backend http://localhost:8000/chatkit --export-repair fixed": 1,
        "chatkit-doctor audit reports/latest": 1,
        "chatkit-doctor lint fixed/answers": 0,
        "chatkit-doctor run fixed/repaired.yaml": 0,
        "chatkit-doctor report part-1 part-2 --merge all": 1,
        "chatkit-doctor schema scenario > scenario.schema.json": 0,
    },
    {
        "curl -N … | chatkit-doctor lint -": 0,
        "chatkit-doctor lint session.har": 0,
        "chatkit-doctor check http://localhost:3000/chat --storage-state login.json": 0,
    },
)
"""What is typed one after the other in a folder, and the exit code that the documentation promises.

Each list has a folder to itself, so that they can be typed side by side. The backend on port 8000 is a broken
one, the page on port 3000 a good one.
"""
CODES: Final = {command: code for typed in RUN for command, code in typed.items()}

_SAME: Final = "the same is run with one option more"
_NAMED: Final = "only speaks of the verb"
_COMPARES: Final = "plays the whole catalogue four times; tests/compare plays a part of it"
_PARTS: Final = "tests/cli/test_cli.py runs a part of some scenarios"
_FILES: Final = "fixed/repaired.yaml is run in the same way"
NOT_RUN: Final[Mapping[str, str]] = {
    "chatkit-doctor check http://localhost:3000/chat": _SAME,
    "chatkit-doctor check http://localhost:PORT/chat --storage-state login.json": _SAME,
    "chatkit-doctor check --backend http://localhost:8000/chatkit": _SAME,
    "chatkit-doctor check": "takes the URL from the settings: tests/cli/test_settings.py",
    "chatkit-doctor check URL": _NAMED,
    "chatkit-doctor run --proof": "plays the whole catalogue; tests/e2e/test_proof.py plays a part of it",
    "chatkit-doctor run my-scenario.yaml": _FILES,
    "chatkit-doctor run my-folder/": _FILES,
    "chatkit-doctor run mine.yaml more/": _FILES,
    "chatkit-doctor run my-scenarios/ --shard 1/4 --durations reports/latest": _PARTS,
    "chatkit-doctor runtime compare": _NAMED,
    "chatkit-doctor runtime compare reference snapshot": _COMPARES,
    "chatkit-doctor runtime compare snapshot snapshot": _COMPARES,
    "chatkit-doctor mcp": "goes on until its client ends: tests/mcp_server/test_stdio.py",
    "chatkit-doctor VERB --help": _NAMED,
    "chatkit-doctor explain": _NAMED,
    "chatkit-doctor schema": _NAMED,
}
"""Commands of our own that are not run here, and why. That they are understood is asked of all of them."""
WINDOWS: Final = frozenset({"login", "serve"})
"""Verbs that open a window: without a display each says that it needs one."""
QUICK: Final = frozenset({"browser", "doctor", "explain", "list"})
"""Verbs that are run within this process."""
ELSEWHERE: Final = {
    "runtime import": "tests/runtime/test_importing.py",
    "runtime pull": "tests/runtime/test_pulling.py",
    "runtime compare": "tests/compare/test_measure.py",
    "mcp": "tests/mcp_server/test_stdio.py",
}
"""Verbs of the table that no command here runs, and where they are."""

ALL: Final = [each for each in documented.commands() if each.page != "docs/extending.md"]
"""Those of docs/extending.md are typed in a copy of the project: test_extending.py."""
OURS: Final = [each for each in ALL if each.program in {"chatkit-doctor", "uvx"}]
_FREE: Final = [each for each in OURS if each.text not in {*CODES, *NOT_RUN}]
WITH_A_WINDOW: Final = [each for each in _FREE if each.arguments[0] in WINDOWS]
AT_ONCE: Final = [each for each in _FREE if each.arguments[0] in QUICK]
OF_THE_CATALOGUE: Final = [each for each in _FREE if each.arguments[0] == "run"]
PLAYED: Final = frozenset(named.name for named in shipped())


def of(program: str) -> list[Documented]:
    return [each for each in ALL if each.program == program]


def own_arguments(command: Documented) -> list[str]:
    """What our command is given, with something in the place of what stands for anything."""
    given = command.arguments[1:] if command.program == "uvx" else command.arguments
    stands_for = {"URL": "http://localhost:8000/chatkit", "VERB": "run"}
    return [stands_for.get(each, each.replace(":PORT", ":3000")) for each in given]


def label(command: Documented) -> str:
    return f"{command.page}: {command.text}"


def test_each_of_ours_that_is_not_run_at_once_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = {}
    for command in (each for each in OURS if each not in AT_ONCE):
        try:
            understood(own_arguments(command), whole=NOT_RUN.get(command.text) != _NAMED)
        except Exception as error:  # noqa: BLE001 - whatever it is: all are told at once
            refused[label(command)] = str(error)
    assert refused == {}


@pytest.mark.parametrize(
    "arguments",
    [["chekc", "URL"], ["check", "--mesage", "x"], ["run", "--workers", "many"], ["runtime", "pul"]],
    ids=" ".join,
)
def test_what_is_not_understood_is_seen(arguments: list[str]) -> None:
    with pytest.raises(Exception, match=r"No such|valid integer"):
        understood(arguments, whole=True)


def test_each_of_ours_is_run_or_there_is_a_reason_why_not() -> None:
    for command in OURS:
        ways = [
            command.text in CODES,
            command.text in NOT_RUN,
            command.program == "uvx",
            command in WITH_A_WINDOW,
            command in AT_ONCE,
            command in OF_THE_CATALOGUE,
        ]
        assert sum(ways) == 1, label(command)


def test_no_entry_outlives_its_command() -> None:
    assert {*CODES, *NOT_RUN} - {each.text for each in ALL} == set()


def test_scenarios_that_are_named_are_of_the_catalogue_which_is_played() -> None:
    """By tests/e2e/test_catalogue.py."""
    assert OF_THE_CATALOGUE
    for command in OF_THE_CATALOGUE:
        chosen = {named.name for named in select(command.arguments[1:])}
        assert chosen, label(command)
        assert chosen <= PLAYED, label(command)


def test_what_is_done_at_once_does_what_it_should() -> None:
    for command in AT_ONCE:
        done = CliRunner().invoke(app, command.arguments)
        assert (done.exit_code, done.exception) == (0, None), label(command)
        assert done.output.strip(), label(command)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("command", WITH_A_WINDOW, ids=label)
def test_what_opens_a_window_says_so_without_a_display(
    command: Documented, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(app, command.arguments)
    assert isinstance(done.exception, BrowserError), done.output
    assert "a window needs a display" in str(done.exception)


def understood(arguments: list[str], *, whole: bool) -> None:
    """Raise what our command would say of arguments that it does not know."""
    group: Any = typer.main.get_command(app)
    context = group.make_context("chatkit-doctor", list(arguments), resilient_parsing=not whole)
    left = [*context._protected_args, *context.args]
    while hasattr(group, "commands"):
        name, verb, left = group.resolve_command(context, left)
        if "--help" in left:
            return
        context = verb.make_context(name, list(left), parent=context, resilient_parsing=not whole)
        group, left = verb, [*getattr(context, "_protected_args", ()), *context.args]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Where somebody types: settings, a saved login, and what was saved of a session."""
    stream = b"".join(sse(good())).decode()
    made = [tmp_path_factory.mktemp("typed") for _ in RUN]
    for folder in made:
        (folder / "chatkit-doctor.toml").write_text('runtime = "reference"\nmessages = ["What is open?"]\n')
        (folder / "saved.sse").write_text(stream)
        (folder / "session.har").write_text(json.dumps(har(stream)))
        (folder / "login.json").write_text(json.dumps({"cookies": [], "origins": []}))
    return made


def har(stream: str) -> dict[str, Any]:
    """What a browser saves of one turn."""
    asked = {
        "type": "threads.create",
        "params": {"input": {"content": [{"type": "input_text", "text": "Hello"}]}},
    }
    request = {
        "method": "POST",
        "url": "https://app.example.test/chatkit",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "postData": {"mimeType": "application/json", "text": json.dumps(asked)},
    }
    response = {
        "status": 200,
        "headers": [{"name": "Content-Type", "value": "text/event-stream"}],
        "content": {"mimeType": "text/event-stream", "text": stream},
    }
    times = {"startedDateTime": "2026-01-01T10:00:00.000Z", "time": 300.0}
    timings = {"send": 1, "wait": 98, "receive": 200}
    entry = {**times, "timings": timings, "request": request, "response": response}
    return {"log": {"version": "1.2", "entries": [entry]}}


@pytest.fixture(scope="module")
def ran(folders: list[Path]) -> dict[str, Ended]:
    """What came of each command."""
    broken = make_backend(select(["seed/attempt-3"])[0].scenario.backend, "", None, "")
    assert broken is not None
    with (
        own_pages() as page,
        own_pages(respond=broken.answer) as backend,
        ThreadPoolExecutor() as side_by_side,
    ):
        served = {"http://localhost:3000": page.url, "http://localhost:8000": backend.url}
        typed = side_by_side.map(lambda commands, folder: _typed(commands, folder, served), RUN, folders)
        return {command: ended for each in typed for command, ended in each.items()}


def _typed(commands: Iterable[str], folder: Path, served: Mapping[str, str]) -> dict[str, Ended]:
    """What comes of commands that are typed one after the other."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ended = {}
    for command in commands:
        text = command.replace("curl -N …", "cat saved.sse")
        for shown, real in served.items():
            text = text.replace(shown, real)
        ended[command] = type_in(text, folder, environment, limit_s=180)
        for verb, part in {" check --backend": "part-1", " run fixed": "part-2"}.items():
            if verb in command:
                shutil.copytree((folder / "reports" / "latest").resolve(), folder / part)
    return ended


@pytest.mark.browser
@pytest.mark.parametrize("command", CODES)
def test_a_command_ends_as_the_documentation_says(command: str, ran: dict[str, Ended]) -> None:
    assert ran[command].code == CODES[command], ran[command].out
    assert "Traceback" not in ran[command].out


@pytest.mark.browser
@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize("path", ["fixed/server.py", "all/index.html", "scenario.schema.json"])
def test_a_command_leaves_what_the_documentation_says(path: str, folders: list[Path]) -> None:
    (found,) = (folder / path for folder in folders if (folder / path).exists())
    assert found.stat().st_size > 1000


def test_the_table_of_verbs_has_every_verb_and_each_is_run() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in page.split("## Exit codes")[0].splitlines() if line[:3] == "| `"]
    shown = {
        " ".join(re.findall(r"[a-z]+(?= |$)", code.strip("| `").partition(" (")[0].partition(" --")[0]))
        for row in rows
        for code in row.split("`, ")
    }
    group: Any = typer.main.get_command(app)
    verbs = {
        f"{name} {inner}".strip()
        for name, verb in group.commands.items()
        for inner in getattr(verb, "commands", [""])
    }
    assert shown == verbs
    text = " ".join(each.text for each in ALL) + " ".join(CODES)
    unrun = {verb for verb in verbs if f"chatkit-doctor {verb} " not in text} - set(ELSEWHERE)
    assert {verb for verb in unrun if CliRunner().invoke(app, verb.split()).exit_code != 0} == set()
    assert {file for file in ELSEWHERE.values() if not (ROOT / file).is_file()} == set()


@pytest.mark.parametrize("command", of("make"), ids=label)
def test_make_knows_the_target(command: Documented) -> None:
    done = subprocess.run(
        ["make", "--dry-run", *command.arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", of("pip"), ids=label)
def test_what_pip_installs_is_this_project_with_extras_that_it_has(command: Documented) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    options = {"-e", "-r", "requirements.txt"}
    wanted = [each.replace(".[", "chatkit-doctor[") for each in command.arguments[1:] if each not in options]
    for requirement in map(Requirement, wanted):
        assert requirement.name == project["name"]
        assert requirement.extras <= set(project["optional-dependencies"])


@pytest.mark.parametrize("command", of("python"), ids=label)
def test_a_module_knows_its_options(command: Documented) -> None:
    module, *given = command.arguments[1:]
    if module == "pytest":
        assert given == []
        return
    source = (ROOT / module.replace(".", "/") / "__main__.py").read_text(encoding="utf-8")
    assert [each for each in given if each.startswith("--") and f'"{each}"' not in source] == []


@pytest.mark.parametrize("command", of("npm"), ids=label)
def test_npm_has_the_script(command: Documented) -> None:
    scripts = json.loads((ROOT / "examples" / "next" / "package.json").read_text())["scripts"]
    assert command.arguments == ["ci"] or command.arguments[-1] in scripts


@pytest.mark.parametrize("command", of("pytest"), ids=label)
def test_pytest_has_the_folder(command: Documented) -> None:
    assert all((ROOT / each).is_dir() for each in command.arguments)


@pytest.mark.parametrize("command", of("playwright"), ids=label)
def test_playwright_has_the_command(command: Documented) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "playwright", command.arguments[0], "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(f"Usage: playwright {command.arguments[0]} ")


def test_no_other_program_is_shown() -> None:
    known = {"chatkit-doctor", "uvx", "make", "pip", "python", "npm", "pytest", "playwright"}
    assert {each.program for each in ALL} == known
