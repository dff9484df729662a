"""How long a session may take as a whole, from the limits of its own waits."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.browser.controls import MOST_ACTS
from chatkit_doctor.browser.driver import KEY_MS
from chatkit_doctor.browser.waits import SETTLE_LIMIT_MS
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.steps import Answer, CallMethod, Click, Dictate, Reload, Send, Step

OVERHEAD_S: Final = 60.0
"""For what is bounded by nothing of the scenario: a browser that starts, pictures, the trace. On a machine
that is busy with other things it takes a few seconds."""


def session_limit_s(scenario: Scenario) -> float:
    """Longer than any session takes whose page and browser still answer."""
    limits = scenario.limits
    return OVERHEAD_S + (2 * limits.ready + sum(_longest_ms(step, limits) for step in scenario.steps)) / 1000


def _longest_ms(step: Step, limits: Limits) -> float:
    # Each may take the time of a turn: a response, text that trails behind it, a tool of the page, the
    # response to what it gave, text that trails behind that, the rest of an answer that nobody reads any
    # more, and text that trails behind that.
    turn = limits.request + 7 * limits.turn + SETTLE_LIMIT_MS
    match step:
        case Send(text=text):
            return turn + KEY_MS * len(text)
        case Reload():
            return 2 * limits.ready + SETTLE_LIMIT_MS
        case Click():
            return turn
        case CallMethod():
            return turn + limits.turn
        case _:
            acts = 2 * len(step.answers) if isinstance(step, Answer) else MOST_ACTS
            spoken = step.ms if isinstance(step, Dictate) else 0
            return turn + limits.turn + acts * limits.request + spoken
