"""What is to be done: which sessions, on which runtime, in which browser, and how many side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.client.session import LiveOptions

if TYPE_CHECKING:
    from chatkit_doctor.browser.by_hand import ByHand
    from chatkit_doctor.browser.provider import BrowserProvider
    from chatkit_doctor.browser.target import Target
    from chatkit_doctor.engine.events import Judgement
    from chatkit_doctor.runtime.runtime import Runtime
    from chatkit_doctor.scenario.load import NamedScenario


@dataclass(frozen=True, slots=True)
class Drive:
    """A session in a browser: the steps of a scenario, on the host's page for it or on any other.

    ``place`` is where the recording goes below the plan's directory; empty for the directory itself.
    """

    named: NamedScenario
    place: str = ""
    target: Target | None = None
    """None: the page and the backend of the scenario."""
    announcement: str = ""
    """What is told of it before it begins; empty for nothing."""
    by_hand: ByHand | None = None
    """Who goes on where the steps end: a user at the page. None: nobody."""

    @property
    def name(self) -> str:
        """What the session goes by."""
        return self.named.name


@dataclass(frozen=True, slots=True)
class Simulate:
    """A session without a browser: what the component would make of a backend or of a saved exchange.

    ``source`` is a URL, a file, or ``-`` for standard input; ``live`` is for a URL, ``op`` says what a saved
    body answers, and ``match`` which requests of a HAR are meant.
    """

    source: str
    live: LiveOptions = field(default_factory=LiveOptions)
    op: str | None = None
    match: str | None = None
    name: str = "lint"
    place: str = ""


@dataclass(frozen=True, slots=True)
class Reread:
    """A session that was recorded before: a folder or a journal.

    ``proves`` has a judgement on it proven where that can still be done; None: nobody can.
    """

    recording: Path
    name: str = "audit"
    place: str = ""
    proves: Callable[[Judgement], Awaitable[Judgement]] | None = None


Session = Drive | Simulate | Reread


@dataclass(frozen=True, slots=True)
class Plan:
    """Sessions to carry out, and everything that they share.

    ``runtime`` None means the most real one that is available, a name the one of that name. ``browser`` None
    means a warm profile of the first browser found. ``workers`` None means what the machine bears.
    ``secrets`` are texts that appear in no artifact; ``headers`` are added to every request to a backend
    given by URL, and their values are secrets, too, where they can be. A plan that is not ``judged`` ends
    with its recordings; one that ``proves`` replays each session in a browser that failed, to see whether it
    passes without the fault. ``limit_s`` is how many seconds all of it may take, judging included, from the
    moment ``since`` (``time.monotonic``) or from its beginning; each session has a limit of its own besides.
    """

    name: str
    sessions: tuple[Session, ...]
    directory: Path
    runtime: str | Runtime | None = None
    browser: BrowserProvider | None = None
    workers: int | None = None
    motion: bool = False
    trace: bool = True
    secrets: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    judged: bool = True
    proves: bool = False
    limit_s: float | None = None
    since: float | None = None
