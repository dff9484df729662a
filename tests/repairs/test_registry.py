"""Which cause has a repair."""

from __future__ import annotations

from chatkit_doctor.repairs.registry import NO_REPAIR, REPAIRS
from chatkit_doctor.vocabulary import CAUSES


def test_every_cause_has_a_repair_or_a_reason_why_there_is_none() -> None:
    assert set(REPAIRS) | set(NO_REPAIR) == set(CAUSES)


def test_no_cause_has_a_repair_and_a_reason_why_there_is_none() -> None:
    assert set(REPAIRS) & set(NO_REPAIR) == set()


def test_a_repair_stands_under_its_own_cause() -> None:
    assert {id_: repair.cause for id_, repair in REPAIRS.items()} == {id_: id_ for id_ in REPAIRS}


def test_every_repair_changes_a_conversation_or_a_page() -> None:
    assert [id_ for id_, each in REPAIRS.items() if not (each.conversation or each.page)] == []
