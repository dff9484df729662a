"""What the terminal shows: the verdict, the one cause, the evidence, and where the artifacts are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from chatkit_doctor.report.closing import (
    OUTCOME_STYLES,
    VERDICT_STYLES,
    print_closing,
    print_drift,
    report_path,
)
from chatkit_doctor.report.lines import INDENT, block, safe
from chatkit_doctor.report.model import (
    CauseModel,
    EvidenceModel,
    MessageModel,
    ReportModel,
    RunModel,
    SymptomModel,
)
from chatkit_doctor.report.reproduce import FILE as REPRODUCE
from chatkit_doctor.report.told_operations import told_operations
from chatkit_doctor.report.wording import (
    CAUSE,
    EVIDENCE,
    LAYERS,
    MODES,
    NO_LONGER_TRUE,
    STATE_WORDS,
    SYMPTOMS,
    WHY,
    cause_name,
    counts,
    duration,
    entry_name,
    explain_command,
    layer_groups,
    milliseconds,
    no_longer_true,
    notice,
    outcome,
    status_label,
    strict_failure,
    summary,
    told_experiment,
    told_proof,
    trace_command,
)
from chatkit_doctor.safe_text import clip, one_line
from chatkit_doctor.vocabulary import Verdict

NO_SANDBOX: Final = "without its sandbox, which is not available to this user on this system"
_MAX_TEXT: Final = 600
"""Characters of one foreign text: the HTML report has more of it, the JSON report all."""
_MAX_WHY: Final = 4_000
"""Characters of what a user has to understand: it is cut only where a backend's own text fills it."""
_MAX_QUOTE: Final = 80
"""Characters of a message's text."""
_MAX_EVIDENCE: Final = 6
_MAX_MESSAGES: Final = 12

_STANDING_WIDTH: Final = len("inconclusive") + 2
_NAME_WIDTH: Final = 48


def print_report(report: ReportModel, console: Console, folder: Path | None = None) -> None:
    """Print the diagnosis of one session; what to change comes last, where it is seen first.

    With ``folder``, the report's folder, artifacts are named by paths that can be opened from here.
    """
    _print_head(report, console)
    if report.cause:
        _print_cause(console, report.cause)
    if report.proof:
        block(console, "Proof", (safe(console, clip(each, _MAX_TEXT)) for each in told_proof(report.proof)))
    block(console, "Tried", (safe(console, clip(each, _MAX_TEXT)) for each in told_experiment(report)))
    block(console, "Instead", _corrections(console, report, folder), wrap=False)
    block(console, SYMPTOMS, (_symptom(console, symptom) for symptom in report.symptoms))
    block(console, LAYERS, [_layers(console, report.layers)])
    block(console, "Fetch", _operations(console, report))
    block(console, "Messages", _messages(console, report.messages))
    block(console, "Also", (line for cause in report.contributing for line in _contributing(console, cause)))
    block(console, "Warnings", (_named(console, cause) for cause in report.warnings))
    block(console, "With", (safe(console, clip(line, _MAX_TEXT)) for line in _surroundings(report)))
    block(console, "Curl", _requests(console, report), wrap=False)
    block(console, "Files", _artifacts(console, report, folder), wrap=False)
    console.print()
    print_closing(report, console, folder)


def print_run(run: RunModel, console: Console, folder: Path | None = None) -> None:
    """Print one line per scenario, what drifted below it, and the totals."""
    width = name_width(report.name for report in run.scenarios)
    for report in run.scenarios:
        print_scenario(report, console, width)
    print_totals(run, console, folder)


def print_scenario(report: ReportModel, console: Console, width: int = 0) -> None:
    """Print the line of one scenario, its name padded to ``width``, and its drift below it."""
    name = one_line(report.name, _MAX_QUOTE)
    line = safe(console, f"{status_label(report):<{_STANDING_WIDTH}}", style=OUTCOME_STYLES[outcome(report)])
    line.append_text(safe(console, f"{name:<{width}}  ", style="bold"))
    line.append_text(safe(console, one_line(summary(report), _MAX_TEXT)))
    line.append_text(safe(console, f"  {duration(report.duration_ms)}", style="dim"))
    # Piped, a line stays one line, so that it can be searched for.
    console.print(line, soft_wrap=not console.is_terminal)
    print_drift(report, console, indent=_STANDING_WIDTH)


