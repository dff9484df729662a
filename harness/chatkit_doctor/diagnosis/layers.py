"""How far a message came: the state of every layer.

- ``broken``: the layer of the root cause, of a contributing cause whose evidence is certain, and of symptoms
  that show in ``dom``, ``paint`` or ``persistence`` (with no cause found, of any symptom).
- ``not-reached``: behind the root cause, when the message never came through.
- ``not-testable``: nothing was observed there, or none of its audits could be asked. ``persistence`` is
  testable only with a reload or a second turn.
- ``ok``: observed, and nothing found that accounts for a symptom. A warning does not break a layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_doctor.audits.audit import Finding, Status
from chatkit_doctor.diagnosis.diagnosis import Cause, LayerState
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import streams
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.vocabulary import LAYERS, Confidence, Layer

NEVER_CAME: Final = frozenset({"no-component", "send-ignored", "reply-missing"})
"""Symptoms that say that a message did not come through at all; others spoil one that did."""

_SEEN_THERE: Final = frozenset({Layer.DOM, Layer.PAINT, Layer.PERSISTENCE})
_BOOKKEEPING: Final = ("step.", "session.")


def layer_states(
    recording: Recording, findings: Sequence[Finding], root: Cause | None, contributing: Sequence[Cause]
) -> dict[Layer, LayerState]:
    """The state of every layer, in the order a message travels."""
    broken = _broken(findings, root, contributing)
    never_came = any(f.audit.id in NEVER_CAME and f.status is Status.FAILED for f in findings)
    behind = root.layer if never_came and root is not None else None
    return {
        layer: _state(layer, broken, behind, testable=_observed(layer, recording, findings))
        for layer in LAYERS
    }


def _state(layer: Layer, broken: set[Layer], behind: Layer | None, *, testable: bool) -> LayerState:
    if layer in broken:
        return LayerState.BROKEN
    if layer is Layer.PERSISTENCE and not testable:
        return LayerState.NOT_TESTABLE
    if behind is not None and LAYERS.index(layer) > LAYERS.index(behind):
        return LayerState.NOT_REACHED
    return LayerState.OK if testable else LayerState.NOT_TESTABLE


def _broken(findings: Sequence[Finding], root: Cause | None, contributing: Sequence[Cause]) -> set[Layer]:
    broken = {c.layer for c in contributing if c.confidence is not Confidence.LIKELY and c.layer is not None}
    showing = {f.audit.layer for f in findings if f.audit.is_symptom and f.status is Status.FAILED}
    if root is None or root.layer is None:
        return broken | showing
    return broken | {root.layer} | (showing & _SEEN_THERE)


def _observed(layer: Layer, recording: Recording, findings: Sequence[Finding]) -> bool:
    """Whether something was recorded of a layer, and at least one of its audits could be asked."""
    asked = [finding.status for finding in findings if finding.audit.layer is layer]
    if asked and all(status in {Status.NOT_TESTABLE, Status.ERROR} for status in asked):
        return False
    match layer:
        case Layer.PROTOCOL:
            return any(exchange.received for exchange in streams(recording))
        case Layer.PERSISTENCE:
            line = recording.derive(timeline)
            return len(line.turns) > 1 or any(step.do == "reload" for step in line.steps)
        case _:
            return any(not entry.kind.startswith(_BOOKKEEPING) for entry in recording.layer(layer))
