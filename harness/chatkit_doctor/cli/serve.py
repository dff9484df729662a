"""``chatkit-doctor serve URL|SCENARIO``: use the page yourself, and see beside it what happens."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from chatkit_doctor.cli.options import (
    REPORTS,
    BackendOptions,
    BrowserOptions,
    OutputOption,
    SecretOption,
    SessionOptions,
    ShowOptions,
    StrictOption,
)
from chatkit_doctor.cli.output import announce, finish, reporters
from chatkit_doctor.cli.page_options import PageOptions
from chatkit_doctor.errors import UsageError

if TYPE_CHECKING:
    from chatkit_doctor.results import SessionResult


def serve(
    talk: BackendOptions,
    session: SessionOptions,
    browser: BrowserOptions,
    visit: PageOptions,
    show: ShowOptions,
    target: Annotated[
        str,
        typer.Argument(
            metavar="URL|SCENARIO",
            help="Your page, your ChatKit endpoint, or a scenario by name or file.",
        ),
    ],
    headless: Annotated[
        bool, typer.Option("--headless", help="Open no window: a program uses the page.")
    ] = False,
    secret: SecretOption = None,
    strict: StrictOption = False,
    output: OutputOption = REPORTS,
) -> int:
    """Open a page for you to use, and show live beside it what happens at every layer.

    The page of a scenario is opened with its backend, and nothing is done there. Ctrl-C, closing the page, or
    the button beside it ends the session, which is then judged and reported like any other.
    """
    from chatkit_doctor.browser.login import require_display
    from chatkit_doctor.browser.setup_file import load_setup
    from chatkit_doctor.cli.process import carried_out
    from chatkit_doctor.live import session as live_session
    from chatkit_doctor.live.chosen import Visit
    from chatkit_doctor.report.wording import exit_code

    if talk.message or not (visit.send and visit.reload):
        raise UsageError(
            "serve sends and loads nothing by itself",
            where="serve",
            hint="Omit --message, --no-send and --no-reload; they belong to check.",
        )
    if not headless and browser.connect is None:
        require_display("serve", "Use a machine that has a display, or --headless with a program.")
    seen = replace(browser, headed=not headless)
    shown = reporters(show)

    async def served(*, stop: asyncio.Event) -> SessionResult:
        how = Visit(
            headers=talk.headers,
            clicks=tuple(visit.click or ()),
            setup=None if visit.setup is None else load_setup(visit.setup),
            visitor_for=partial(visit.visitor, headers=talk.headers),
            browser_for=partial(seen.provider_for, slow_mo_ms=visit.slow_mo, fills_window=not headless),
        )
        return await live_session.serve(
            target,
            visit=how,
            turn_limit_s=talk.turn_timeout,
            runtime=session.runtime,
            motion=session.motion,
            secrets=secret or (),
            strict=strict,
            output=output,
            subscribers=shown,
            opened=lambda url: announce(f"Live: {url} (closing the page ends the session)", show),
            stop=stop,
        )

    result = carried_out(served)
    finish(result, show)
    return exit_code(result.report)
