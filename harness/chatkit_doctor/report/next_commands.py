"""What to type next: whoever has the report, a user or a program, need not know the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.recording.header import TargetInfo
from chatkit_doctor.report.model import CommandModel
from chatkit_doctor.report.wording import explain_command
from chatkit_doctor.safe_text import one_line
from chatkit_doctor.vocabulary import Verdict

_AGAIN: Final = {
    "page": "check --page",
    "backend": "check --backend",
    "url": "lint",
    "har": "lint",
    "stream": "lint",
    "scenario": "run",
}
"""The verb that looks again, by the kind of what was looked at. A recording does not change."""
_SAVED_ANEW: Final = frozenset({"har", "stream"})
_LONGEST: Final = 2_000


def next_commands(verdict: str, cause: str | None, target: TargetInfo) -> list[CommandModel]:
    """The commands that lead on from a session, in order; none from one that has passed."""
    return [] if verdict == Verdict.PASS else list(_commands(cause, target))


def _commands(cause: str | None, target: TargetInfo) -> Iterator[CommandModel]:
    if cause is not None:
        yield CommandModel(
            command=explain_command(cause),
            why="explains what the component does, with examples of what to send instead",
        )
    what = (target.name if target.kind == "scenario" else target.url) or ""
    verb = _AGAIN.get(target.kind)
    # What is read from standard input cannot be read again.
    if verb is not None and what not in {"", "-"}:
        anew = ", after you have saved it again" if target.kind in _SAVED_ANEW else ""
        yield CommandModel(
            command=f"chatkit-doctor {verb} {shlex.quote(one_line(what, _LONGEST))}",
            why=f"checks whether the change helped{anew}; use the same options as before",
        )
