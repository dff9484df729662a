"""What the terminal shows."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from chatkit_doctor.report.model import ReportModel, RequestModel, RunModel, SymptomModel
from chatkit_doctor.report.terminal import print_report, print_run
from chatkit_doctor.report.wording import REFERENCE_NOTICE, SIMULATED_NOTICE
from tests.report import examples


def shown(result: ReportModel | RunModel, folder: Path | None = None, *, width: int = 100) -> str:
    """What is printed when the output is piped."""
    console = Console(file=io.StringIO(), record=True, width=width, force_terminal=False)
    if isinstance(result, RunModel):
        print_run(result, console, folder)
    else:
        print_report(result, console, folder)
    return console.export_text(styles=False)


def block(text: str, label: str) -> str:
    """The lines beside a label, joined."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"  {label} "))
    found = [lines[start][12:]]
    for line in lines[start + 1 :]:
        if not line.startswith(" " * 12):
            break
        found.append(line[12:])
    return " ".join(found)


def test_what_the_simulation_leaves_open_is_told_with_the_entry_where_it_parts() -> None:
    text = " ".join(shown(examples.left_open()).split())
    assert "these symptoms remain in the simulation: reply-missing (turn 1)." in text
    assert "diverge at entry 41, 1,204 ms, after event 9 (thread.item.done)" in text
    assert "there was the start screen; the simulated component shows assistant: “Hi.”" in text


def test_another_fault_that_has_to_be_repaired_is_told_with_what_was_found() -> None:
    report = examples.attempt_3()
    assert report.cause is not None
    other = report.cause.model_copy(update={"id": "thread-read-failed", "why": "It was answered with 422."})
    text = shown(report.model_copy(update={"contributing": [other]}))
    assert "thread-read-failed" in block(text, "Also")
    assert "It was answered with 422." in block(text, "Also")


def test_what_the_page_rewrote_and_what_it_answered_itself_is_told() -> None:
    told = block(shown(examples.rewritten(), width=200), "Fetch")
    assert (
        "threads.list: no request was recognised for it; answered by the page with 200 application/json"
        in told
    )
    assert 'threads.create: the page sent another request: $.type: "threads.create" → absent' in told


def test_the_verdict_comes_first() -> None:
    assert shown(examples.attempt_3()).startswith("FAIL  seed/attempt-3: Responses API events")


def test_then_cause_why_evidence_symptoms_layers_messages_and_files() -> None:
    labels = [
        line[2:12].strip() for line in shown(examples.attempt_3()).splitlines() if line.startswith("  ")
    ]
    assert [label for label in labels if label] == [
        "Cause",
        "Why",
        "And",
        "More",
        "Evidence",
        "Instead",
        "Symptoms",
        "Layers",
        "Messages",
        "Warnings",
        "With",
        "Curl",
        "Files",
    ]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (
            "Cause",
            "not ChatKit wrong-dialect (responses), protocol layer, certain",
        ),
        ("And", "The second turn speaks it, too."),
        ("More", "chatkit-doctor explain wrong-dialect"),
        ("Evidence", "412 ms  conversation.item.created belongs to the Responses API (entry 31)"),
        ("Evidence", "702 ms  no thread.item.* event in the whole stream (never came)"),
        ("Instead", "turn 1 as ChatKit events (14): corrected/turn-1.sse"),
        ("Curl", "curl -N -X POST http://localhost:41002/chatkit"),
        (
            "Symptoms",
            "user-message-vanished (turn 1, at 731 ms)  The sent message was shown and then removed.",
        ),
        (
            "Layers",
            "page to sse ok > protocol BROKEN > component not reached > dom, paint BROKEN > persistence",
        ),
        ("Messages", 'user (turn 1) visible for 333 ms, 398 ms to 731 ms: "Hello, who are you?"'),
        ("With", "runtime snapshot (the CDN did not answer"),
    ],
)
def test_each_part_is_told(label: str, expected: str) -> None:
    assert expected in block(shown(examples.attempt_3()), label)


def test_a_good_session_shows_no_cause_and_no_symptom() -> None:
    text = shown(examples.control())
    assert text.startswith("PASS")
    assert "Cause" not in text
    assert "Symptoms" not in text


def test_an_inconclusive_session_says_why_below_the_verdict() -> None:
    lines = shown(examples.broken_off()).splitlines()
    assert lines[0].startswith("INCONCLUSIVE")
    assert lines[1].startswith("the recording has no footer")


