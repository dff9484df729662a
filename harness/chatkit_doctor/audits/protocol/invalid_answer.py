"""Whether operations whose response is a single document got one of the right shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable
from chatkit_doctor.audits.single_answers import NEEDED, is_misshapen, seen_at
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges

_BLANKED: Final = frozenset({"blank-panel", "user-message-vanished", "reply-vanished"})
_SEEN: Final = {
    "attachments.create": frozenset({"error-shown"}),
    "threads.sync_custom_action": frozenset[str](),
    "input.transcribe": _BLANKED,
}
"""The effect of each on the screen (measured): a notice, nothing, or an empty panel."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per response that lacks what the component needs."""
    asked = [exchange for exchange in exchanges(recording) if exchange.op in NEEDED]
    if not asked:
        raise NotApplicable("no such operation was requested")
    for exchange in asked:
        if is_misshapen(recording, exchange):
            yield _failure(exchange)


def _failure(exchange: Exchange) -> Failure:
    return Failure(
        (seen_at(exchange, f"the response to {exchange.op} lacks {NEEDED[exchange.op]}"),),
        turn=exchange.turn,
        t_ms=exchange.t,
        title=f"The response to {exchange.op} has the wrong shape",
        why=f"The component needs {NEEDED[exchange.op]}, but the response does not contain it.",
        explains=_SEEN[exchange.op],
        details={"op": exchange.op},
    )


AUDIT = Audit(
    id="invalid-answer",
    passes="Every operation got a response of the right shape.",
    why="The response lacks what the component needs.",
    fix="Respond with application/json as the SDK's types define: to attachments.create with the attachment "
    'and its upload_descriptor, to threads.sync_custom_action with {"updated_item": item or null}, and to '
    'input.transcribe with {"text": "…"}.',
    judge=judge,
    explains=_BLANKED | {"error-shown"},
)