def print_totals(run: RunModel, console: Console, folder: Path | None = None) -> None:
    """Print how a run went as a whole: for a caller who has shown the scenarios already."""
    totals = run.totals
    noun = "scenario" if totals.scenarios == 1 else "scenarios"
    console.print()
    line = safe(console, run.verdict.upper(), style=VERDICT_STYLES.get(run.verdict, "bold"))
    line.append(f"  {totals.scenarios} {noun}: {counts(totals)}, in {duration(totals.duration_ms)}")
    console.print(line)
    _print_notice(console, run.runtime)
    _print_no_longer_true(run, console)
    if folder is not None:
        console.print(report_path(console, folder), soft_wrap=True)


def name_width(names: Iterable[str]) -> int:
    """How far names are padded so that what follows lines up; one very long name does not push all."""
    return min(max((len(name) for name in names), default=0), _NAME_WIDTH)


def _print_head(report: ReportModel, console: Console) -> None:
    line = safe(console, report.verdict.upper(), style=VERDICT_STYLES.get(report.verdict, "bold"))
    line.append_text(safe(console, f"  {one_line(report.name, _MAX_TEXT)}", style="bold"))
    if report.title and report.title != report.name:
        line.append_text(safe(console, f": {one_line(report.title, _MAX_TEXT)}"))
    line.append(f"  {duration(report.duration_ms)}", style="dim")
    console.print(line)
    if failing := strict_failure(report):
        console.print(safe(console, f"It {failing}."), style="bold red")
    if report.reason:
        console.print(safe(console, clip(report.reason, _MAX_TEXT)))
    if mode := MODES.get(report.mode):
        console.print(safe(console, f"Mode: {mode}"), style="yellow")
    for sentence in report.unrecorded:
        console.print(safe(console, clip(f"Not recorded: {sentence}", _MAX_TEXT)), style="yellow")
    _print_notice(console, report.runtime)
    for note in report.target.get("notes") or ():
        console.print(safe(console, clip(f"Note: {note}", _MAX_TEXT)))
    if report.expectation and report.expectation.met:
        console.print("This is what the scenario expects.", style="green")
    elif report.expectation:
        console.print("This is not what the scenario expects:", style="bold red")
        print_drift(report, console, indent=INDENT)
    console.print()


def _print_notice(console: Console, runtime: dict[str, object]) -> None:
    if said := notice(runtime):
        console.print(said, style="yellow")


def _print_no_longer_true(run: RunModel, console: Console) -> None:
    if sentences := no_longer_true(run):
        console.print(f"{NO_LONGER_TRUE}:", style="bold red")
    for name, sentence in sentences:
        line = safe(console, one_line(f"{sentence} ({name})", _MAX_TEXT))
        console.print(Text(" " * INDENT).append_text(line), soft_wrap=not console.is_terminal)


def _print_cause(console: Console, cause: CauseModel) -> None:
    layer = f"{cause.layer} layer, " if cause.layer else ""
    headline = safe(console, clip(cause.title, _MAX_TEXT), style="bold")
    block(console, CAUSE, [headline, safe(console, f"{cause_name(cause)}, {layer}{cause.confidence}")])
    block(console, WHY, [safe(console, clip(cause.why, _MAX_WHY))])
    block(console, "And", _also(console, cause.also))
    block(console, "More", [safe(console, explain_command(cause.id))], wrap=False)
    block(console, EVIDENCE, _evidence(console, cause.evidence))


def _named(console: Console, cause: CauseModel) -> Text:
    return safe(console, f"{cause.title} ({cause_name(cause)})")


def _contributing(console: Console, cause: CauseModel) -> Iterator[Text]:
    """Another fault that must be repaired, and what was found of it."""
    yield _named(console, cause)
    yield safe(console, clip(cause.why, _MAX_TEXT))


def _evidence(console: Console, evidence: list[EvidenceModel]) -> Iterator[Text]:
    for item in evidence[:_MAX_EVIDENCE]:
        text = clip(item.text, _MAX_TEXT)
        yield safe(console, f"{milliseconds(item.t_ms)}  {text} ({entry_name(item.n)})")
    yield from _left_out(len(evidence) - _MAX_EVIDENCE)


def _also(console: Console, sentences: list[str]) -> Iterator[Text]:
    """The other places of the same fault."""
    yield from (safe(console, clip(sentence, _MAX_TEXT)) for sentence in sentences[:_MAX_EVIDENCE])
    yield from _left_out(len(sentences) - _MAX_EVIDENCE)


