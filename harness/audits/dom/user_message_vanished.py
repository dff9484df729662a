"""Whether what the person sent stayed on screen."""

from __future__ import annotations

from collections.abc import Iterator

from harness.audits.audit import Audit, Evidence, Failure
from harness.audits.dom.watched import ended_turns, quoted, users_of
from harness.gather.recording import Recording
from harness.gather.timeline import timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn whose message was shown and is gone, other than by leaving the page."""
    line = recording.derive(timeline)
    for turn in ended_turns(recording):
        shown = [message for message in users_of(recording, turn) if message.painted]
        if not shown or any(message.vanished_ms is None or message.unloaded for message in shown):
            continue
        last = max(shown, key=lambda message: message.vanished_ms or 0.0)
        gone_ms = last.vanished_ms or 0.0
        evidence = (
            Evidence(last.appeared_n, last.appeared_ms, f"{quoted(last.said)} is shown"),
            Evidence(
                last.vanished_n, gone_ms, f"it is gone, after it was visible for {last.visible_ms:.0f} ms"
            ),
        )
        details = {"in_turn": line.turn_at(gone_ms), "visible_ms": last.visible_ms}
        yield Failure(evidence, turn=turn.turn, t_ms=gone_ms, details=details)


AUDIT = Audit(
    id="user-message-vanished",
    passes="Every message that was sent stayed on screen.",
    why="The component shows a sent message at once and takes it away at the end of the stream, unless the "
    "stream confirmed it.",
    fix="The stream has to confirm the message with thread.item.done and a user_message item of its own id.",
    judge=judge,
    needs=("dom.state", "step.begin"),
)