def test_the_reference_runtime_is_named_at_the_top() -> None:
    report = examples.attempt_3().model_copy(update={"runtime": examples.REFERENCE})
    assert REFERENCE_NOTICE in shown(report, width=200).splitlines()[1]


def test_what_was_only_simulated_says_so_at_the_top_with_its_notes() -> None:
    simulated = {
        "runtime": {"name": "model"},
        "browser": {},
        "target": {"kind": "har", "notes": ["no times"]},
    }
    text = shown(examples.attempt_3().model_copy(update=simulated), width=300)
    assert text.splitlines()[1:3] == [SIMULATED_NOTICE, "Note: no times"]
    assert "no browser" in text


def last_lines(report: ReportModel, folder: Path, *, width: int = 100) -> list[str]:
    """What stands below the blank line that ends the diagnosis."""
    (folder / "index.html").touch()
    return shown(report, folder, width=width).rpartition("\n\n")[2].splitlines()


def test_the_last_lines_are_verdict_fix_and_the_reports_path(tmp_path: Path) -> None:
    report = examples.checked()
    assert report.cause is not None
    assert last_lines(report, tmp_path, width=60) == [
        "FAIL  check: wrong-dialect (responses); blank-panel, user-message-vanished",
        f"FIX: {report.cause.fix}",
        f"Report: {tmp_path / 'index.html'}",
    ]


def test_what_was_expected_is_the_verdict_of_a_scenario(tmp_path: Path) -> None:
    assert last_lines(examples.attempt_3(), tmp_path)[0].startswith(
        "AS EXPECTED  seed/attempt-3: fail: wrong-dialect (responses)"
    )


def test_how_a_scenario_drifted_stands_with_the_verdict(tmp_path: Path) -> None:
    assert last_lines(examples.drifted(), tmp_path)[:2] == [
        "DRIFTED  transport/event-names: pass",
        "  The verdict is pass, expected was fail.",
    ]


def test_a_good_session_ends_with_its_verdict_and_the_reports_path(tmp_path: Path) -> None:
    assert last_lines(examples.own("pass"), tmp_path) == [
        "PASS  mine/pass: no symptom",
        f"Report: {tmp_path / 'index.html'}",
    ]


def test_a_report_that_is_not_there_is_not_named() -> None:
    assert "Report:" not in shown(examples.checked(), Path("nowhere"))


def test_the_fix_is_never_cut(tmp_path: Path) -> None:
    report = examples.checked()
    assert report.cause is not None
    fix = f"{'Send what ChatKit understands. ' * 200}The end."
    cause = report.cause.model_copy(update={"fix": fix})
    assert f"FIX: {fix}" in last_lines(report.model_copy(update={"cause": cause}), tmp_path)


def test_every_fault_that_has_to_be_repaired_has_its_fix(tmp_path: Path) -> None:
    report = examples.checked()
    assert report.cause is not None
    other = report.cause.model_copy(update={"id": "thread-read-failed", "fix": "Answer with the thread."})
    lines = last_lines(report.model_copy(update={"causes": [report.cause, other, other]}), tmp_path)
    assert [line for line in lines if line.startswith("FIX: ")] == [
        f"FIX: {report.cause.fix}",
        "FIX: Answer with the thread.",
    ]


def test_artifacts_are_named_by_paths_that_can_be_opened() -> None:
    text = shown(examples.attempt_3(), Path("reports/latest"))
    assert f"trace: playwright show-trace {Path('reports/latest/trace.zip')}" in text


def test_a_path_is_never_broken_over_lines() -> None:
    folder = Path("reports", *(["a-rather-long-folder-name"] * 8))
    assert str(folder / "trace.zip") in shown(examples.attempt_3(), folder, width=60)


def test_text_is_wrapped_under_itself() -> None:
    lines = [line for line in shown(examples.checked(), width=60).splitlines() if line]
    # What is to be copied is not wrapped.
    prose = [line for line in lines if not line.startswith("  Instead")]
    prose = prose[: next(i for i, line in enumerate(prose) if line.startswith("  Curl"))]
    assert all(len(line) <= 60 for line in prose)


def test_lines_do_not_end_in_blanks() -> None:
    assert not [line for line in shown(examples.checked()).splitlines() if line != line.rstrip()]


def test_a_run_has_one_line_for_each_scenario_that_lines_up() -> None:
    lines = shown(examples.run(), width=60).splitlines()
    assert lines[0] == "as expected   control/first-turn     pass  904 ms"
    assert lines[1] == (
        "as expected   seed/attempt-3         "
        "fail: wrong-dialect (responses); blank-panel, user-message-vanished  1,193 ms"
    )


