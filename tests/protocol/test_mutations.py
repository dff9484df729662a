"""One named fault in a valid conversation is found by its name, and by no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audits.audit import Status
from harness.audits.registry import audits
from harness.vocabulary import CAUSES, Layer
from tests.audits.asking import ask
from tests.audits.protocol.cases import answered
from tests.protocol.generated import FEW, conversations
from tests.protocol.mutations import FAULTS, Broken, Fault

STREAM_AUDITS = [a for a in audits() if a.layer in {Layer.SSE, Layer.PROTOCOL} and not a.is_symptom]


def found(turns: Broken) -> set[str]:
    """The causes that are found in a conversation."""
    findings = [ask(audit, answered(*turns)) for audit in STREAM_AUDITS]
    assert [f"{f.audit.id}: {f.note}" for f in findings if f.status is Status.ERROR] == []
    return {finding.audit.id for finding in findings if finding.status is Status.FAILED}


def test_every_cause_of_both_layers_has_a_fault() -> None:
    mine = {cause for cause, (layer, _) in CAUSES.items() if layer in {Layer.SSE, Layer.PROTOCOL}}
    assert {fault.cause for fault in FAULTS} == mine


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.cause}: {fault.name}")
def test_a_fault_is_found_by_its_name(fault: Fault) -> None:
    @FEW
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        turns = data.draw(conversations(fault.blocks, at_least=fault.at_least))
        broken = data.draw(st.composite(lambda draw: fault.of(draw, turns))())
        assert found(broken) == {fault.cause}

    holds()
