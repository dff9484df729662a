"""One named fault in a valid conversation is found by its name and by no other, and is what it fails for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.audits.audit import Finding, Status
from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.counterfactual import NOT_REPRODUCED
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.vocabulary import CAUSES, Layer
from tests.examples import FEW
from tests.protocol.generated import Turns, conversations
from tests.protocol.mutations import events, framing, ids, shapes
from tests.protocol.mutations.fault import Fault, faults_of
from tests.screens import seen

STREAM_CAUSES = {cause for cause, (layer, _) in CAUSES.items() if layer in {Layer.SSE, Layer.PROTOCOL}}
FAULTS = faults_of(framing, events, ids, shapes)


def blamed(findings: tuple[Finding, ...]) -> set[str]:
    """The causes of a stream that are found."""
    assert [f"{f.audit.id}: {f.note}" for f in findings if f.status is Status.ERROR] == []
    failed = {finding.audit.id for finding in findings if finding.status is Status.FAILED}
    return failed & STREAM_CAUSES


def test_every_cause_of_a_stream_has_a_fault() -> None:
    of_no_stream = {"invalid-answer"}
    assert {fault.cause for fault in FAULTS} == STREAM_CAUSES - of_no_stream


@FEW
@given(conversations())
def test_a_valid_conversation_passes(turns: Turns) -> None:
    recording = seen(*turns)
    findings = examine(recording)
    diagnosis = diagnose(recording, findings)
    assert blamed(findings) == set()
    assert (diagnosis.verdict, diagnosis.symptoms) == ("pass", ()), diagnosis.reason


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.cause}: {fault.name}")
def test_a_fault_is_found_by_its_name(fault: Fault) -> None:
    @FEW
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        turns = data.draw(conversations(fault.blocks, at_least=fault.at_least))
        broken = data.draw(st.composite(lambda draw: fault.of(draw, turns))())
        diagnosis = judge(seen(*broken), None).diagnosis
        assert fault.cause in blamed(diagnosis.findings)
        told = (diagnosis.cause, *diagnosis.contributing, *diagnosis.warnings)
        causes = {cause.id for cause in told if cause is not None} & STREAM_CAUSES
        assert fault.cause in causes
        # What goes with it, audits report as well; by experiment, a user is told of the one thing to fix.
        assert diagnosis.experiment == NOT_REPRODUCED or causes == {fault.cause}

    holds()
