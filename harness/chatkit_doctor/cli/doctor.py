"""``chatkit-doctor doctor``: what is here, what is missing, and the next step."""

from __future__ import annotations

import sys

from rich.console import Console

from chatkit_doctor.cli.options import REPORTS, Format, FormatOption, OutputOption


def doctor(format_: FormatOption = Format.TEXT, output: OutputOption = REPORTS) -> int:
    """Say what is here, what is missing, and what to type next; * marks what a check takes.

    Exit code 0 when a check could be made now, 2 when something is missing that it needs. Nothing is changed,
    and nothing is sent but one request for chatkit.js, which is abandoned after 3 s.
    """
    from chatkit_doctor.doctor.examine import examine
    from chatkit_doctor.doctor.terminal import print_machine
    from chatkit_doctor.report.json_output import as_json, print_json

    machine = examine(output)
    if format_ is Format.JSON:
        print_json(as_json(machine), sys.stdout)
    else:
        print_machine(machine, Console(highlight=False))
    return 0 if machine.ready else 2
