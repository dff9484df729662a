"""The drift watch: the component is copied as a CDN serves it, and what is no longer true of it is named.

Carried out as .github/workflows/drift.yml does it, on few of the scenarios that it runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
import yaml

from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import DEPLOYMENT_PATH, LOADER_PATH, REFERENCE_BUILD
from chatkit_doctor.scenario.select import select
from tests.cli.commands import Ended, running
from tests.stand_in_cdn import serving

pytestmark = pytest.mark.browser

WORKFLOW: Final = Path(__file__).parents[2] / ".github/workflows/drift.yml"
FLIPS: Final = (
    # Data that is not JSON is skipped silently.
    ("frame/channel.js", "if (data) onEvent", 'if (data.startsWith("{")) onEvent'),
    # An item that is removed stays.
    ("frame/thread.js", "(thread, { item_id: id }) => without(thread, isCalled(id))", "(thread) => thread"),
)
HELD_BY: Final = ("behaviour/framing/done-marker", "behaviour/items/removed", "behaviour/items/removed-user")
UNTOUCHED: Final = "behaviour/order/good-turn"


def stand_in(build: str, flips: Sequence[tuple[str, str, str]] = ()) -> dict[str, bytes]:
    """What a CDN would serve if the reference component were ChatKit: by URL path, under a build's own id."""
    files = {
        path.replace(REFERENCE_BUILD, build): file.path.read_bytes()
        for path, file in choose("reference").files.items()
    }
    named = (LOADER_PATH, f"index-{REFERENCE_BUILD}.html", f"index-{build}.html")
    for path, old, new in (named, *((DEPLOYMENT_PATH + file, old, new) for file, old, new in flips)):
        assert files[path].count(old.encode()) == 1, f"{path} says this exactly once: {old}"
        files[path] = files[path].replace(old.encode(), new.encode())
    return files


def steps() -> list[list[str]]:
    """What the workflow types, a list of arguments for each command of ours."""
    job = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["drift"]
    typed = [step["run"].partition("|")[0].split() for step in job["steps"] if "run" in step]
    return [words[1:] for words in typed if words[0] == "chatkit-doctor"]


def typed(arguments: Sequence[str], environment: Mapping[str, str]) -> Ended:
    with running(*arguments, environment=dict(environment)) as command:
        return command.end()


def test_two_flipped_rules_are_named_and_nothing_else_is(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    environment = {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(summary),
        "COLUMNS": "200",
    }
    install, pull, run = steps()
    assert (install, pull, run[:2]) == (["browser", "install"], ["runtime", "pull"], ["run", "behaviour"])
    few = ["run", *HELD_BY, UNTOUCHED, *run[2:], "--output", str(tmp_path / "reports")]

    with serving(stand_in("Stand1In1a")) as cdn:
        copied = typed([*pull, "--from", cdn.origin], environment)
    assert (copied.code, "another" in copied.out) == (0, False), copied
    quiet = typed(few, environment)
    assert (quiet.code, "o longer true" in quiet.out + quiet.err) == (0, False), quiet.out

    with serving(stand_in("Stand2In2b", FLIPS)) as cdn:
        copied = typed([*pull, "--from", cdn.origin], environment)
    assert "The frame build has changed: it was Stand1In1a." in copied.out
    summary.unlink()
    told = typed(few, environment)
    assert told.code == 1, told.out
    sentences = {named.name: named.scenario.title for named in select(HELD_BY)}
    terminal = told.out.partition("No longer true of this component:\n")[2].partition("\nReport:")[0]
    assert {line.strip() for line in terminal.splitlines()} == {
        f"{sentence} ({name})" for name, sentence in sentences.items()
    }
    for sentence in sentences.values():
        assert sentence in told.err, "each is an annotation"
    assert "**No longer true of this component**" in summary.read_text(encoding="utf-8")
