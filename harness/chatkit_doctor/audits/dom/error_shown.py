"""Whether the component told the user of an error."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.visible_turns import watched
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.rendered_text import letters, rendered
from chatkit_doctor.protocol.payload import as_object
from chatkit_doctor.recording.entries import ComponentEvent, DomAlert, DomState
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import exchanges
from chatkit_doctor.recording.views.timeline import State


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per banner and step in which it came up; one that was gone and is back came up again."""
    line = watched(recording)
    meant = _meant_notices(recording)
    shown: frozenset[str] = frozenset()
    for step in line.steps:
        if step.do in {"open", "reload"}:
            shown = frozenset()
        told: set[str] = set()
        for state in line.states:
            if not step.holds(state.t):
                continue
            errors = tuple(_errors(state, meant))
            for text in errors if state.painted else ():
                if text not in shown and text not in told:
                    told.add(text)
                    evidence = Evidence(state.n, state.t, f"the component shows {quoted_message(text)}")
                    yield Failure((evidence,), turn=step.turn, t_ms=state.t, details={"text": text})
            # What is in the DOM and not painted yet has still to be told of; what left it can come up again.
            shown = frozenset(errors) if state.painted else shown & frozenset(errors)
    yield from _in_history(recording)


def _in_history(recording: Recording) -> Iterator[Failure]:
    """Errors in a dialog of the history, which the component reports and marks by nothing else (measured)."""
    for entry in recording.of(ComponentEvent):
        error = as_object(entry.data.details.get("error"))
        if entry.data.name == "error" and error.get("name") == "HistoryViewError":
            evidence = Evidence(entry.n, entry.t, "the history shows that it failed")
            yield Failure((evidence,), t_ms=entry.t, details={"text": str(error.get("message") or "")})


def _errors(state: State, meant: frozenset[str]) -> Iterator[str]:
    for alert in state.alerts:
        if alert.kind == "error" or (alert.kind == "notice" and not _is_meant(alert, meant)):
            yield alert.text


def _is_meant(alert: DomAlert, meant: frozenset[str]) -> bool:
    return any(words in letters(alert.text) for words in meant)


def _meant_notices(recording: Recording) -> frozenset[str]:
    """What the backend itself had to say: its notices are content, whatever their level."""
    return frozenset(
        words
        for exchange in recording.derive(exchanges)
        for event in exchange.events
        if event.get("type") == "notice"
        if (words := letters(rendered(str(event.get("message", "")))))
    )


AUDIT = Audit(
    id="error-shown",
    passes="The component showed no error.",
    why="The user sees an error message.",
    fix="See the cause: the banner's text is the component's own and rarely names it.",
    judge=judge,
    needs=(DomState,),
)
