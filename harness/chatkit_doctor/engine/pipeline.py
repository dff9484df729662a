"""From a recording to what was found in it: needs no browser, and does not load one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from chatkit_doctor.audits.registry import audits, examine
from chatkit_doctor.diagnosis.counterfactual import with_experiments
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.expectation import drift
from chatkit_doctor.diagnosis.masked import masked
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.remedies import remedies_of
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.protocol import schema
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.recording.reader import Recording, load, received
from chatkit_doctor.scenario.expect import Expect


def prepare() -> None:
    """Load what judging takes, half a second of work: for a time in which there is nothing else to do."""
    audits()
    schema.prepare()


def judge(recording: Recording, expect: Expect | None) -> Judgement:
    """Everything after the recording: a pure function of it, so that an old one can be judged again."""
    diagnosis = with_experiments(recording, diagnose(recording, examine(recording)))
    return Judgement(recording, diagnosis, None if expect is None else drift(recording, diagnosis, expect))


def judge_received(journal: Journal, expect: Expect | None) -> Judgement:
    """Judge what was received, and tell it of what was written: no secret leaves with the answer."""
    judgement = judge(received(journal), expect)
    redactor = journal.redactor
    return Judgement(
        load(journal.directory),
        masked(judgement.diagnosis, redactor),
        None if judgement.drift is None else tuple(map(redactor.text, judgement.drift)),
    )


def with_remedies(judgement: Judgement) -> Judgement:
    """The same, with what a user gets to work with: made last, since a proof may name another cause."""
    made = remedies_of(judgement.recording, judgement.diagnosis, judgement.proof)
    return replace(judgement, remedies=made)


def judge_folder(folder: Path) -> Judgement:
    """Judge a saved recording by what its own scenario expects. Raises RecordingError when there is none."""
    recording = load(folder)
    return judge(recording, _expectation(recording, folder))


def _expectation(recording: Recording, folder: Path) -> Expect | None:
    if not recording.header.expect:
        return None
    try:
        return Expect.model_validate(recording.header.expect)
    except ValidationError as error:
        mistake = error.errors()[0]
        place = ".".join(str(part) for part in ("expect", *mistake["loc"]))
        raise RecordingError(
            f"line 1 is not a header: {place}: {mistake['msg']}", where=str(folder), hint="Record again."
        ) from error
