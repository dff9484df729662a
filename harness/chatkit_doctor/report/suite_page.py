"""The document of a run of many: the list of its sessions, and each session's report folded up inside it.

What does not fit is next to it: every session has its own document in its folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from chatkit_doctor.report.document import INDEX, local_href, write_page
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.packed import packed
from chatkit_doctor.report.pictures import Pictures
from chatkit_doctor.report.wording import Outcome, notice, outcome, status_label

TEMPLATE: Final = "run.html.j2"
MAX_DOCUMENT: Final = 4_900_000
"""Characters of the document."""
MAX_HELD: Final = 4 * MAX_DOCUMENT
"""Characters of folded reports that are held until the run is over."""

_RANK: Final = {Outcome.FAILED: 0, Outcome.INCONCLUSIVE: 1, Outcome.PASSED: 2}


@dataclass(frozen=True, slots=True)
class Folded:
    """A session's report, compressed as ``DecompressionStream("deflate")`` reads it, in base64."""

    place: str
    """Its folder below that of the run."""
    packed: Markup
    pictures: tuple[str, ...]
    """The pictures it shows, by their files below the session's folder."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; ``href`` leads to the session's own document, where it has one."""

    report: ReportModel
    href: str | None
    place: str
    """Empty where its report is not inside."""


def folded(place: str, body: str, pictures: Pictures) -> Folded:
    """Fold a session's report, as :func:`session_body` renders it, up; its pictures stay outside it."""
    text = str(body)  # As Markup it would escape what is put into it.
    for file, uri in pictures.handed_out.items():
        text = text.replace(f'src="{uri}"', f'data-picture="{local_href(f"{place}/{file}")}"')
    return Folded(place, packed(text.encode("utf-8", "replace")), tuple(pictures.handed_out))


class FoldedReports:
    """The folded reports of a run, as they come; of too many, those of what went well give way."""

    def __init__(self) -> None:
        self.by_place: dict[str, Folded] = {}
        self._size = 0

    def add(self, report: ReportModel, each: Folded) -> None:
        """Hold one, if there is room."""
        room = MAX_HELD if outcome(report) is not Outcome.PASSED else MAX_HELD // 2
        if self._size + len(each.packed) <= room:
            self._size += len(each.packed)
            self.by_place[each.place] = each


def write_suite(run: RunModel, folder: Path, kept: FoldedReports | None = None) -> Path:
    """Write the document of a run as ``index.html`` into its folder and return its path.

    What failed or drifted comes first in the list; where room is given away, its pictures come before any
    other report, and what failed as expected comes before what passed.
    """
    reports = sorted(run.scenarios, key=lambda report: _RANK[outcome(report)])
    room = _Room(MAX_DOCUMENT - _list_size(reports))
    by_worth = sorted(reports, key=lambda report: (_RANK[outcome(report)], report.verdict == "pass"))
    to_look_at = sum(outcome(report) is not Outcome.PASSED for report in by_worth)
    held = kept or FoldedReports()
    inside: list[Folded] = []
    pictures: dict[str, Markup] = {}
    for some in (by_worth[:to_look_at], by_worth[to_look_at:]):
        added = list(_inside(some, held, room))
        inside += added
        pictures.update(_pictures(added, folder, room))
    places = {each.place for each in inside}
    rows = [_row(report, places) for report in reports]
    return write_page(
        folder,
        TEMPLATE,
        scripts=_scripts() if inside else ("suite.js",),
        embedded=True,
        run=run,
        rows=rows,
        notice=notice(run.runtime),
        folded=inside,
        pictures=pictures,
        pictures_left_out=sum(len(each.pictures) for each in inside) - len(pictures),
        labels=list(dict.fromkeys(map(status_label, reports))),
    )


def _scripts() -> tuple[str, ...]:
    from chatkit_doctor.report.session_page import SCRIPTS

    return (*SCRIPTS, "suite.js")


class _Room:
    """How many characters may still be written."""

    def __init__(self, characters: int) -> None:
        self._left = characters

    def takes(self, size: int) -> bool:
        """Whether so many more fit; if so, they are taken."""
        fits = size <= self._left
        self._left -= size if fits else 0
        return fits


_FRAME: Final = 300_000
"""Characters of a document besides its rows and what is folded: style, scripts, headings."""
_ROW: Final = 600
"""Characters of a row besides its texts."""


def _list_size(reports: Sequence[ReportModel]) -> int:
    drift = (len(sentence) for each in reports if each.expectation for sentence in each.expectation.drift)
    return _FRAME + _ROW * len(reports) + sum(drift)


def _inside(reports: Iterable[ReportModel], kept: FoldedReports, room: _Room) -> Iterator[Folded]:
    for report in reports:
        each = kept.by_place.get(report.artifacts.get("folder", ""))
        if each is not None and room.takes(len(each.packed) + 100):
            yield each


def _pictures(inside: Iterable[Folded], folder: Path, room: _Room) -> Iterator[tuple[str, Markup]]:
    """The pictures by what stands for them, as many as there is room for."""
    for each in inside:
        files = Pictures(folder / each.place)
        for file in each.pictures:
            uri, key = files.uri(file), local_href(f"{each.place}/{file}")
            if uri is not None and key is not None and room.takes(len(uri) + len(key) + 60):
                yield key, uri


def _row(report: ReportModel, places: set[str]) -> Row:
    place = report.artifacts.get("folder", "")
    return Row(report, local_href(f"{place}/{INDEX}"), place if place in places else "")
