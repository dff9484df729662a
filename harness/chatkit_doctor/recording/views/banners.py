"""Banners: what the component said beside the conversation, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from chatkit_doctor.recording.entries.dom import AlertKind, DomAlert
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import State, timeline


@dataclass(frozen=True, slots=True)
class Banner:
    """A banner that was painted, from ``t`` (ms) on. ``until`` is None for one that was there at the end."""

    kind: AlertKind
    text: str
    n: int
    """The journal entry that shows it first."""
    t: float
    until: float | None


def banners(recording: Recording) -> tuple[Banner, ...]:
    """Every banner in order of appearance. Use as ``recording.derive(banners)``."""
    found: list[Banner] = []
    here: dict[tuple[int, DomAlert], State] = {}
    for state in recording.derive(timeline).painted:
        present = {(state.document, alert) for alert in state.alerts}
        gone = [place for place in here if place not in present]
        found += [_banner(place[1], here.pop(place), state.t) for place in gone]
        for place in sorted(present - here.keys(), key=lambda each: each[1].text):
            here[place] = state
    found += [_banner(alert, since, None) for (_, alert), since in here.items()]
    return tuple(sorted(found, key=lambda banner: (banner.t, banner.n)))


def _banner(alert: DomAlert, since: State, until: float | None) -> Banner:
    return Banner(alert.kind, alert.text, since.n, since.t, until)
