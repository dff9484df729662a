"""The command line: ``chatkit-doctor VERB``. An error a person can meet is one message and exit code 2."""

from __future__ import annotations

import gc
import sys
from typing import Final

import typer
from rich.console import Console
from rich.text import Text

from chatkit_doctor.cli import audit, browser, check, explain, lint, run, runtime
from chatkit_doctor.cli.groups import with_groups
from chatkit_doctor.cli.list import show
from chatkit_doctor.errors import DoctorError
from chatkit_doctor.version import __version__

UNABLE: Final = 2
"""Exit code of a command that could not do what it was asked for."""
SWITCH_S: Final = 0.0005
"""How long one thread may go on while another waits, in place of Python's own 5 ms: what imports, judges or
writes in a thread must not hold up what arrives meanwhile, because its time of arrival is a finding."""


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
app.command("lint")(with_groups(lint.lint))
app.command("audit")(audit.audit)
app.command("list")(show)
app.command("explain")(explain.explain)
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


def main() -> None:
    """Entry point of the command. Exit codes: 0 pass, 1 fail, 2 inconclusive or unable to run."""
    # The process is the command's own. The API changes nothing that other code in a process could notice.
    sys.setswitchinterval(SWITCH_S)
    try:
        app()
    except DoctorError as error:
        _explain(error)
        sys.exit(UNABLE)
    finally:
        # The process is over: looking through all modules for what could be freed would take 0.2 s more.
        gc.freeze()


def _explain(error: DoctorError) -> None:
    console = Console(stderr=True)
    head = Text("Error: ", style="bold red")
    head.append(error.headline, style="default")
    console.print(head, soft_wrap=True)
    if error.advice:
        console.print(Text(error.advice), soft_wrap=True)


if __name__ == "__main__":
    main()
