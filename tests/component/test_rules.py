"""The rules are data: the simulated component and the reference do what the file says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.component.rules import RULES
from chatkit_doctor.paths import static_dir
from tests.chatkit_events import Event, added, created, delta, done, part, reply, user

FILE: Final = static_dir() / "reference" / "frame" / "rules.json"
SHOWN: Final = """
import json, sys
from pathlib import Path
from chatkit_doctor import paths

paths.static_dir = lambda: Path(sys.argv[1])
from chatkit_doctor.component.chat_state import Chat
from chatkit_doctor.component.transcript import Nobody

chat = Chat(Nobody())
chat.say([], 0.0)
for event in json.load(sys.stdin):
    chat.take(event, 0.0)
chat.settle(0.0)
picture = chat.picture(0.0)
print(json.dumps([*(e.text for e in picture.elements), *(a.text for a in picture.alerts)]))
"""
"""Prints what the component shows of some events, by the rules in a folder."""

BEGINNING: Final = [created(), done(user("Hello"))]
GROWING: Final = [*BEGINNING, added(reply(content=[])), part(), delta("One two three four five six seven")]
CRASHING: Final = [*BEGINNING, {"type": "thread.item.done", "item": {"type": "task", "id": "t"}}]


def shown(events: list[Event], folder: Path) -> list[str]:
    """What the component shows at the end, by the rules of a copy of the static files."""
    done_process = subprocess.run(
        [sys.executable, "-c", SHOWN, str(folder)],
        input=json.dumps(events),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    texts: list[str] = json.loads(done_process.stdout)
    return texts


@pytest.mark.parametrize(
    ("place", "value", "events", "before", "after"),
    [
        (("smoothing", "held_back"), 0, GROWING, "One two three", "One two three four five six seven"),
        (("texts", "crashed"), "It broke.", CRASHING, RULES.texts.crashed, "It broke."),
        (("items", "streamed"), ["task"], GROWING, "One two three", None),
    ],
    ids=["a limit", "a text", "a kind of item"],
)
def test_a_changed_rule_changes_the_component(
    tmp_path: Path, place: tuple[str, ...], value: object, events: list[Event], before: str, after: str | None
) -> None:
    rules: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    file = tmp_path / "reference" / "frame" / "rules.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(rules), encoding="utf-8")
    assert shown(events, tmp_path)[-1] == before
    inner = rules
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    file.write_text(json.dumps(rules), encoding="utf-8")
    assert shown(events, tmp_path)[-1:] == ([] if after is None else [after])


@pytest.mark.parametrize(
    "group", ["requests", "texts", "times", "smoothing", "toast_ms", "items", "files", "widgets"]
)
def test_the_reference_reads_every_rule(group: str) -> None:
    rules: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    scripts = [file.read_text(encoding="utf-8") for file in (static_dir() / "reference").rglob("*.js")]
    names = rules[group].keys() if isinstance(rules[group], dict) else [group]
    # Those of requests reach the page as a group of their own.
    read = rf"\b(?:rules|{group})\.NAME\b" + (r"|\bNAME:" if group == "requests" else "")
    unread = {name for name in names if not re.search(read.replace("NAME", name), "\n".join(scripts))}
    assert not unread
