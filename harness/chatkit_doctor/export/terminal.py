"""Says what was exported, with the one command that starts it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from chatkit_doctor.errors import NotExportedError
from chatkit_doctor.export.exporter import Export
from chatkit_doctor.safe_text import one_line, printable


def tell(exports: Sequence[Export], console: Console) -> None:
    """A few lines for each session. Raises NotExportedError where the only one cannot be exported."""
    if len(exports) == 1 and exports[0].is_refused:
        raise NotExportedError(f"nothing was exported: {exports[0].why}")
    for export in exports:
        named = f"{one_line(export.session, 200)}: " if len(exports) > 1 else ""
        for line in _lines(export):
            console.print(Text(printable(f"{named}{line}")), soft_wrap=True)


def _lines(export: Export) -> list[str]:
    if export.folder is None:
        return [f"Nothing was exported: {export.why}."]
    lines = [
        f"The repaired conversation is in {export.folder} (README.md says what each file is).",
        f"  {export.scenario_command}",
    ]
    return [*lines, f"  {export.server_command}" if export.server_command else f"  No server: {export.why}."]
