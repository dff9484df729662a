"""A session that failed is exported without its fault: a scenario, its answers, and what a server says."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from chatkit.types import ThreadStreamEvent
from pydantic import TypeAdapter
from rich.console import Console

from chatkit_doctor.conversation.sources import read_file
from chatkit_doctor.engine.events import RunStarted, SessionJudged, SessionRef
from chatkit_doctor.engine.prove import prove
from chatkit_doctor.engine.setup import Setup
from chatkit_doctor.errors import NotExportedError
from chatkit_doctor.export.exporter import Export, Exporter
from chatkit_doctor.export.terminal import tell
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Reload, Send
from tests.chatkit_events import HELLO, created, done, good, reply, user
from tests.conversation import made
from tests.conversation.made import conversation, first, later, read_back, sse
from tests.engine.test_prove import ENCODED, on_the_simulator, twice_encoded
from tests.export.attempts import attempt, exported, judged

EVENT: TypeAdapter[ThreadStreamEvent] = TypeAdapter(ThreadStreamEvent)
ANSWER = "You have three open tasks."
WITHOUT_REPLY = conversation(first([created(), done(user())]))
SECRET = "under the third stone"


def told(*exports: Export) -> str:
    console = Console(file=io.StringIO(), record=True, width=400, force_terminal=False)
    tell(exports, console)
    return console.export_text(styles=False)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_each_attempt_of_the_report_is_exported_and_passes(number: int, tmp_path: Path) -> None:
    export = exported(attempt(number, tmp_path / "recorded"), tmp_path / "repaired")
    assert (export.folder, export.why) == (tmp_path / "repaired", "")
    scenario = load(tmp_path / "repaired" / "repaired.yaml").scenario
    assert [step.text for step in scenario.steps if isinstance(step, Send)] == ["What is open?"]
    assert scenario.expect is not None
    assert scenario.expect.verdict == "pass"
    again = made.judged(read_file(tmp_path / "repaired" / "answers"), tmp_path / "again")
    assert (again.verdict, [m.text for m in again.messages if m.role == "assistant"]) == ("pass", [ANSWER])


def test_the_server_says_the_reply_in_events_that_the_sdk_sends(tmp_path: Path) -> None:
    exported(attempt(3, tmp_path / "recorded"), tmp_path / "repaired")
    [[events]] = json.loads((tmp_path / "repaired" / "replies.json").read_text(encoding="utf-8"))
    sent = [EVENT.validate_python(event) for event in events]
    assert [event.type for event in sent] == [
        "thread.item.added",
        *["thread.item.updated"] * 4,
        "thread.item.done",
    ]
    assert json.dumps(events).count(ANSWER) == 2


def test_two_turns_of_one_thread_are_two_replies_and_a_reload_is_a_step(tmp_path: Path) -> None:
    second = later([done(user("And?", "u2")), done({**reply("More.", "a2"), "content": "More."})])
    recorded = conversation(
        first(good()), second, read_back([user(), reply(), user("And?", "u2"), reply("More.", "a2")])
    )
    export = exported(judged(recorded, tmp_path / "recorded"), tmp_path / "repaired")
    assert export.why == ""
    scenario = load(tmp_path / "repaired" / "repaired.yaml").scenario
    assert [type(step) for step in scenario.steps] == [Send, Send, Reload]
    [thread] = json.loads((tmp_path / "repaired" / "replies.json").read_text(encoding="utf-8"))
    assert [reply[-1]["item"]["content"][0]["text"] for reply in thread] == [
        "Good to see you, friend.",
        "More.",
    ]


def test_what_a_proof_has_shown_is_what_is_exported(tmp_path: Path) -> None:
    setup = Setup(Scenario(title="x", steps=[Send(text=HELLO)]), ENCODED)
    found = judged(ENCODED, tmp_path / "recorded")
    proven = asyncio.run(prove(found, setup, on_the_simulator(tmp_path / "proof")))
    export = exported(proven, tmp_path / "repaired")
    assert export.folder is not None
    assert "replayed in a browser with these repairs" in (export.folder / "README.md").read_text()
    assert json.loads((export.folder / "export.json").read_text())["causes"] == ["sse-double-encoded"]


def test_a_proof_that_failed_is_not_gone_round(tmp_path: Path) -> None:
    setup = Setup(Scenario(title="x", steps=[Send(text=HELLO)]), conversation(first(good())))
    found = judged(ENCODED, tmp_path / "recorded")
    disagreeing = asyncio.run(prove(found, setup, on_the_simulator(tmp_path / "proof")))
    export = exported(disagreeing, tmp_path / "repaired")
    assert (export.is_refused, export.folder) == (True, None)


def test_a_session_that_passed_has_nothing_to_export_and_nothing_goes_wrong(tmp_path: Path) -> None:
    export = exported(judged(conversation(first(good())), tmp_path / "recorded"), tmp_path / "repaired")
    assert "there is nothing to repair: the session passed" in told(export)
    assert not (tmp_path / "repaired").exists()


def test_what_cannot_be_repaired_is_refused_with_the_reason(tmp_path: Path) -> None:
    export = exported(judged(WITHOUT_REPLY, tmp_path / "recorded"), tmp_path / "repaired")
    assert not (tmp_path / "repaired").exists()
    with pytest.raises(NotExportedError, match="The text of the reply is not in the recording"):
        tell([export], Console(file=io.StringIO()))


def test_a_repair_that_leaves_a_symptom_is_refused(tmp_path: Path) -> None:
    made = conversation(first(twice_encoded([created(), done(user())])))
    export = exported(judged(made, tmp_path / "recorded"), tmp_path / "repaired")
    assert (export.folder, export.is_refused) == (None, True)
    assert export.why.startswith("with the repair there is still: ")


def test_of_several_sessions_each_is_told_of_and_has_a_folder_of_its_own(tmp_path: Path) -> None:
    names = ("a/one", "two")
    sessions = tuple(SessionRef(n, name, tmp_path) for n, name in enumerate(names))
    exporter = Exporter(tmp_path / "repaired", Redactor())
    exporter.on_event(RunStarted("run", tmp_path, sessions, None, 1))
    exporter.on_event(SessionJudged(sessions[0], judged(ENCODED, tmp_path / "recorded")))
    exporter.on_event(SessionJudged(sessions[1], judged(WITHOUT_REPLY, tmp_path / "other")))
    assert (tmp_path / "repaired" / "a" / "one" / "server.py").is_file()
    lines = told(*exporter.exports)
    assert "a/one: The repaired conversation is in" in lines
    assert "two: Nothing was exported: The text of the reply is" in lines


def test_a_secret_is_masked_in_every_file(tmp_path: Path) -> None:
    events = [created(), done(reply(f"Thanks for {SECRET}"))]
    redactor = Redactor([SECRET])
    recorded = judged(conversation(first(events, text=f"It is {SECRET}")), tmp_path / "recorded")
    export = exported(recorded, tmp_path / "repaired", redactor)
    assert export.folder is not None
    texts = [path.read_text(encoding="utf-8") for path in export.folder.rglob("*") if path.is_file()]
    assert any("Thanks for" in text for text in texts)
    assert not any(SECRET in text for text in texts)


def test_the_code_of_the_server_is_the_same_whatever_was_said(tmp_path: Path) -> None:
    hostile = 'x"""\nimport os; os.abort()\n# ${message} {{ 1 }}'
    events = [created(), done(reply(hostile))]
    exported(judged(conversation(first(events, text=hostile)), tmp_path / "a"), tmp_path / "hostile")
    exported(attempt(3, tmp_path / "b"), tmp_path / "plain")
    codes = [(tmp_path / name / "server.py").read_bytes() for name in ("hostile", "plain")]
    assert codes[0] == codes[1]
    assert b"chatkit_doctor" not in codes[0]
    assert load(tmp_path / "hostile" / "repaired.yaml").scenario.steps == [Send(text=hostile)]


def command(*arguments: str, given: bytes, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "chatkit_doctor.cli.main", *arguments],
        input=given,
        capture_output=True,
        timeout=180,
        check=False,
        cwd=cwd,
    )


def test_the_command_says_how_the_export_is_started_beside_the_report(tmp_path: Path) -> None:
    body = b"".join(sse([created(), done(reply())]))
    ended = command("lint", "-", "--format", "json", "--export-repair", "out", given=body, cwd=tmp_path)
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["verdict"] == "fail"
    assert f"uvicorn --app-dir {tmp_path / 'out'} server:app" in ended.stderr.decode()


def test_the_command_ends_with_2_where_nothing_can_be_exported(tmp_path: Path) -> None:
    body = b"".join(sse([created(), done(user())]))
    ended = command("lint", "-", "--export-repair", "out", given=body, cwd=tmp_path)
    assert ended.returncode == 2
    assert b"FAIL" in ended.stdout
    assert b"Error: nothing was exported: The text of the reply is not in" in ended.stderr
