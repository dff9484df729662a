"""The HTML report: one self-contained document per session, and an overview of a run.

Everything shown may have come from a foreign backend or recording: templates escape without exception,
paths become links only when they stay inside the report's folder, and the document's own Content Security
Policy allows no script at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic_core import to_jsonable_python

from chatkit_doctor.paths import static_dir
from chatkit_doctor.report.model import MessageModel, MomentModel, ReportModel, RunModel
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from chatkit_doctor.report.told_operations import OUTCOMES, STATES, is_worth_a_look, told_difference
from chatkit_doctor.report.wording import (
    MODES,
    STATE_WORDS,
    Outcome,
    cause_name,
    counts,
    duration,
    entry_name,
    explain_command,
    milliseconds,
    notice,
    outcome,
    status_label,
    strict_failure,
    summary,
    told_experiment,
    told_proof,
    trace_command,
    was_simulated,
)
from chatkit_doctor.safe_text import clip, printable

INDEX: Final = "index.html"

MAX_TEXT: Final = 2_000
"""Characters shown of one foreign text; ``report.json`` has the rest."""
MAX_ROWS: Final = 3_000
"""Rows shown of the timeline."""
MAX_HEAD: Final = 12
"""Events shown of a corrected stream."""

_FILE_NOTES: Final = {
    "trace.zip": "Playwright trace: every step with its page, network and console.",
    "recording.ndjson": "The recording: what was seen at every layer, entry by entry.",
    "report.json": "This report as one JSON object.",
    "junit.xml": "This report as JUnit XML.",
    "screenshots": "Pictures of the panel.",
    "corrected": "What the backend should have sent, one event stream per turn.",
    "reproduce.sh": "The requests as curl commands.",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A message's life on the time axis, in thousandths of the axis."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file beside the report; ``href`` is None when its path leads out of the report's folder."""

    path: str
    href: str | None
    note: str
    is_trace: bool


class HtmlFile:
    """Writes ``index.html`` of each session and of a run of several."""

    def on_event(self, event: Told) -> None:
        """Write the page of the report that has come."""
        match event:
            case SessionReported(session=session, report=report):
                write_html(report, session.directory)
            case RunReported(directory=directory, run=run, is_single=False):
                write_run_html(run, directory)

    def close(self) -> None:
        """Nothing is left open."""


def write_html(report: ReportModel, folder: Path) -> Path:
    """Write one session's report as ``index.html`` into its folder and return its path."""
    end_ms = _axis_end(report)
    shown = report.timeline[:MAX_ROWS]
    overview = report.artifacts.get("folder", "")
    return write_page(
        folder,
        "session.html.j2",
        report=report,
        notice=notice(report.runtime),
        simulated=was_simulated(report.runtime),
        worth_a_look=any(map(is_worth_a_look, report.operations)),
        operation_counts=Counter(operation.outcome for operation in report.operations),
        messages=[(message, _bar(message, end_ms)) for message in report.messages],
        axis_end_ms=end_ms,
        experiment_told=told_experiment(report),
        proof_told=told_proof(report.proof) if report.proof is not None else [],
        corrections=[(each, _head(each.text)) for each in report.corrections],
        timeline=_rows(shown),
        timeline_left_out=len(report.timeline) - len(shown),
        entries_in_timeline={moment.n for moment in shown if moment.n},
        finding_counts=Counter(finding.status for finding in report.findings),
        artifacts=_artifacts(report),
        overview_href="../" * len(PurePosixPath(overview).parts) + INDEX if local_href(overview) else None,
    )


def write_run_html(run: RunModel, folder: Path) -> Path:
    """Write the overview of a run as ``index.html`` into its folder and return its path.

    Each session's own report is linked where ``artifacts["folder"]`` says it lies.
    """
    rows = [(report, local_href(f"{report.artifacts.get('folder', '')}/{INDEX}")) for report in run.scenarios]
    return write_page(folder, "run.html.j2", run=run, rows=rows, notice=notice(run.runtime))


def local_href(path: str) -> str | None:
    """A link to a file below the report's folder, or None for a path that does not stay there.

    Each part is percent-encoded, colons too, so that nothing can be read as a scheme or another host.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        return None
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


def write_page(folder: Path, template: str, **values: object) -> Path:
    """Render one of the templates under ``static/report/`` as ``index.html`` and return its path."""
    text = _environment().get_template(template).render(**values)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / INDEX
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


@cache
def _environment() -> Environment:
    folder = static_dir() / "report"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )
    css = (folder / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    environment.globals.update(
        css=Markup(css),  # noqa: S704 - our own style sheet
        # `file:` because Firefox does not count a local file as 'self'.
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' file:; base-uri 'none'; "
        "form-action 'none'",
        modes=MODES,
        state_words=STATE_WORDS,
        operation_outcomes=OUTCOMES,
        column_states=STATES,
        outcomes={member.name: member for member in Outcome},
    )
    environment.filters.update(
        ms=milliseconds,
        duration=duration,
        entry_name=entry_name,
        cause_name=cause_name,
        explain_command=explain_command,
        strict_failure=strict_failure,
        counts=counts,
        status_label=status_label,
        summary=summary,
        outcome=outcome,
        pretty=_pretty,
        href=local_href,
        trace_command=trace_command,
        told_difference=told_difference,
    )
    return environment


def _safe(value: object) -> object:
    """Applied to whatever a template prints, before it is escaped."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clip(printable(value), MAX_TEXT)
    return value


def _pretty(value: object) -> str:
    """A free-form value as text: strings as they are, everything else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(to_jsonable_python(value, fallback=str), ensure_ascii=False, indent=1)


def _axis_end(report: ReportModel) -> float:
    """Where the time axis ends: at the last thing that has a time."""
    times = [moment.t_ms for moment in report.timeline] + [shot.t_ms for shot in report.screenshots]
    for message in report.messages:
        shown_until = message.appeared_ms + message.visible_ms
        times.append(shown_until if message.vanished_ms is None else message.vanished_ms)
    return max(times, default=report.duration_ms) or 1.0


def _rows(moments: list[MomentModel]) -> list[tuple[MomentModel, str]]:
    """Each moment with the id its row can be linked by: the first row of an entry has one."""
    rows, linked = [], {0}
    for moment in moments:
        rows.append((moment, "" if moment.n in linked else f"entry-{moment.n}"))
        linked.add(moment.n)
    return rows


def _head(stream: str) -> list[str]:
    """The first events of a stream, without the blank lines between them."""
    return [line for line in stream.splitlines() if line][:MAX_HEAD]


def _bar(message: MessageModel, end_ms: float) -> Bar:
    start = min(max(message.appeared_ms, 0.0), end_ms)
    end = end_ms if message.vanished_ms is None else min(max(message.vanished_ms, start), end_ms)
    # A message that was there for a blink still leaves a mark that can be seen.
    width = max((end - start) / end_ms * 1000, 3.0)
    return Bar(x=round(min(start / end_ms * 1000, 1000 - width), 2), width=round(width, 2))


def _artifacts(report: ReportModel) -> list[Artifact]:
    return [
        Artifact(
            path=path,
            href=local_href(path),
            note=_FILE_NOTES.get(PurePosixPath(path).name, name),
            is_trace=PurePosixPath(path).name == "trace.zip",
        )
        for name, path in report.artifacts.items()
        if name != "folder" and PurePosixPath(path).name != INDEX
    ]
