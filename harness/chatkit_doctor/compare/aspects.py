"""What two runtimes are compared in."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from chatkit_doctor.recording.views.behaviour import Behaviour


class Aspect(StrEnum):
    """One side of a session's behaviour; each is a sequence of lines (``recording.views.behaviour``)."""

    TRANSCRIPT = "transcript"
    ALERTS = "alerts"
    STATES = "states"
    EVENTS = "events"
    REQUESTS = "requests"
    ERRORS = "errors"


DECISIVE: Final = (Aspect.TRANSCRIPT, Aspect.STATES, Aspect.EVENTS, Aspect.REQUESTS)
"""Two runtimes agree in a scenario when they are equal in these; the others are compared and told."""


def lines(behaviour: Behaviour, aspect: Aspect) -> tuple[str, ...]:
    """What a session did in one aspect."""
    value: tuple[str, ...] = getattr(behaviour, aspect)
    return value
