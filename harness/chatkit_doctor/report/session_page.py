"""What the document of one session shows, made ready for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from chatkit_doctor.recording.views.event_lines import EventLine, lines_of_stream, lines_sent
from chatkit_doctor.recording.views.film import film
from chatkit_doctor.report.about import about
from chatkit_doctor.report.conversation import Conversation, conversation_of
from chatkit_doctor.report.document import INDEX, local_href, render
from chatkit_doctor.report.evidence_rows import with_evidence
from chatkit_doctor.report.model import (
    CorrectionModel,
    MessageModel,
    MomentModel,
    ReportModel,
    ScreenshotModel,
)
from chatkit_doctor.report.pictures import Pictures
from chatkit_doctor.report.scenes import scenes
from chatkit_doctor.report.told_operations import is_worth_a_look
from chatkit_doctor.report.wording import notice, told_experiment, told_proof, was_simulated

if TYPE_CHECKING:
    from chatkit_doctor.engine.events import Judgement
    from chatkit_doctor.recording.reader import Recording

TEMPLATE: Final = "session.html.j2"
SCRIPTS: Final = (
    "lane_tools.js",
    "time_ruler.js",
    "lane_track.js",
    "time_lanes.js",
    "event_stream.js",
    "entry_panel.js",
    "conversation.js",
    "page.js",
)
"""What runs in a document that shows a session, in this order: the last one starts the others."""

MAX_ROWS: Final = 3_000
"""Rows shown of the timeline."""
MAX_HEAD: Final = 12
"""Events shown of a corrected stream, and of the one that came."""
MAX_STREAM: Final = 100_000
"""Characters shown of a corrected stream; its file has the rest."""

_FILE_NOTES: Final = {
    "trace.zip": "Playwright trace: every step, with page, network and console.",
    "recording.ndjson": "The recording: every observation at every layer.",
    "report.json": "This report as one JSON object.",
    "junit.xml": "This report as JUnit XML.",
    "report.md": "This report as Markdown, ready to paste into an issue.",
    "screenshots": "Pictures of the panel.",
    "film": "The panel just before each change.",
    "corrected": "What the backend should have sent, one event stream per turn.",
    "reproduce.sh": "The requests as curl commands.",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A message's life on the time axis, in thousandths of the axis."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Instead:
    """What to send in one turn, beside what came."""

    correction: CorrectionModel
    sent: list[EventLine]
    """Empty where it is not known."""
    sent_left_out: int
    lines: list[EventLine]
    left_out: int
    text: str
    """The stream itself, or its beginning."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file beside the report; ``href`` is None when its path leads out of the report's folder."""

    path: str
    href: str | None
    note: str
    is_trace: bool


def session_body(values: dict[str, Any]) -> Markup:
    """The report of a session, without the document around it."""
    return Markup(render("session_body.html.j2", values))  # noqa: S704 - the template has escaped it


def session_values(report: ReportModel, folder: Path, judgement: Judgement | None = None) -> dict[str, Any]:
    """The values of ``session.html.j2``. Pictures are read from the session's ``folder``.

    ``judgement`` has the recording, of which a report is only an extract; without it, what it would show of
    that is left out.
    """
    end_ms = _axis_end(report)
    moments = with_evidence(report)
    shown = moments[:MAX_ROWS]
    recording = judgement.recording if judgement is not None else None
    overview = report.artifacts.get("folder", "")
    return {
        "report": report,
        "about": about(report),
        "recording": recording,
        "conversation": _conversation(judgement) if judgement is not None else None,
        "pictures": Pictures(folder),
        "notice": notice(report.runtime),
        "simulated": was_simulated(report.runtime),
        "worth_a_look": any(map(is_worth_a_look, report.operations)),
        "operation_counts": Counter(operation.outcome for operation in report.operations),
        "messages": [(message, _bar(message, end_ms)) for message in report.messages],
        "axis_end_ms": end_ms,
        "experiment_told": told_experiment(report),
        "proof_told": told_proof(report.proof) if report.proof is not None else [],
        "corrections": [_instead(each, recording) for each in report.corrections],
        "scenes": scenes(report, [*report.screenshots, *_film(recording)]),
        "shots": _by_file(report.screenshots),
        "timeline": _rows(shown),
        "timeline_left_out": len(moments) - len(shown),
        "entries_in_timeline": {moment.n for moment in shown if moment.n},
        "audit_counts": _audit_counts(report),
        "artifacts": _artifacts(report),
        "overview_href": "../" * len(PurePosixPath(overview).parts) + INDEX if local_href(overview) else None,
    }


def _conversation(judgement: Judgement) -> Conversation:
    return conversation_of(judgement.recording, judgement.diagnosis, judgement.remedies)


def _axis_end(report: ReportModel) -> float:
    """Where the time axis ends: at the last thing that has a time."""
    times = [moment.t_ms for moment in report.timeline] + [shot.t_ms for shot in report.screenshots]
    for message in report.messages:
        shown_until = message.appeared_ms + message.visible_ms
        times.append(shown_until if message.vanished_ms is None else message.vanished_ms)
    return max(times, default=report.duration_ms) or 1.0


def _audit_counts(report: ReportModel) -> Counter[str]:
    """How many audits came to each answer."""
    found = Counter({"failed": len(report.findings), "passed": len(report.passed)})
    return +(found + Counter(each.status for each in report.unanswered))


def _rows(moments: list[MomentModel]) -> list[tuple[MomentModel, str]]:
    """Each moment with the id its row can be linked by: the first row of an entry has one."""
    rows, linked = [], {0}
    for moment in moments:
        rows.append((moment, "" if moment.n in linked else f"entry-{moment.n}"))
        linked.add(moment.n)
    return rows


def _film(recording: Recording | None) -> list[ScreenshotModel]:
    """The frames of a session's film, each with the time from which on it shows what was there."""
    frames = recording.derive(film) if recording is not None else ()
    return [ScreenshotModel(name="film", why=frame.says, t_ms=frame.t, file=frame.file) for frame in frames]


def _by_file(shots: Sequence[ScreenshotModel]) -> list[list[ScreenshotModel]]:
    """The pictures in order, those together that are one file: nothing had changed between them."""
    files: dict[str, list[ScreenshotModel]] = {}
    for shot in shots:
        files.setdefault(shot.file, []).append(shot)
    return list(files.values())


def _instead(correction: CorrectionModel, recording: Recording | None) -> Instead:
    sent = lines_sent(recording, correction.turn, correction.op) if recording is not None else []
    return Instead(
        correction=correction,
        sent=sent[:MAX_HEAD],
        sent_left_out=len(sent) - len(sent[:MAX_HEAD]),
        lines=(lines := lines_of_stream(correction.text))[:MAX_HEAD],
        left_out=len(lines) - len(lines[:MAX_HEAD]),
        text=correction.text[:MAX_STREAM],
    )


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
