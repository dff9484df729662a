"""The verbs and their options, as Typer has to see them."""

from __future__ import annotations

import typer

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


def _exit(status: object, **_options: object) -> None:
    """A verb's answer becomes the exit code of the process."""
    raise typer.Exit(status if isinstance(status, int) else 0)


app = typer.Typer(
    name="chatkit-doctor",
    help="Says at which layer a ChatKit message was lost, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
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
    """Says at which layer a ChatKit message was lost, and why."""
