"""``chatkit-doctor explain WHAT``: what an id, an event's name or an error means, with examples."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from chatkit_doctor.cli.options import Format, FormatOption


def explain(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="ID",
            help="A cause, symptom or event, as shown by `list`; the name of another API's event; or text "
            "copied from a screen, a console or a log.",
        ),
    ],
    format_: FormatOption = Format.TEXT,
) -> int:
    """Say what it looks like, what the component does with it, and what to send instead."""
    from chatkit_doctor.explain.lookup import explain as explanation_of
    from chatkit_doctor.explain.terminal import print_explanation
    from chatkit_doctor.report.json_output import as_json, print_json

    explanation = explanation_of(" ".join(what))
    if format_ is Format.JSON:
        print_json(as_json(explanation), sys.stdout)
    else:
        print_explanation(explanation, Console(highlight=False))
    return 0
