"""Laying two sequences side by side, so that what both have stands in the same row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from chatkit_doctor.compare.model import MomentsRowModel, RowModel
from chatkit_doctor.report.model import MomentModel

_VARIABLE: Final = re.compile(r"https?://\S+|\b\w+_[0-9a-z]{6,}\b|\d[\d,.]*")
"""Addresses with a port of the day, generated ids, and numbers: other in every session."""


def align(left: Sequence[str], right: Sequence[str]) -> list[RowModel]:
    """Two lists of lines as one list of rows; a line that only one side has stands beside nothing."""
    return [
        RowModel(
            position=position,
            left=None if at is None else left[at],
            right=None if beside is None else right[beside],
            same=same,
        )
        for position, (at, beside, same) in enumerate(_pairs(left, right), start=1)
    ]


def align_moments(left: Sequence[MomentModel], right: Sequence[MomentModel]) -> list[MomentsRowModel]:
    """Two timelines side by side, by what happened rather than by when: ids and numbers do not count."""
    return [
        MomentsRowModel(
            left=None if at is None else left[at],
            right=None if beside is None else right[beside],
            same=same,
        )
        for at, beside, same in _pairs([_key(moment) for moment in left], [_key(moment) for moment in right])
    ]


def _key(moment: MomentModel) -> str:
    return f"{moment.layer} {_VARIABLE.sub('…', moment.text)}"


def _pairs(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int | None, int | None, bool]]:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for what, begin, end, beside, until in matcher.get_opcodes():
        for at, other in zip_longest(range(begin, end), range(beside, until)):
            yield at, other, what == "equal"
