"""A scenario: what to do, against which backend, and with which expected result.

These models are the only canonical form. Shorthand in a file is expanded into it first (``shorthand.py``),
so that nothing here has to know about it.
"""

from __future__ import annotations

from pydantic import Field

from chatkit_doctor.scenario.backend import Backend, SdkBackend
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.part import Part
from chatkit_doctor.scenario.steps import Step


class Limits(Part):
    """Time limits of each kind of wait, in ms; a limit that is reached is recorded under its name."""

    ready: int = Field(default=10_000, ge=100, le=120_000)
    """From opening the page until the composer accepts input."""
    request: int = Field(default=3_000, ge=100, le=120_000)
    """From pressing Enter until a request leaves the component."""
    turn: int = Field(default=15_000, ge=100, le=600_000)
    """From pressing Enter until the end of the turn."""
    silence: int | None = Field(default=None, ge=100, le=600_000)
    """How long a stream whose items are all done may be silent before the wait for the end of its turn is
    given up; by default, as long as ``turn``."""
    refusals: int | None = Field(default=None, ge=1, le=6)
    """How many times in a row a request may be refused in a way that makes the component retry it (a 5xx or
    another content type) before the wait for the end of its turn is given up; no limit by default."""
    quiet: int = Field(default=100, ge=50, le=10_000)
    """How long the transcript must stay unchanged for a turn to count as over; after the end of a response,
    the text catches up within about 50 ms (measured)."""


class Scenario(Part):
    """One test case: a page, a backend, steps, and an expected result."""

    title: str = Field(min_length=1)
    """What is tested, in a few words."""
    why: str = ""
    """The question that this scenario answers."""
    page: PageSetup = PageSetup()
    """The host page."""
    backend: Backend = SdkBackend()
    """The backend that the component talks to."""
    steps: list[Step] = Field(default_factory=list)
    """What a user does, in order."""
    limits: Limits = Limits()
    """Time limits of the waits."""
    expect: Expect | None = None
    """The expected result; without it, the verdict alone counts."""
