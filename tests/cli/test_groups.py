"""Options that several verbs share are declared once, and are options like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import pytest
import typer
from typer.testing import CliRunner

from chatkit_doctor.cli.app import app
from chatkit_doctor.cli.groups import OptionGroup, with_groups

BROWSER_OPTIONS: Final = ("--browser", "--browser-channel", "--executable", "--headed", "--connect")


@dataclass(frozen=True, slots=True)
class Colours(OptionGroup):
    """A group of two options."""

    ink: Annotated[str, typer.Option("--ink", help="Of the text.")] = "black"
    paper: Annotated[str, typer.Option("--paper", help="Behind it.")] = "white"


def shown(*arguments: str) -> str:
    """What a verb with such a group prints."""

    def paint(what: Annotated[str, typer.Argument()], colours: Colours, twice: bool = False) -> int:
        typer.echo(f"{what} {colours.ink} {colours.paper} {twice}")
        return 0

    made = typer.Typer()
    made.command()(with_groups(paint))
    result = CliRunner().invoke(made, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output.strip()


def test_a_verb_is_given_the_group_with_its_defaults() -> None:
    assert shown("a wall") == "a wall black white False"


def test_the_options_of_a_group_are_options_of_the_verb() -> None:
    assert shown("a wall", "--paper", "grey", "--twice") == "a wall black grey True"


def test_the_help_tells_each_option_of_a_group() -> None:
    help_ = shown("--help")
    assert all(word in help_ for word in ("--ink", "Of the text.", "--paper", "Behind it.", "--twice"))


@pytest.mark.parametrize("verb", [["run"], ["check"], ["runtime", "compare"]])
def test_every_verb_that_starts_a_browser_takes_the_same_options(verb: list[str]) -> None:
    result = CliRunner().invoke(app, [*verb, "--help"], env={"COLUMNS": "200"})
    assert [option for option in BROWSER_OPTIONS if option not in result.output] == []