def _symptom(console: Console, symptom: SymptomModel) -> Text:
    place = [f"turn {symptom.turn}"] if symptom.turn is not None else []
    place += [f"at {milliseconds(symptom.t_ms)}"] if symptom.t_ms is not None else []
    line = safe(console, symptom.id, style="bold")
    line.append(f" ({', '.join(place)})" if place else "")
    line.append_text(safe(console, f"  {clip(symptom.title, _MAX_TEXT)}"))
    return line


def _layers(console: Console, layers: dict[str, str]) -> Text:
    """The travel path in one line: neighbours in the same state share its word."""
    line = Text()
    for number, (where, state) in enumerate(layer_groups(layers)):
        word = STATE_WORDS.get(state, state)
        line.append(" > " if number else "")
        if state == "broken":
            line.append_text(safe(console, f"{where} {word.upper()}", style="bold red"))
        else:
            line.append_text(safe(console, f"{where} {word}"))
    return line


def _operations(console: Console, report: ReportModel) -> Iterator[Text]:
    """What the page's fetch rewrote or answered itself."""
    lines = told_operations(report.operations)
    yield from (safe(console, one_line(line, _MAX_TEXT)) for line in lines[:_MAX_EVIDENCE])
    yield from _left_out(len(lines) - _MAX_EVIDENCE)


def _messages(console: Console, messages: list[MessageModel]) -> Iterator[Text]:
    for message in messages[:_MAX_MESSAGES]:
        until = "the end" if message.vanished_ms is None else milliseconds(message.vanished_ms)
        turn = f" (turn {message.turn})" if message.turn is not None else ""
        yield safe(
            console,
            f"{message.role}{turn} visible for {milliseconds(message.visible_ms)}, "
            f'{milliseconds(message.appeared_ms)} to {until}: "{one_line(message.text, _MAX_QUOTE)}"',
        )
    yield from _left_out(len(messages) - _MAX_MESSAGES)
    if not messages:
        yield Text("none was ever shown")


def _left_out(count: int) -> Iterator[Text]:
    if count > 0:
        yield Text(f"and {count} more in the report")


def _surroundings(report: ReportModel) -> Iterator[str]:
    runtime, browser, target = report.runtime, report.browser, report.target
    parts = [
        f"runtime {runtime.get('name', 'unknown')}" + (f" ({runtime['why']})" if runtime.get("why") else ""),
        _browser(browser) if browser else "no browser",
    ]
    if target.get("url"):
        parts.append(f"target {target['url']}")
    yield ", ".join(parts)
    if report.versions:
        yield f"page: {', '.join(' '.join(each) for each in report.versions.items())}"


def _browser(browser: Mapping[str, object]) -> str:
    name = f"{browser.get('name', 'unknown browser')} {browser.get('version', '')}".rstrip()
    return f"{name}, {NO_SANDBOX}" if browser.get("sandbox") is False else name


def _artifacts(console: Console, report: ReportModel, folder: Path | None) -> Iterator[Text]:
    def place(path: str) -> str:
        return str(folder / path) if folder is not None else path

    for name, path in report.artifacts.items():
        if name != "folder":
            what = trace_command(place(path)) if path.endswith("trace.zip") else place(path)
            yield safe(console, f"{name}: {what}")


def _corrections(console: Console, report: ReportModel, folder: Path | None) -> Iterator[Text]:
    for correction in report.corrections[:_MAX_EVIDENCE]:
        path = str(folder / correction.file) if folder is not None else correction.file
        yield safe(console, f"turn {correction.turn} as ChatKit events ({correction.events}): {path}")
    yield from _left_out(len(report.corrections) - _MAX_EVIDENCE)


def _requests(console: Console, report: ReportModel) -> Iterator[Text]:
    """The first request that went wrong or led to it: the script beside the report has all."""
    if report.verdict == Verdict.PASS or not report.reproduce:
        return
    turns = {symptom.turn for symptom in report.symptoms if symptom.turn is not None}
    first = next((request for request in report.reproduce if request.turn in turns), report.reproduce[0])
    # What is to be copied must be whole.
    yield safe(console, first.command)
    if more := len(report.reproduce) - 1:
        yield Text(f"and {more} more in {REPRODUCE}")