def test_drift_stands_below_its_scenario() -> None:
    lines = shown(examples.run()).splitlines()
    drifted = next(i for i, line in enumerate(lines) if line.startswith("drifted"))
    assert lines[drifted + 1].strip() == "The verdict is pass, expected was fail."
    assert lines[drifted + 2].strip() == "The symptom reply-missing was expected and not seen."


def test_totals_come_last_with_where_the_report_is() -> None:
    lines = shown(examples.run(), Path("reports/latest")).splitlines()
    assert lines[-2] == "FAIL  4 scenarios: 2 as expected, 1 drifted, 1 inconclusive, in 3,904 ms"
    assert lines[-1] == f"Report: {Path('reports/latest/index.html')}"


def test_what_expects_nothing_is_neither_as_expected_nor_drifted() -> None:
    own = [examples.own(verdict) for verdict in ("pass", "fail", "inconclusive")]
    lines = shown(examples.run(examples.drifted(), *own)).splitlines()
    labels = {line.split()[1]: line.split()[0] for line in lines if "mine/" in line}
    assert labels == {"mine/pass": "passed", "mine/fail": "failed", "mine/inconclusive": "inconclusive"}
    assert "  4 scenarios: 1 drifted, 1 passed, 1 failed, 1 inconclusive, in " in lines[-1]


def test_a_run_on_the_reference_says_so() -> None:
    run = examples.run().model_copy(update={"runtime": examples.REFERENCE})
    assert REFERENCE_NOTICE in shown(run, width=200)


def test_markup_in_foreign_text_is_text() -> None:
    assert "[bold]markup[/bold] [/] [link=https://evil.example]click[/link]" in shown(
        examples.hostile(), width=2000
    )


@pytest.mark.parametrize("result", [examples.hostile(), examples.run(examples.hostile())], ids=["one", "run"])
def test_no_foreign_character_acts_on_a_terminal(result: ReportModel | RunModel) -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, color_system=None, width=100)
    if isinstance(result, RunModel):
        print_run(result, console)
    else:
        print_report(result, console)
    assert not [c for c in stream.getvalue() if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]


def test_a_scenario_stays_one_line_whatever_its_name_is() -> None:
    lines = shown(examples.run(examples.hostile())).splitlines()
    assert [line for line in lines if line.startswith("drifted")] == lines[:1]
    assert not lines[1].startswith("OVERWRITTEN")


def test_a_terminal_that_knows_only_ascii_is_no_reason_to_fail() -> None:
    printed = io.BytesIO()
    stream = io.TextIOWrapper(printed, encoding="ascii", errors="strict")
    print_report(examples.hostile(), Console(file=stream, width=80))
    stream.flush()
    assert printed.getvalue().startswith(b"FAIL")


def test_colour_only_repeats_what_the_words_say() -> None:
    coloured = Console(file=io.StringIO(), record=True, width=2000, force_terminal=True)
    print_report(examples.attempt_3(), coloured)
    assert coloured.export_text(styles=False) == shown(examples.attempt_3(), width=2000)


def test_who_wants_no_colour_gets_none() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, color_system="standard", _environ={"NO_COLOR": "1"})
    print_report(examples.attempt_3(), console)
    codes = {
        code for found in re.findall(r"\x1b\[([0-9;]*)m", stream.getvalue()) for code in found.split(";")
    }
    assert codes <= {"", "0", "1", "2"}, "only bold and dim are left"


def test_the_request_that_is_shown_is_that_of_the_turn_that_failed_and_the_others_are_counted() -> None:
    lost = SymptomModel(id="history-lost", turn=None, t_ms=900.0, title="Lost.", evidence=[])
    sent = [RequestModel(turn=None, op="threads.list", command="curl list"), *examples.attempt_3().reproduce]
    report = examples.attempt_3().model_copy(
        update={"symptoms": [lost, *examples.attempt_3().symptoms], "reproduce": sent}
    )
    shown_requests = block(shown(report), "Curl")
    assert "curl list" not in shown_requests
    assert f"and {len(sent) - 1} more in reproduce.sh" in shown_requests


def test_what_the_page_is_made_with_has_a_line_of_its_own() -> None:
    report = examples.control().model_copy(update={"versions": {"react": "19.1.0", "next": "15.2.4"}})
    assert "            page: react 19.1.0, next 15.2.4" in shown(report).splitlines()
    assert "page: " not in block(shown(examples.control()), "With")
