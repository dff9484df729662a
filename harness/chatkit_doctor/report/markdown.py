"""The report as Markdown: ``report.md``, fit for an issue, and what ``--format markdown`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TextIO

from chatkit_doctor.report.folder import HTML, MARKDOWN, REPORT
from chatkit_doctor.report.markdown_text import code, fence, prose
from chatkit_doctor.report.model import CauseModel, CorrectionModel, ReportModel, RunModel, SymptomModel
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from chatkit_doctor.report.wording import (
    CAUSE,
    EVIDENCE,
    FIX,
    LAYERS,
    MODES,
    NO_LONGER_TRUE,
    STATE_WORDS,
    SYMPTOMS,
    WHY,
    Outcome,
    cause_name,
    counts,
    duration,
    entry_name,
    fixes,
    headline,
    layer_groups,
    milliseconds,
    no_longer_true,
    notice,
    outcome,
    told_experiment,
    told_proof,
    what_was_found,
)

LONGEST: Final = 60_000
"""Characters of a document: GitHub takes 65,536 in an issue."""
_MAX_TEXT: Final = 1_000
"""Characters of one foreign text."""
_MAX_WHY: Final = 4_000
_MAX_CODE: Final = 200
_MAX_BODY: Final = 16_000
"""Characters of a corrected stream, or of a command."""
_MAX_ITEMS: Final = 12
_MAX_ROWS: Final = 200
"""Scenarios in the table of a run."""
_MORE: Final = f"The rest is in `{HTML}` and `{REPORT}`."


class MarkdownFile:
    """Writes ``report.md`` of each session and of a run of several."""

    def on_event(self, event: Told) -> None:
        """Write the report that has come."""
        match event:
            case SessionReported(session=session, report=report):
                (session.directory / MARKDOWN).write_text(
                    session_markdown(report), encoding="utf-8", newline="\n"
                )
            case RunReported(directory=directory, run=run, is_single=False):
                (directory / MARKDOWN).write_text(run_markdown(run), encoding="utf-8", newline="\n")

    def close(self) -> None:
        """Nothing is left open."""


class MarkdownOutput:
    """Prints the document of a run, or of its only session, and nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def on_event(self, event: Told) -> None:
        """Print the answer, once it is there."""
        if isinstance(event, RunReported):
            self._stream.write(markdown_of(event))

    def close(self) -> None:
        """Nothing is left open."""


def markdown_of(event: RunReported) -> str:
    """The document of a run, or of its only session where that stands for it."""
    return session_markdown(event.run.scenarios[0]) if event.is_single else run_markdown(event.run)


def session_markdown(report: ReportModel) -> str:
    """What was seen in one session, why, what to change, and what shows it."""
    return _fitted(_session(report))


def run_markdown(run: RunModel) -> str:
    """How the scenarios of a run went: first those that did not lead where they should, with their causes."""
    return _fitted(_run(run))


def _fitted(blocks: Iterator[str]) -> str:
    """As many blocks as fit, each of them whole."""
    text = ""
    for block in blocks:
        if len(text) + len(block) > LONGEST:
            return f"{text}{_MORE}\n"
        text += f"{block}\n\n"
    return text.rstrip("\n") + "\n"


def _session(report: ReportModel, level: str = "##") -> Iterator[str]:
    yield f"{level} {headline(report).upper()}: {prose(what_was_found(report), _MAX_TEXT)}"
    title = f": {prose(report.title, _MAX_TEXT)}" if report.title and report.title != report.name else ""
    yield f"Of {code(report.name, _MAX_CODE)}{title}"
    for said in (notice(report.runtime), MODES.get(report.mode, "")):
        if said:
            yield f"> {said}"
    notes = report.target.get("notes") or ()
    told = [f"Not recorded: {sentence}" for sentence in report.unrecorded] + [
        f"Note: {note}" for note in notes
    ]
    yield from (f"> {prose(each, _MAX_TEXT)}" for each in told[:_MAX_ITEMS])
    if report.expectation is not None and report.expectation.drift:
        yield _list("Not as expected", [prose(each, _MAX_TEXT) for each in report.expectation.drift])
    if report.symptoms:
        yield _list(SYMPTOMS, [_symptom(symptom) for symptom in report.symptoms])
    if report.cause is not None:
        yield from _cause(report.cause)
    for fix in fixes(report):
        yield f"**{FIX}**: {prose(fix, _MAX_WHY)}"
    if report.proof is not None:
        yield _list("Proof", [prose(each, _MAX_TEXT) for each in told_proof(report.proof)])
    if tried := told_experiment(report):
        yield _list("Tried", [prose(each, _MAX_TEXT) for each in tried])
    if report.cause is not None and report.cause.evidence:
        told = [
            f"{milliseconds(e.t_ms)}, {entry_name(e.n)}: {prose(e.text, _MAX_TEXT)}"
            for e in report.cause.evidence
        ]
        yield _list(EVIDENCE, told)
    if report.contributing:
        yield _list("Also", [_named(cause) for cause in report.contributing])
    if report.warnings:
        yield _list("Warnings", [_named(cause) for cause in report.warnings])
    yield f"**{LAYERS}**: {_layers(report.layers)}"
    yield _list("Versions", list(_versions(report)))
    yield from _reproduce(report)
    yield from map(_correction, report.corrections)


