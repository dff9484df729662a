"""Where a verb's answer goes: people read the terminal, programs read stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console

from chatkit_doctor.cli.options import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatkit_doctor.compare.events import CompareSubscriber
    from chatkit_doctor.export.exporter import Export
    from chatkit_doctor.report.subscriber import Subscriber


def reporters(format_: Format, *, many: bool = False) -> list[Subscriber]:
    """Who shows a run as it goes and ends. With JSON, stdout gets one object, and nothing else is said.

    ``many``: the answer is that of a run of scenarios, and not that of its only session.
    """
    if format_ is Format.JSON:
        from chatkit_doctor.report.json_output import JsonOutput

        return [JsonOutput(sys.stdout, many=many)]
    from chatkit_doctor.report.console import ConsoleReporter

    return [ConsoleReporter(Console(highlight=False), many=many)]


def say(sentence: str) -> None:
    """Tell a person something before a run begins."""
    from rich.text import Text

    from chatkit_doctor.safe_text import printable

    Console(highlight=False).print(Text(printable(sentence)), soft_wrap=True)


def tell_exports(exports: Sequence[Export], format_: Format) -> None:
    """Say what was exported. Raises NotExportedError for a single session that cannot be."""
    from chatkit_doctor.export.terminal import tell

    tell(exports, Console(highlight=False, stderr=format_ is Format.JSON))


def compare_reporters(format_: Format) -> list[CompareSubscriber]:
    """Who shows a comparison as it goes and ends."""
    if format_ is Format.JSON:
        from chatkit_doctor.compare.output import CompareJson

        return [CompareJson(sys.stdout)]
    from chatkit_doctor.compare.terminal import CompareTerminal

    return [CompareTerminal(Console(highlight=False))]
