"""What a user gets to work with beside the diagnosis: what to send instead, and how to try it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.engine.proof import Proof
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.repairs.corrected_streams import CorrectedStream, corrected_streams
from chatkit_doctor.repairs.curl import CurlCommand, curl_commands
from chatkit_doctor.repairs.difference import AnswerChange, changes


@dataclass(frozen=True, slots=True)
class Remedies:
    """Finished values, which a report only has to show."""

    streams: tuple[CorrectedStream, ...] = ()
    """What to send instead, where the cause is in the events."""
    commands: tuple[CurlCommand, ...] = ()
    """How to send the session's requests without a browser."""
    changes: tuple[AnswerChange, ...] = ()
    """What the repair that was proven changed in the answers."""


NO_REMEDIES: Final = Remedies()


def remedies_of(recording: Recording, diagnosis: Diagnosis, proof: Proof | None = None) -> Remedies:
    """What can be made of a recording, as it was written: nothing secret is in it."""
    shown = [each.n for f in diagnosis.findings for failure in f.failures for each in failure.evidence]
    cause = diagnosis.cause.id if diagnosis.cause is not None else None
    changed = (
        changes(proof.recorded, proof.repaired)
        if proof is not None and proof.recorded is not None and proof.repaired is not None
        else ()
    )
    return Remedies(
        tuple(corrected_streams(recording, cause)),
        tuple(curl_commands(recording, shown)),
        tuple(changed),
    )
