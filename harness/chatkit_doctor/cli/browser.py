"""``chatkit-doctor browser (list | where | install)``: the browsers of this machine."""

from __future__ import annotations

import json

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chatkit_doctor.browser.find import find_each, require
from chatkit_doctor.browser.install import install
from chatkit_doctor.cli.options import ChannelOption, Format, FormatOption

app = typer.Typer(help="The browsers of this machine.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def show(format_: FormatOption = Format.TEXT) -> int:
    """List the browsers that are found here, the preferred one first."""
    rows = [
        {"channel": each.name, "version": each.version(), "executable": str(each.executable)}
        for each in find_each()
    ]
    if format_ is Format.JSON:
        typer.echo(json.dumps(rows, indent=2))
        return 0
    table = Table(*(rows[0] if rows else ()), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(value or "does not start") for value in row.values()))
    Console(highlight=False).print(
        table if rows else "none; run `chatkit-doctor browser install` to download one"
    )
    return 0


@app.command("where")
def where(browser_channel: ChannelOption = None) -> int:
    """Print the executable that is used; exit code 2 when there is none, or none that can be driven."""
    typer.echo(require(browser_channel).executable)
    return 0


@app.command("install")
def bring() -> int:
    """See to it that there is a browser: where none is found, Playwright's Chromium is downloaded."""
    found = install(typer.echo)
    typer.echo(f"Browser: {found.executable} ({found.how})")
    return 0
