"""What GitHub Actions makes of an answer: annotations, and the summary of the job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from chatkit_doctor.report.markdown import markdown_of
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.subscriber import RunReported, Told
from chatkit_doctor.report.wording import (
    FIX,
    NO_LONGER_TRUE,
    Outcome,
    cause_name,
    contradicted,
    fixes,
    headline,
    outcome,
    what_was_found,
)
from chatkit_doctor.safe_text import clip, printable

MOST: Final = 10
"""Annotations of one kind that GitHub takes of a step."""
_MAX_TITLE: Final = 200
_MAX_TEXT: Final = 4_000
_ESCAPES: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: Final = _ESCAPES | {":": "%3A", ",": "%2C"}


class Annotations:
    """Writes a command to the runner for whatever a user has to know of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def on_event(self, event: Told) -> None:
        """Write the annotations, once the answer is there."""
        if isinstance(event, RunReported):
            for line in annotation_lines(event.run):
                self._stream.write(f"{line}\n")
            self._stream.flush()

    def close(self) -> None:
        """Nothing is left open."""


class JobSummary:
    """Adds the answer to the summary of a job, a Markdown file that GitHub names."""

    def __init__(self, file: Path, aside: TextIO) -> None:
        """``aside`` is where it is said if that cannot be done: it is no reason to fail."""
        self._file = file
        self._aside = aside

    def on_event(self, event: Told) -> None:
        """Add the document, once the answer is there."""
        if not isinstance(event, RunReported):
            return
        try:
            with self._file.open("a", encoding="utf-8", newline="\n") as summary:
                summary.write(f"{markdown_of(event)}\n")
        except OSError as error:
            self._aside.write(f"cannot write the job summary: {error.strerror or error}\n")

    def close(self) -> None:
        """Nothing is left open."""


def annotation_lines(run: RunModel) -> list[str]:
    """Errors for what is not green; warnings of what passed although nothing was said to expect them."""
    errors = [_error(report) for report in run.scenarios if outcome(report) is not Outcome.PASSED]
    if run.totals.not_run:
        errors.append(_command("error", "not run", f"{run.totals.not_run} scenarios were not run."))
    warnings = [line for report in run.scenarios for line in _warnings(report)]
    return _at_most(errors, "error") + _at_most(warnings, "warning")


def _error(report: ReportModel) -> str:
    sentence = contradicted(report)
    told = [f"{NO_LONGER_TRUE}: {sentence}"] if sentence else []
    told += [what_was_found(report), *(report.expectation.drift if report.expectation else [])]
    told += [f"{FIX.upper()}: {fix}" for fix in fixes(report)]
    return _command("error", f"{headline(report)}: {report.name}", "\n".join(told))


def _warnings(report: ReportModel) -> Iterator[str]:
    if report.expectation is None and outcome(report) is Outcome.PASSED:
        for cause in report.warnings:
            title = f"{cause_name(cause)}: {report.name}"
            yield _command("warning", title, f"{cause.title}. {cause.why}\n{FIX.upper()}: {cause.fix}")


def _at_most(lines: list[str], level: str) -> list[str]:
    if len(lines) <= MOST:
        return lines
    more = len(lines) - MOST + 1
    return [
        *lines[: MOST - 1],
        _command(level, f"and {more} more", "See the summary and the report."),
    ]


def _command(level: str, title: str, text: str) -> str:
    name = _escaped(clip(printable(f"chatkit-doctor: {title}"), _MAX_TITLE), _IN_PROPERTY)
    return f"::{level} title={name}::{_escaped(clip(printable(text), _MAX_TEXT), _ESCAPES)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
