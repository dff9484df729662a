"""What every good page has: an address, and what a user does there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chatkit_doctor.browser.target import Address
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.page_check import page_check

PATIENT: Final = Limits(ready=60_000, request=20_000, turn=240_000, silence=10_000, refusals=2)
"""How long is waited: what is examined is the answer, and not the machine."""


@dataclass(frozen=True, slots=True)
class GoodPage:
    """A page with nothing wrong about it, that is being served."""

    name: str
    address: Address
    scenario: Scenario

    def drive(self, place: str) -> Drive:
        """The session that looks at it, with its recording below a folder of this name."""
        return Drive(NamedScenario(self.name, Path(), self.scenario), place, self.address)


def checked(
    name: str, address: Address, messages: Sequence[str] = (), *, forgets_thread: bool = False
) -> GoodPage:
    """A page under ``check URL`` as it is typed: turns, a reload, and one more turn.

    One that ``forgets_thread``, as it is meant to, is not reloaded.
    """
    scenario = page_check(address.url, messages, reload=not forgets_thread).scenario
    return GoodPage(name, address, scenario.model_copy(update={"limits": PATIENT}))
