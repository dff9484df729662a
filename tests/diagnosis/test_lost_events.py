"""Events that get lost on their way show in the words of the reply, and their loss is the cause of it."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from tests.chatkit_events import good
from tests.screens import seen

TURN = good("These are the first words, here the second ones come, and with these it is all said.")
MIDDLE, LAST, PART_DONE, DONE = TURN[-4], TURN[-3], TURN[-2], TURN[-1]


@pytest.mark.parametrize(
    ("lost", "symptom"),
    [
        ([MIDDLE, PART_DONE, DONE], "reply-altered"),
        ([LAST, PART_DONE, DONE], "reply-truncated"),
    ],
)
def test_what_a_page_fetch_loses_of_a_reply_is_its_doing(lost: list[object], symptom: str) -> None:
    recording = seen(TURN, handed=[event for event in TURN if event not in lost])
    diagnosis = diagnose(recording, examine(recording))
    assert [each.id for each in diagnosis.symptoms] == [symptom]
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "fetch-altered-stream"
