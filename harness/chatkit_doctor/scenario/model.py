"""A scenario: what to do, against what, and where it should lead.

These models are the one canonical form. What a user may write shorter is brought into it first
(``shorthand.py``), so that nothing here has to know about it.
"""

from __future__ import annotations

from pydantic import Field

from chatkit_doctor.scenario.backend import Backend, SdkBackend
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.part import Part
from chatkit_doctor.scenario.steps import Step


class Limits(Part):
    """How long each kind of wait may take, in ms; reaching one is recorded under its name."""

    ready: int = Field(default=10_000, ge=100, le=120_000)
    """From opening the page to a composer that can be typed into."""
    request: int = Field(default=3_000, ge=100, le=120_000)
    """From pressing Enter to a request that leaves the component."""
    turn: int = Field(default=15_000, ge=100, le=600_000)
    """From pressing Enter to the end of the turn."""
    silence: int | None = Field(default=None, ge=100, le=600_000)
    """How long a stream may be silent whose items are all done, before the end of its turn is waited for no
    longer; by default as long as a turn."""
    refusals: int | None = Field(default=None, ge=1, le=6)
    """How many times in a row a request may be refused so that the component sends it again (a 5xx, another
    content type), before the end of its turn is no longer awaited; by default every time."""
    quiet: int = Field(default=100, ge=50, le=10_000)
    """How long the transcript must not change for a turn to count as over; after the end of a response the
    text catches up within some 50 ms (measured)."""


class Scenario(Part):
    """One thing to try: a page, a backend, steps, and an expectation."""

    title: str = Field(min_length=1)
    """What is tried, in a few words."""
    why: str = ""
    """What question this scenario answers."""
    page: PageSetup = PageSetup()
    """The host page."""
    backend: Backend = SdkBackend()
    """What the component talks to."""
    steps: list[Step] = Field(default_factory=list)
    """What a user does, in order."""
    limits: Limits = Limits()
    """How long to wait."""
    expect: Expect | None = None
    """Where it should lead; without it the verdict stands for itself."""