def _cause(cause: CauseModel) -> Iterator[str]:
    layer = f", {prose(cause.layer, _MAX_CODE)} layer" if cause.layer else ""
    name, confidence = code(cause_name(cause), _MAX_CODE), prose(cause.confidence, _MAX_CODE)
    yield f"**{CAUSE}**: {prose(cause.title, _MAX_TEXT)} ({name}{layer}, {confidence})"
    yield f"**{WHY}**: {prose(cause.why, _MAX_WHY)}"


def _symptom(symptom: SymptomModel) -> str:
    place = [f"turn {symptom.turn}"] if symptom.turn is not None else []
    place += [f"at {milliseconds(symptom.t_ms)}"] if symptom.t_ms is not None else []
    where = f" ({', '.join(place)})" if place else ""
    return f"{code(symptom.id, _MAX_CODE)}{where}: {prose(symptom.title, _MAX_TEXT)}"


def _named(cause: CauseModel) -> str:
    return f"{code(cause_name(cause), _MAX_CODE)}: {prose(cause.title, _MAX_TEXT)}"


def _layers(layers: dict[str, str]) -> str:
    """The travel path in one line: neighbours in the same state share its word."""
    told = []
    for names, state in layer_groups(layers):
        text = prose(f"{names} {STATE_WORDS.get(state, state)}", _MAX_TEXT)
        told.append(f"**{text}**" if state == "broken" else text)
    return " → ".join(told)


def _versions(report: ReportModel) -> Iterator[str]:
    if report.tool:
        yield f"chatkit-doctor {prose(report.tool, _MAX_CODE)}"
    runtime = report.runtime
    facts = [str(runtime.get("name", "unknown"))]
    facts += [f"{key} {runtime[key]}" for key in ("frame_build", "loader_sha256") if runtime.get(key)]
    yield f"component: {prose(', '.join(facts), _MAX_TEXT)}"
    if report.browser:
        name = f"{report.browser.get('name', 'unknown')} {report.browser.get('version', '')}".rstrip()
        yield f"browser: {prose(name, _MAX_TEXT)}"
    if report.versions:
        yield f"page: {prose(', '.join(' '.join(each) for each in report.versions.items()), _MAX_TEXT)}"
    if report.target.get("url"):
        yield f"target: {code(str(report.target['url']), _MAX_TEXT)}"
    yield f"when: {prose(report.started_at, _MAX_CODE)}"


def _reproduce(report: ReportModel) -> Iterator[str]:
    if not report.reproduce:
        return
    yield "**Reproduce** (set the variables for secrets first):"
    for request in report.reproduce[:_MAX_ITEMS]:
        yield fence(request.command, _MAX_BODY, language="sh")
    if more := len(report.reproduce) - _MAX_ITEMS:
        yield from [f"and {more} more in `reproduce.sh`"] if more > 0 else []


def _correction(correction: CorrectionModel) -> str:
    # In an element, Markdown needs a blank line before it is Markdown again.
    about = f"Instead, turn {correction.turn}: {correction.events} events"
    return f"<details><summary>{about}</summary>\n\n{fence(correction.text, _MAX_BODY)}\n\n</details>"


def _run(run: RunModel) -> Iterator[str]:
    totals = run.totals
    noun = "scenario" if totals.scenarios == 1 else "scenarios"
    yield f"## {run.verdict.upper()}: {totals.scenarios} {noun}"
    yield f"{counts(totals)}, in {duration(totals.duration_ms)}"
    if said := notice(run.runtime):
        yield f"> {said}"
    if sentences := no_longer_true(run):
        told = [f"{prose(said, _MAX_TEXT)} ({code(name, _MAX_CODE)})" for name, said in sentences]
        yield _list(NO_LONGER_TRUE, told, _MAX_ROWS)
    ordered = sorted(run.scenarios, key=lambda report: outcome(report) is Outcome.PASSED)
    yield _table(ordered)
    for report in ordered:
        if outcome(report) is not Outcome.PASSED:
            yield from _session(report, "###")


def _table(reports: Sequence[ReportModel]) -> str:
    rows = ["| Outcome | Scenario | What was found |", "| --- | --- | --- |"]
    for report in reports[:_MAX_ROWS]:
        name, found = prose(report.name, _MAX_CODE), prose(what_was_found(report), _MAX_CODE)
        rows.append(f"| {headline(report)} | {name} | {found} |")
    if len(reports) > _MAX_ROWS:
        rows.append(f"| | {len(reports) - _MAX_ROWS} more | |")
    return "\n".join(rows)


def _list(label: str, items: Sequence[str], most: int = _MAX_ITEMS) -> str:
    lines = [f"- {item}" for item in items[:most]]
    if len(items) > most:
        lines.append(f"- and {len(items) - most} more")
    return "\n".join([f"**{label}**", "", *lines])
