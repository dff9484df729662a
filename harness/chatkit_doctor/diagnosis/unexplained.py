"""Symptoms without a cause: what was checked, and how far the message could be followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from chatkit_doctor.audits.audit import Evidence, Finding, Status
from chatkit_doctor.diagnosis.diagnosis import Cause, Symptom
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams
from chatkit_doctor.recording.views.messages import messages
from chatkit_doctor.vocabulary import CAUSES, Confidence

ID = "unexplained"


def unexplained(recording: Recording, findings: Sequence[Finding], symptoms: Sequence[Symptom]) -> Cause:
    """The cause that says that none was found; its evidence follows the message as far as it was seen."""
    turn = next((symptom.failure.turn for symptom in symptoms if symptom.failure.turn is not None), None)
    trail = tuple(_trail(recording, turn))
    last = f" The message was last seen here: {trail[-1].text}." if trail else ""
    return Cause(
        ID,
        None,
        Confidence.LIKELY,
        CAUSES[ID][1],
        f"{_checked(findings)}{last}",
        "Read the timeline from that moment on. Run the control with the same runtime: if it shows the "
        "same, the integration is not at fault. Please report the recording: no audit detects this cause "
        "yet.",
        trail,
        {"turn": turn},
    )


def _checked(findings: Sequence[Finding]) -> str:
    causes = Counter(finding.status for finding in findings if not finding.audit.is_symptom)
    asked = sum(causes.values())
    unanswered = causes[Status.NOT_TESTABLE] + causes[Status.ERROR]
    failed = causes[Status.FAILED]
    text = f"{asked} possible {'cause was' if asked == 1 else 'causes were'} checked"
    if unanswered:
        text += f", {unanswered} of them could not be tested"
    return text + (f"; {failed} were found, but do not account for this." if failed else "; none was found.")


def _trail(recording: Recording, turn: int | None) -> Iterator[Evidence]:
    """What was seen of a turn, in the order in which a message travels."""
    for exchange in streams(recording):
        if exchange.turn == turn:
            yield from _of_exchange(exchange)
    for message in recording.derive(messages):
        if message.turn == turn and message.role == "assistant":
            how = f"visible for {message.visible_ms:.0f} ms" if message.painted else "never painted"
            yield Evidence(
                message.appeared_n, message.appeared_ms, f"{message.kind} in the transcript, {how}"
            )


def _of_exchange(exchange: Exchange) -> Iterator[Evidence]:
    if exchange.asked is not None:
        yield Evidence(exchange.asked.n, exchange.asked.t, f"the component asked for {exchange.op}")
    attempt = exchange.last
    if attempt is not None and attempt.sent is not None:
        yield Evidence(attempt.sent.n, attempt.sent.t, f"{exchange.op} was sent")
        if attempt.response is not None:
            text = f"the backend answered {attempt.status} {attempt.mime or 'without a content type'}"
            yield Evidence(attempt.response.n, attempt.response.t, text)
        if attempt.end is not None:
            text = f"the body ended ({attempt.how}): {attempt.size} bytes, {len(attempt.parsed)} events"
            yield Evidence(attempt.end.n, attempt.end.t, text)
    if exchange.received:
        last = exchange.received[-1]
        yield Evidence(last.n, last.t, f"{len(exchange.received)} events reached the component")
