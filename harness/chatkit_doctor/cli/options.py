"""Options that several verbs share, named as Playwright and pytest-playwright name them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.errors import UsageError


class Format(StrEnum):
    """How the answer is printed."""

    TEXT = "text"
    JSON = "json"


class RuntimeChoice(StrEnum):
    """Which chatkit.js to use."""

    CDN = "cdn"
    SNAPSHOT = "snapshot"
    REFERENCE = "reference"


class BrowserKind(StrEnum):
    """Which engine to use."""

    CHROMIUM = "chromium"
    FIREFOX = "firefox"
    WEBKIT = "webkit"


class Tracing(StrEnum):
    """Whether a Playwright trace is kept."""

    ON = "on"
    OFF = "off"


RuntimeOption = Annotated[
    RuntimeChoice | None,
    typer.Option("--runtime", help="Which chatkit.js to use; the most real one that can be had by default."),
]
BrowserOption = Annotated[BrowserKind, typer.Option("--browser", help="The browser engine.")]
ChannelOption = Annotated[
    str | None,
    typer.Option("--browser-channel", help="An installed browser: chrome, chromium, msedge, playwright."),
]
ExecutableOption = Annotated[
    Path | None, typer.Option("--executable", help="A browser by its path.", dir_okay=False)
]
HeadedOption = Annotated[bool, typer.Option("--headed", help="Show the browser.")]
MotionOption = Annotated[
    bool, typer.Option("--motion", help="With the component's animations, as most people see it.")
]
TracingOption = Annotated[Tracing, typer.Option("--tracing", help="Keep a Playwright trace.")]
OutputOption = Annotated[Path, typer.Option("--output", help="Where reports are written.", file_okay=False)]
FormatOption = Annotated[
    Format, typer.Option("--format", help="json: the report object on stdout, and nothing else.")
]
HeaderOption = Annotated[
    list[str] | None, typer.Option("--header", help="'Name: value', added to every request. Repeatable.")
]
MessageOption = Annotated[
    list[str] | None, typer.Option("--message", help="What to send; one turn each. Repeatable.")
]
TimeoutOption = Annotated[float, typer.Option("--timeout", help="Seconds one turn may take.", min=1, max=600)]
SecretOption = Annotated[
    list[str] | None,
    typer.Option("--secret", help="A text that must not appear in any artifact. Repeatable."),
]


def parse_headers(values: list[str] | None) -> dict[str, str]:
    """``Name: value`` strings as a mapping. Raises UsageError for anything else."""
    headers: dict[str, str] = {}
    for value in values or ():
        name, colon, content = value.partition(":")
        if not colon or not name.strip() or any(c.isspace() for c in name.strip()):
            raise UsageError("a header is written as 'Name: value'", where=f"--header {name.strip()!r}")
        headers[name.strip()] = content.strip()
    return headers
