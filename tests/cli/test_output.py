"""What a verb shows of its answer: all of it or only its end, to a user or to a program."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from pathlib import Path

import pytest

from chatkit_doctor.audits.registry import audits
from tests.cli.commands import Ended, running

STREAM = 'data: {"type": "response.created", "response": {}}\n\n'
COMMANDS = json.dumps({"type": "response.\n::set-output name=a::b\n::error::c ##[add-mask]d"})
"""An event whose name is meant for GitHub's runner."""


@pytest.fixture
def stream(tmp_path: Path) -> str:
    """What a backend of another protocol answers."""
    file = tmp_path / "answer.sse"
    file.write_text(STREAM)
    return str(file)


def lint(stream: str, folder: Path, *options: str, **environment: str) -> Ended:
    output = ("--output", str(folder / "reports"))
    with running("lint", stream, *output, *options, environment=environment) as command:
        return command.end()


def test_who_wants_it_quiet_gets_the_last_lines(stream: str, tmp_path: Path) -> None:
    ended = lint(stream, tmp_path, "--quiet")
    verdict, *fixes, report = ended.out.splitlines()
    assert verdict.startswith("FAIL  lint: wrong-dialect (responses); ")
    assert [fix[:5] for fix in fixes] == ["FIX: "] * len(fixes)
    assert "thread.created" in fixes[0]
    assert Path(report.removeprefix("Report: ")).is_file()
    assert (ended.code, ended.err) == (1, "")


def test_the_whole_answer_ends_with_the_same_lines(stream: str, tmp_path: Path) -> None:
    lines = lint(stream, tmp_path).out.rpartition("\n\n")[2].splitlines()
    assert lines[0].startswith("FAIL  lint: wrong-dialect (responses); ")
    assert lines[1].startswith("FIX: ")
    assert Path(lines[-1].removeprefix("Report: ")).is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the browser")
def test_the_report_is_opened_in_a_persons_browser(stream: str, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/opened\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    ended = lint(stream, tmp_path, "--open", "--quiet", BROWSER=str(browser))
    report = Path(ended.out.splitlines()[-1].removeprefix("Report: "))
    assert (tmp_path / "opened").read_text() == report.as_uri()


def test_where_no_browser_can_be_opened_it_is_said_and_changes_nothing(stream: str, tmp_path: Path) -> None:
    ended = lint(stream, tmp_path, "--open", "--format", "json", BROWSER=os.devnull, PATH="")
    assert ended.code == 1
    assert ended.err.startswith("No browser could be opened; the report is at ")


def test_a_list_that_is_piped_has_one_item_a_line() -> None:
    with running("list", "audits") as command:
        lines = command.end().out.splitlines()
    assert [line.split()[0] for line in lines] == [audit.id for audit in audits()]
    assert [line.endswith(audit.title) for line, audit in zip(lines, audits(), strict=True)] == [True] * len(
        lines
    )


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """What a backend answers that wants to command the runner."""
    file = tmp_path / "hostile.sse"
    file.write_text(f"data: {COMMANDS}\n\n")
    return str(file)


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "github"])
def test_in_github_actions_annotations_and_summary_come_by_themselves_and_no_backend_commands(
    hostile: str, tmp_path: Path, format_: str
) -> None:
    summary = tmp_path / "summary.md"
    actions = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    ended = lint(hostile, tmp_path, "--format", format_, **actions)
    said = ended.out + ended.err
    commands = [line for line in said.splitlines() if line.strip().startswith("::")]
    assert len(commands) == 1
    assert commands[0].startswith("::error title=chatkit-doctor%3A fail%3A lint::")
    assert "##[" not in said.replace(commands[0], "")
    assert commands[0] in (ended.out if format_ == "github" else ended.err)
    assert summary.read_text().startswith("## FAIL: ")


def test_elsewhere_annotations_come_with_their_format_alone(stream: str, tmp_path: Path) -> None:
    assert "::error" not in lint(stream, tmp_path).out
    asked = lint(stream, tmp_path, "--format", "github")
    assert re.search(r"^FAIL  lint: .*^::error title=", asked.out, re.MULTILINE | re.DOTALL)


def test_markdown_is_all_there_is_on_stdout_and_lies_beside_the_report(stream: str, tmp_path: Path) -> None:
    ended = lint(stream, tmp_path, "--format", "markdown")
    assert ended.out == (tmp_path / "reports" / "latest" / "report.md").read_text()
    assert ended.out.startswith("## FAIL: wrong-dialect (responses); ")


def test_a_report_can_be_written_once_more(stream: str, tmp_path: Path) -> None:
    lint(stream, tmp_path)
    folder = (tmp_path / "reports" / "latest").resolve()
    written = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for name in ("index.html", "report.md", "junit.xml", "report.json"):
        (folder / name).unlink()
    with running("report", str(folder), "--quiet") as command:
        ended = command.end()
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == written
    assert (ended.code, ended.out.splitlines()[-1]) == (1, f"Report: {folder / 'index.html'}")


def test_several_reports_are_written_only_as_one(tmp_path: Path) -> None:
    with running("report", str(tmp_path), str(tmp_path)) as command:
        ended = command.end()
    assert (ended.code, ended.err) == (
        2,
        "Error: report: only one report can be written at a time\nUse --merge to combine several reports.\n",
    )
