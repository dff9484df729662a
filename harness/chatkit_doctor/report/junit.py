"""JUnit XML, in the dialect that GitHub, GitLab and Jenkins read.

A test case is one session. It passes when its scenario's expectation is met (without an expectation: when
the verdict is ``pass``), is a ``failure`` when the scenario drifted (without: when it is ``fail``), and an
``error`` when the check was inconclusive: never green. One that was not run is ``skipped``. With
``--strict``, a warning is a ``failure``, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from chatkit_doctor.report.folder import JUNIT
from chatkit_doctor.report.model import EvidenceModel, ReportModel, RunModel
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from chatkit_doctor.report.wording import (
    MODES,
    Outcome,
    entry_name,
    milliseconds,
    notice,
    outcome,
    strict_failure,
    summary,
)
from chatkit_doctor.safe_text import clip, printable

SUITE: Final = "chatkit-doctor"
NOT_RUN: Final = "not run: the run was stopped, its time limit was reached, or its browser died"

_MAX_MESSAGE: Final = 1_000
"""Characters of a ``message`` attribute: CI pages show it on one line."""
_MAX_TEXT: Final = 20_000
"""Characters of the text inside an element."""


class JUnitFile:
    """Writes ``junit.xml`` of each session and of a run of several."""

    def on_event(self, event: Told) -> None:
        """Write the report that has come."""
        match event:
            case SessionReported(session=session, report=report):
                write_junit(report, session.directory / JUNIT)
            case RunReported(directory=directory, run=run, is_single=False):
                write_junit(run, directory / JUNIT)

    def close(self) -> None:
        """Nothing is left open."""


def write_junit(result: RunModel | ReportModel, path: Path) -> None:
    """Write the sessions of a run, or a single one, as JUnit XML.

    Paths of artifacts in it are relative to the folder of the file.
    """
    reports = result.scenarios if isinstance(result, RunModel) else [result]
    total_ms = result.totals.duration_ms if isinstance(result, RunModel) else result.duration_ms
    not_run = result.not_run if isinstance(result, RunModel) else []
    outcomes = [outcome(report) for report in reports]
    counts = {
        "tests": str(len(reports) + len(not_run)),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "errors": str(outcomes.count(Outcome.INCONCLUSIVE)),
        "skipped": str(len(not_run)),
        "time": _seconds(total_ms),
    }
    root = ET.Element("testsuites", {"name": SUITE, **counts})
    suite = ET.SubElement(root, "testsuite", {"name": SUITE, **counts, **_timestamp(result.started_at)})
    _properties(
        suite,
        {
            "verdict": result.verdict,
            **_flat("runtime", result.runtime),
            **_flat("browser", result.browser),
            **({"notice": said} if (said := notice(result.runtime)) else {}),
        },
    )
    for report in reports:
        _test_case(suite, report)
    for name in not_run:
        ET.SubElement(_case(suite, name, 0.0), "skipped", {"message": NOT_RUN})
    ET.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _test_case(suite: ET.Element, report: ReportModel) -> None:
    case = _case(suite, report.name, report.duration_ms)
    cause = report.cause
    about = {"cause": cause.id, "layer": cause.layer or "", "confidence": cause.confidence} if cause else {}
    _properties(
        case,
        {
            "verdict": report.verdict,
            "symptoms": " ".join(symptom.id for symptom in report.symptoms),
            **about,
            **_flat("target", report.target),
            **_flat("page", report.versions),
        },
    )
    result = outcome(report)
    if result is Outcome.FAILED:
        drift = report.expectation.drift if report.expectation else []
        kind = "strict" if strict_failure(report) else "drift" if report.expectation else report.verdict
        _problem(
            case,
            "failure",
            kind=cause.id if cause else kind,
            message=" ".join(drift) or (cause.title if cause else summary(report)),
            text=_account(report),
        )
    elif result is Outcome.INCONCLUSIVE:
        message = report.reason or "The check could not be completed."
        _problem(case, "error", kind="inconclusive", message=message, text=_account(report))
    ET.SubElement(case, "system-out").text = _text(_artifacts(report))


def _case(suite: ET.Element, name: str, duration_ms: float) -> ET.Element:
    group = name.rpartition("/")[0].replace("/", ".")
    about = {"classname": f"{SUITE}.{group}" if group else SUITE, "name": name, "time": _seconds(duration_ms)}
    return ET.SubElement(suite, "testcase", {key: printable(value) for key, value in about.items()})


def _problem(case: ET.Element, tag: str, *, kind: str, message: str, text: str) -> None:
    attributes = {"type": printable(kind), "message": printable(clip(message, _MAX_MESSAGE))}
    ET.SubElement(case, tag, attributes).text = _text(text)


def _account(report: ReportModel) -> str:
    """What a user reads in the CI page: drift, the cause with its evidence, what was seen."""
    lines: list[str] = [f"{report.name}: {summary(report)}"]
    if report.expectation and report.expectation.drift:
        lines += ["", "Drift:", *(f"- {sentence}" for sentence in report.expectation.drift)]
    if report.cause:
        lines += ["", f"Cause: {report.cause.title} ({report.cause.id}, {report.cause.confidence})"]
        lines += [f"Why: {report.cause.why}", f"Fix: {report.cause.fix}"]
        lines += [f"And: {sentence}" for sentence in report.cause.also]
        lines += _evidence(report.cause.evidence)
    lines += [f"Mode: {MODES[report.mode]}"] if report.mode in MODES else []
    lines += [f"Not recorded: {sentence}" for sentence in report.unrecorded]
    for symptom in report.symptoms:
        lines += ["", f"Symptom: {symptom.title} ({symptom.id})", *_evidence(symptom.evidence)]
    return "\n".join(lines)


def _evidence(evidence: Iterable[EvidenceModel]) -> list[str]:
    return [f"- {milliseconds(item.t_ms)}, {entry_name(item.n)}: {item.text}" for item in evidence]


def _artifacts(report: ReportModel) -> str:
    folder = report.artifacts.get("folder", "")
    prefix = f"{folder.rstrip('/')}/" if folder else ""
    paths = {name: prefix + path for name, path in report.artifacts.items() if name != "folder"}
    paths |= {f"screenshot {shot.name}": prefix + shot.file for shot in report.screenshots}
    return "\n".join(f"{name}: {path}" for name, path in paths.items())


def _properties(parent: ET.Element, values: Mapping[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(
            properties, "property", {"name": printable(name), "value": printable(clip(value, _MAX_MESSAGE))}
        )


def _flat(prefix: str, facts: Mapping[str, object]) -> dict[str, str]:
    return {
        f"{prefix}.{key}": value if isinstance(value, str) else json.dumps(value, default=str)
        for key, value in facts.items()
    }


def _text(text: str) -> str:
    return printable(clip(text, _MAX_TEXT))


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.3f}"


def _timestamp(started_at: str) -> dict[str, str]:
    """The attribute in the one form every reader takes; left out when the recording has no usable time."""
    try:
        return {"timestamp": datetime.fromisoformat(started_at).isoformat(timespec="seconds")}
    except ValueError:
        return {}
