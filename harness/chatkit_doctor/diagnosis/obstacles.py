"""What stood in place of the chat: then nothing that was seen from there on is the chat's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from chatkit_doctor.audits.audit import Finding, Status
from chatkit_doctor.recording.entries import PageObstacle
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.safe_text import clip, one_line

_SAID: Final = 200
"""Characters of what an obstacle says that are quoted."""
_NAMED: Final = {
    "login": ("a login page", "log in with --storage-state, --cookie, --header or --setup"),
    "challenge": ("a question whether the visitor is human", "use --connect with your own browser"),
    "error-overlay": ("an error that the page's framework shows", "fix that first"),
    "error-page": ("an error page", "is this the page's URL?"),
    "cookie-wall": ("a question about cookies", "answer it with --click, --cookie or --setup"),
}
"""Each in words, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stood in place of the chat, in words, and since when (ms)."""

    reason: str
    since: float

    def without(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings without what was found only once there was no chat to look at."""
        return tuple(self._less(finding) for finding in findings)

    def _less(self, finding: Finding) -> Finding:
        failures = tuple(each for each in finding.failures if each.t_ms is None or each.t_ms < self.since)
        if len(failures) == len(finding.failures):
            return finding
        if failures:
            return replace(finding, failures=failures)
        return replace(finding, status=Status.NOT_TESTABLE, failures=(), note=self.reason)


def obstacle_in(recording: Recording) -> Obstacle | None:
    """The first one of a recording, since the page was loaded that turned out to be it."""
    found = next(iter(recording.of(PageObstacle)), None)
    if found is None:
        return None
    loads = [step.begin_ms for step in recording.derive(timeline).steps if step.begin_ms <= found.t]
    what, advice = _NAMED[found.data.what]
    said = clip(one_line(found.data.text, _SAID), _SAID)
    return Obstacle(
        f"{what} appears in place of the chat{f' (“{said}”)' if said else ''}: {advice}",
        max(loads, default=0.0),
    )
