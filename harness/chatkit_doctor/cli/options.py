"""Options that several verbs share, named as Playwright and pytest-playwright name them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from chatkit_doctor.cli.groups import OptionGroup
from chatkit_doctor.errors import UsageError

if TYPE_CHECKING:
    from chatkit_doctor.browser.choose import BrowserChoice
    from chatkit_doctor.browser.provider import BrowserProvider
    from chatkit_doctor.browser.visitor import Visitor


class Format(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"


class ReportFormat(StrEnum):
    """How a report is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"


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


ChannelOption = Annotated[
    str | None,
    typer.Option("--browser-channel", help="An installed browser: chrome, chromium, msedge, playwright."),
]


@dataclass(frozen=True, slots=True)
class BrowserOptions(OptionGroup):
    """Which browser sessions run in."""

    browser: Annotated[BrowserKind, typer.Option("--browser", help="The browser engine.")] = (
        BrowserKind.CHROMIUM
    )
    browser_channel: ChannelOption = None
    executable: Annotated[
        Path | None, typer.Option("--executable", help="Path of a browser executable.", dir_okay=False)
    ] = None
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser.")] = False
    connect: Annotated[
        str | None,
        typer.Option(
            "--connect",
            help="A running browser: http://HOST:PORT (remote debugging) or ws://… (Playwright server).",
        ),
    ] = None

    def provider(self) -> BrowserProvider:
        """Where the browser comes from. Raises BrowserError when there is no such browser."""
        from chatkit_doctor.browser.warm import WarmProfile

        if self.connect is not None:
            from chatkit_doctor.browser.remote import RemoteBrowser

            return RemoteBrowser(self.connect, self.browser)
        return WarmProfile(self.choice())

    def provider_for(
        self, visitor: Visitor | None, *, slow_mo_ms: float, fills_window: bool = False
    ) -> BrowserProvider:
        """Where the browser for a user's own page comes from. Raises BrowserError and UsageError."""
        from chatkit_doctor.browser.fresh import FreshContext

        if self.connect is not None:
            from chatkit_doctor.browser.remote import RemoteBrowser

            return RemoteBrowser(self.connect, self.browser, visitor, slow_mo_ms)
        return FreshContext(self.choice(), visitor, slow_mo_ms, fills_window)

    def choice(self) -> BrowserChoice:
        """The browser of this machine that is requested. Raises BrowserError when there is none."""
        from chatkit_doctor.browser.choose import choose_browser

        executable = str(self.executable) if self.executable else None
        return choose_browser(
            self.browser, channel=self.browser_channel, executable=executable, headed=self.headed
        )


@dataclass(frozen=True, slots=True)
class SessionOptions(OptionGroup):
    """How each session in a browser is carried out."""

    runtime: Annotated[
        RuntimeChoice | None,
        typer.Option(
            "--runtime", help="Which chatkit.js to use; by default the most authentic one available."
        ),
    ] = None
    motion: Annotated[
        bool, typer.Option("--motion", help="Keep the component's animations, as most users see it.")
    ] = False
    tracing: Annotated[Tracing, typer.Option("--tracing", help="Save a Playwright trace.")] = Tracing.ON

    @property
    def trace(self) -> bool:
        """Whether a trace is kept."""
        return self.tracing is Tracing.ON


@dataclass(frozen=True, slots=True)
class BackendOptions(OptionGroup):
    """How a user's own backend is talked to."""

    header: Annotated[
        list[str] | None,
        typer.Option(
            "--header", help="'Name: value', added to requests to your backend or page. Repeatable."
        ),
    ] = None
    message: Annotated[
        list[str] | None, typer.Option("--message", help="A message to send, one per turn. Repeatable.")
    ] = None
    turn_timeout: Annotated[
        float, typer.Option("--turn-timeout", help="Time limit of a turn, in seconds.", min=1, max=600)
    ] = 60

    @property
    def headers(self) -> dict[str, str]:
        """The headers by name. Raises UsageError for what is not a header."""
        headers: dict[str, str] = {}
        for value in self.header or ():
            name, colon, content = value.partition(":")
            if not colon or not name.strip() or any(c.isspace() for c in name.strip()):
                raise UsageError(
                    "a header must have the form 'Name: value'", where=f"--header {name.strip()!r}"
                )
            headers[name.strip()] = content.strip()
        return headers


@dataclass(frozen=True, slots=True)
class ShowOptions(OptionGroup):
    """How the answer is shown."""

    format_: Annotated[
        ReportFormat,
        typer.Option(
            "--format",
            help="json, markdown: print only the report to stdout. github: text and annotations.",
        ),
    ] = ReportFormat.TEXT
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only the verdict, the fix and the report's path.")
    ] = False
    open_: Annotated[
        bool, typer.Option("--open", help="Open the report in your browser when it is done.")
    ] = False

    @property
    def talks(self) -> bool:
        """Whether a user is told of more than the answer."""
        return self.is_text and not self.quiet

    @property
    def is_text(self) -> bool:
        """Whether stdout is for a user, and holds more than one document."""
        return self.format_ in {ReportFormat.TEXT, ReportFormat.GITHUB}


SHORTEST_S: Final = 5
"""Seconds in which a run can at least begin and end."""
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Exit with code 1 on warnings too. The verdict does not change.")
]
ExpectedOption = Annotated[
    Path | None,
    typer.Option(
        "--expected",
        help="A file of known failures. One that no longer fails, or fails differently, is a failure too.",
        dir_okay=False,
    ),
]
OutputOption = Annotated[Path, typer.Option("--output", help="The folder for reports.", file_okay=False)]
ExportOption = Annotated[
    Path | None,
    typer.Option(
        "--export-repair",
        help="A new folder for the repaired conversation: a scenario, and a server that plays it.",
        file_okay=False,
    ),
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="json: print only the report object to stdout.")
]
SecretOption = Annotated[
    list[str] | None,
    typer.Option("--secret", help="Text that must not appear in any artifact. Repeatable."),
]
TimeoutOption = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        help="Time limit of the whole run in seconds, including diagnosis and clean-up.",
        min=SHORTEST_S,
        show_default="what the steps may take",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, help="Number of parallel sessions; by default, as many as the machine can handle."
    ),
]
REPORTS = Path("reports")
"""Where reports are written by default."""
