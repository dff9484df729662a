"""``chatkit-doctor list (scenarios | audits | causes | symptoms | events | operations)``: what there is."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chatkit_doctor.cli.options import Format, FormatOption
from chatkit_doctor.vocabulary import CAUSES, STREAMING_OPS, SYMPTOMS


class What(StrEnum):
    """What can be listed."""

    SCENARIOS = "scenarios"
    AUDITS = "audits"
    CAUSES = "causes"
    SYMPTOMS = "symptoms"
    EVENTS = "events"
    OPERATIONS = "operations"


def show(
    what: Annotated[What, typer.Argument(help="What to list.")] = What.SCENARIOS,
    format_: FormatOption = Format.TEXT,
) -> int:
    """List scenarios, audits, causes, symptoms, events or operations with their one-line meaning."""
    rows = _rows(what)
    if format_ is Format.JSON:
        typer.echo(json.dumps([{"id": a, "layer": b, "title": c} for a, b, c in rows], indent=2))
        return 0
    width = max((len(name) for name, _, _ in rows), default=0)
    console = Console(highlight=False)
    if not console.is_terminal:
        # One item a line, however long: programs read it.
        lines = ("  ".join(filter(None, (f"{name:<{width}}", *more))) for name, *more in rows)
        typer.echo("\n".join(lines))
        return 0
    table = Table(box=None, show_header=False, pad_edge=False)
    # An id is there to be copied: it is never shortened.
    table.add_column(min_width=width, no_wrap=True)
    for name, layer, title in rows:
        table.add_row(Text(name, style="bold"), Text(layer, style="dim"), Text(title))
    console.print(table)
    return 0


def _rows(what: What) -> list[tuple[str, str, str]]:
    match what:
        case What.SCENARIOS:
            from chatkit_doctor.scenario.select import select

            return [(named.name, "", named.scenario.title) for named in select([])]
        case What.AUDITS:
            from chatkit_doctor.audits.registry import audits

            return [(audit.id, str(audit.layer), audit.title) for audit in audits()]
        case What.CAUSES:
            return [(cause, str(layer or "-"), title) for cause, (layer, title) in CAUSES.items()]
        case What.SYMPTOMS:
            return [(symptom, "", title) for symptom, title in SYMPTOMS.items()]
        case What.EVENTS:
            from chatkit_doctor.explain.explain import explanations
            from chatkit_doctor.explain.model import Kind

            events = [e for e in explanations().values() if e.kind in {Kind.EVENT, Kind.UPDATE}]
            return [(event.id, str(event.kind), event.title) for event in events]
        case What.OPERATIONS:
            from chatkit_doctor.scenario.coverage import shown_by
            from chatkit_doctor.scenario.select import select

            shown = shown_by(named for named in select([]))
            return [
                (op, "stream" if op in STREAMING_OPS else "document", _scenarios(shown[op]))
                for op in sorted(shown)
            ]


def _scenarios(names: list[str]) -> str:
    if not names:
        return "sent in no scenario"
    return f"sent in {len(names)} scenarios, such as {names[0]}" if len(names) > 1 else f"sent in {names[0]}"
