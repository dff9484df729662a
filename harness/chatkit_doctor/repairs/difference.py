"""What a repair changes in the answers of a conversation, line by line: the smallest difference."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.conversation.conversation import Call, Conversation

MOST_LINES: Final = 200
"""Lines of a diff that are kept."""
LONGEST_LINE: Final = 2_000
"""Characters of a line that are kept."""
_MOST_COMPARED: Final = 5_000
"""Lines of a body that are compared: the time it takes grows with their square."""
_CONTEXT: Final = 2


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What a repair changed in one answer, as the lines of a unified diff."""

    op: str
    """The operation it answers."""
    number: int
    """Which answer of the session it is, from 1."""
    lines: tuple[str, ...]
    """Each begins with ``+``, ``-``, a blank or ``@``."""
    left_out: int
    """Lines of the diff that were not kept."""


def changes(recorded: Conversation, repaired: Conversation) -> Iterator[AnswerChange]:
    """The differences, answer by answer; a repair adds no answer and leaves none out."""
    for number, (before, after) in enumerate(zip(recorded.calls, repaired.calls, strict=False), start=1):
        lines = _changed(_lines(before), _lines(after))
        if lines:
            shown = tuple(line[:LONGEST_LINE] for line in lines[:MOST_LINES])
            yield AnswerChange(after.op, number, shown, len(lines) - len(shown))


def _changed(before: list[str], after: list[str]) -> list[str]:
    if before == after:
        return []
    # The first two lines name files.
    return list(difflib.unified_diff(before, after, lineterm="", n=_CONTEXT))[2:]


def _lines(call: Call) -> list[str]:
    """An answer as text: its status, its headers, its body, and how it ended."""
    status = "no answer" if call.status is None else f"HTTP {call.status}"
    headers = [f"{name}: {value}" for name, value in sorted(call.headers.items())]
    body = call.body.decode(errors="replace").splitlines()[:_MOST_COMPARED]
    return [status, *headers, "", *body, f"(the body is {call.how})"]
