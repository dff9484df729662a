"""The verbs and their options, as Typer has to see them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperGroup

from chatkit_doctor.cli import (
    audit,
    browser,
    check,
    doctor,
    explain,
    lint,
    login,
    mcp,
    report,
    run,
    runtime,
    schema,
    serve,
)
from chatkit_doctor.cli.groups import with_groups
from chatkit_doctor.cli.list import show
from chatkit_doctor.version import __version__

VERBS: Final = frozenset({"check", "lint", "run"})
"""The verbs that fall back on a project's settings for options not given on the command line."""
_ADDRESS: Final = re.compile(r"https?://|localhost([:/]|$)|[\w.-]+:\d+(/|$)", re.IGNORECASE)


def _exit(status: object, **_options: object) -> None:
    """A verb's answer becomes the exit code of the process."""
    raise typer.Exit(status if isinstance(status, int) else 0)


class Verbs(TyperGroup):
    """The verbs; a URL in place of one is what ``check`` looks at."""

    # Typer has a Click of its own, whose types have no public names.
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that is meant, and what is left for it."""
        given = ["check", *args] if args and _ADDRESS.match(args[0]) else args
        name, verb, rest = super().resolve_command(ctx, given)
        if name in VERBS and not {"-h", "--help"} & set(rest):
            from chatkit_doctor.cli.settings import defaults

            ctx.default_map = {name: defaults(name, rest, Path.cwd())}
        return name, verb, rest


app = typer.Typer(
    name="chatkit-doctor",
    cls=Verbs,
    help="Find out at which layer a ChatKit message was lost, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    result_callback=_exit,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(with_groups(run.run))
app.command("check")(with_groups(check.check))
app.command("serve")(with_groups(serve.serve))
app.command("login")(login.login)
app.command("lint")(with_groups(lint.lint))
app.command("audit")(with_groups(audit.audit))
app.command("list")(show)
app.command("report")(with_groups(report.report))
app.command("explain")(explain.explain)
app.command("schema")(schema.schema)
app.command("doctor")(doctor.doctor)
app.command("mcp")(mcp.mcp)
app.add_typer(runtime.app, name="runtime")
app.add_typer(browser.app, name="browser")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"chatkit-doctor {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Find out at which layer a ChatKit message was lost, and why."""
