"""The scenario that ``check`` builds for a user's own page: turns, a reload, and one more turn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chatkit_doctor.scenario.check import MESSAGES, limits
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Reload, Send, Step

READY_MS: Final = 30_000
"""How long a page may take until its chat can be typed into: a development server builds it only then."""
AFTER_RELOAD: Final = "And after the reload"
"""Sent when nothing else is requested: only a turn shows whether a conversation can be gone on with."""


def page_check(
    url: str,
    messages: Sequence[str] = (),
    *,
    sends: bool = True,
    reload: bool = True,
    turn_ms: int = 60_000,
    patient: bool = False,
) -> NamedScenario:
    """One turn for each message, then a reload, then one more turn: with the last message, if any was given.
    ``patient`` waits for the end of each turn, predicted or not.

    The page has its own backend, its own options and its own way of keeping a thread: nothing of them is set
    here.
    """
    turns = [Send(text=message) for message in messages or MESSAGES] if sends else []
    steps: list[Step] = list(turns)
    if reload:
        steps.append(Reload())
        steps += [Send(text=messages[-1] if messages else AFTER_RELOAD)] if sends else []
    waits = limits(turn_ms, patient=patient).model_copy(update={"ready": READY_MS})
    scenario = Scenario(title=f"Your page at {url}", steps=steps, limits=waits)
    return NamedScenario("check", Path(), scenario)


def announcement(named: NamedScenario) -> str:
    """What will be done on the page, in words, before it is done."""
    told: list[str] = []
    for step in named.scenario.steps:
        match step:
            case Send(text=text):
                told.append(f"send “{text}”")
            case Reload():
                told.append("reload the page")
            case _:
                pass
    return f"The check will do this: {', '.join(told)}." if told else "Nothing is sent."
