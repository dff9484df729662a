"""What the live page shows of a session: made of the recording as far as it has come, as the report is."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.report.build import build_report
from chatkit_doctor.report.conversation import conversation_of
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.report.wording import cause_name, told_symptom
from chatkit_doctor.safe_text import printable


def view_of(recording: Recording) -> dict[str, Any]:
    """The parts of the conversation, packed as a document carries them, and the answer so far.

    While a step is under way nothing is answered: what is missing then may just be on its way.
    """
    judgement = judge(recording, None)
    conversation = conversation_of(recording, judgement.diagnosis)
    steps = recording.derive(timeline).steps
    under_way = next((step for step in reversed(steps) if not step.over), None)
    report = build_report(recording, judgement.diagnosis, artifacts={}, expectation=None)
    return {
        "parts": {
            "axis": str(conversation.axis),
            "raw": str(conversation.raw),
            "entries": str(conversation.entries),
        },
        "turns": sum(step.turn is not None for step in steps),
        "under_way": "" if under_way is None else _words(under_way.do, under_way.turn),
        "answer": None if under_way is not None else _answer(report),
    }


def _words(do: str, turn: int | None) -> str:
    return f"Turn {turn} is in progress" if turn is not None else f"The page is loading ({do})"


def _answer(report: ReportModel) -> dict[str, Any]:
    """What was seen, why, and what to change; every text may be foreign."""
    seen = [told_symptom(symptom.id, symptom.turn) for symptom in report.symptoms]
    causes = [
        {"name": printable(cause_name(cause)), "fix": printable(cause.fix)}
        for cause in report.causes or ([report.cause] if report.cause is not None else [])
    ]
    return {"symptoms": seen, "causes": causes}
