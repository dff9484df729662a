"""What the page's fetch did, in words: a line for each operation, and one for each difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from chatkit_doctor.report.operation_model import DifferenceModel, OperationModel
from chatkit_doctor.safe_text import clip

STATES: Final = {
    "same": "the same",
    "different": "different",
    "none": "none",
    "not-recorded": "not recorded",
}
"""How a column stands to the one it was made of, as a user reads it; ``shown`` needs no word."""
OUTCOMES: Final = {
    "same": "passed on unchanged",
    "changed": "changed by the page",
    "answered-by-page": "answered by the page",
    "nothing-handed-back": "nothing returned",
    "not-recorded": "not fully recorded",
}
"""What the page made of an operation, as a user reads it."""
_MOST_PARTS: Final = 3
"""Differences that are named in one line."""
_LONGEST: Final = 100
"""Characters of each of them there."""


def is_worth_a_look(operation: OperationModel) -> bool:
    """Whether there is more to see of an operation than that the browser's own fetch passed it on."""
    return operation.outcome == "changed" or (operation.own_fetch and operation.outcome != "same")


def told_difference(difference: DifferenceModel) -> str:
    """Such as ``$.type: "threads.create" → "chat"``."""
    before = "absent" if difference.before is None else difference.before
    after = "absent" if difference.after is None else difference.after
    return f"{difference.part}: {before} → {after}"


def told_operations(operations: Sequence[OperationModel]) -> list[str]:
    """A line for each operation that the page rewrote or answered itself; those that are alike share one.

    That a header came along takes nothing from a request, and is not told here.
    """
    lines = Counter(line for each in operations if (line := _line(each)))
    return [line if times == 1 else f"{line} ({times} times)" for line, times in lines.items()]


def _line(operation: OperationModel) -> str:
    if operation.outcome == "answered-by-page":
        handed = operation.handed_back
        what = " ".join(filter(None, (str(handed.status or ""), handed.content_type)))
        said = f"{operation.op}: no request was recognised for it; answered by the page"
        said += f" with {what}" if what else ""
        beside = ", ".join(clip(each, _LONGEST) for each in operation.meanwhile[:_MOST_PARTS])
        return said + (f"; meanwhile it had {beside}" if beside else "")
    parts = []
    rewritten = [each for each in operation.sent.differences if not _is_added_header(each)]
    if rewritten:
        parts.append(f"the page sent another request: {_parts(rewritten, operation.sent.left_out)}")
    if operation.handed_back.differences:
        handed_back = _parts(operation.handed_back.differences, operation.handed_back.left_out)
        parts.append(f"the page returned a different response: {handed_back}")
    return f"{operation.op}: {'; '.join(parts)}" if parts else ""


def _parts(differences: Sequence[DifferenceModel], left_out: int) -> str:
    told = [clip(told_difference(each), _LONGEST) for each in differences[:_MOST_PARTS]]
    more = len(differences) - len(told) + left_out
    return ", ".join(told) + (f", and {more} more" if more else "")


def _is_added_header(difference: DifferenceModel) -> bool:
    return difference.part.startswith("header ") and difference.before is None
