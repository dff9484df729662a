"""Whether the text on screen is meant for a user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.replies import compared_turns
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.markup import Markup, markup_on_screen
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording

_WHAT: Final = {
    Markup.CITATION: "a marker that stands for a source",
    Markup.WIDGET: "the JSON of a widget",
}


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply and kind of markup. What is in code is meant to be read."""
    for replies in compared_turns(recording):
        for pair in replies.pairs:
            if pair.shown is None:
                continue
            wordings = pair.shown.message.wordings
            wording = next(w for w in reversed(wordings) if w.t < replies.turn.until_ms)
            for kind, text in markup_on_screen(pair.sent, pair.shown.text).items():
                seen = f"on screen stands {_WHAT[kind]}: {quoted_message(text)}"
                yield Failure(
                    (Evidence(wording.n, wording.t, seen),),
                    turn=replies.turn.turn,
                    t_ms=wording.t,
                    details={"kind": kind},
                )


AUDIT = Audit(
    id="markup-shown",
    passes="The text contains no markup meant for a program.",
    why="The user reads markup that a program should have removed.",
    fix="Remove citation markers from the text, and send widgets as separate items.",
    judge=judge,
    needs=(DomState, StepBegin),
)
