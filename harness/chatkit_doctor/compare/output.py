"""Writing a comparison: ``report.json`` and ``index.html`` with both timelines side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from chatkit_doctor.compare.events import CompareEvent, ComparisonFinished
from chatkit_doctor.compare.model import ComparisonModel
from chatkit_doctor.compare.wording import fact, figure, standing
from chatkit_doctor.report.document import write_page
from chatkit_doctor.report.folder import link_latest
from chatkit_doctor.report.json_output import as_json, print_json


class CompareFiles:
    """Writes the answer into its folder, and points ``latest`` to it if the comparison ended."""

    def on_event(self, event: CompareEvent) -> None:
        """Write the answer, once it is there."""
        if isinstance(event, ComparisonFinished):
            write(event.comparison, event.directory)
            if not event.interrupted:
                link_latest(event.directory)

    def close(self) -> None:
        """Nothing is left open."""


class CompareJson:
    """Prints the answer as one object and nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def on_event(self, event: CompareEvent) -> None:
        """Print the answer, once it is there."""
        if isinstance(event, ComparisonFinished):
            print_json(as_json(event.comparison), self._stream)

    def close(self) -> None:
        """Nothing is left open."""


def write(comparison: ComparisonModel, folder: Path) -> Path:
    """Write both outputs into a folder; returns the path of the document."""
    (folder / "report.json").write_text(as_json(comparison), encoding="utf-8")
    return write_compare_html(comparison, folder)


def write_compare_html(comparison: ComparisonModel, folder: Path) -> Path:
    """Write the document that a user reads."""
    left, right = str(comparison.left.get("name", "")), str(comparison.right.get("name", ""))
    return write_page(
        folder,
        "compare.html.j2",
        comparison=comparison,
        left="one run" if comparison.itself else left,
        right="another run" if comparison.itself else right,
        title=f"{left} against itself" if comparison.itself else f"{left} and {right}",
        headline=fact(comparison),
        standing=standing,
        figure=figure,
    )
