"""The script beside a report that sends the requests of its session again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_doctor.repairs.curl import MOST_COMMANDS
from chatkit_doctor.report.model import RequestModel

FILE: Final = "reproduce.sh"
"""The name of the script beside the report."""


def script(requests: Sequence[RequestModel]) -> str:
    """All of them as a shell script: the variables to set first, then one command after the other."""
    names = sorted({name for request in requests for name in request.variables})
    lines = ["#!/bin/sh", "# Sends the requests of this recording again."]
    if len(requests) == MOST_COMMANDS:
        lines.append(f"# Contains only the first {MOST_COMMANDS} distinct requests.")
    if names:
        lines.append("# Set these first; their values were not recorded.")
        lines += [f': "${{{name}:?}}"' for name in names]
    for request in requests:
        turn = f"turn {request.turn}: " if request.turn is not None else ""
        lines += ["", f"# {turn}{_comment(request.op)}"]
        lines += ["# The recording contains only the beginning of this body."] if request.shortened else []
        lines.append(request.command)
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    """Foreign text in a comment: a line end would end the comment and begin a command."""
    return "".join(character if character.isprintable() else " " for character in text)
