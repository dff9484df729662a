"""``chatkit-doctor check URL``: diagnose your own page, or your own backend."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from chatkit_doctor.cli.options import (
    REPORTS,
    BackendOptions,
    BrowserOptions,
    ExpectedOption,
    ExportOption,
    OutputOption,
    SecretOption,
    SessionOptions,
    ShowOptions,
    StrictOption,
    TimeoutOption,
)
from chatkit_doctor.cli.output import finish, reporters, say
from chatkit_doctor.cli.page_options import PageOptions
from chatkit_doctor.errors import UsageError

if TYPE_CHECKING:
    from chatkit_doctor.client.page_or_endpoint import Found, Kind
    from chatkit_doctor.results import SessionResult


def check(
    talk: BackendOptions,
    session: SessionOptions,
    browser: BrowserOptions,
    visit: PageOptions,
    show: ShowOptions,
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="[URL]", help="Your page or your ChatKit endpoint; which of the two is detected."
        ),
    ] = None,
    page: Annotated[str | None, typer.Option("--page", help="The URL of your page.")] = None,
    backend: Annotated[
        str | None, typer.Option("--backend", help="The URL of your ChatKit endpoint.")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--origin", help="http://localhost:PORT your backend allows (CORS); a free port by default."
        ),
    ] = None,
    domain_key: Annotated[
        str | None,
        typer.Option(
            "--domain-key", help="The key of an allowed domain, for a backend that is not on localhost."
        ),
    ] = None,
    proof: Annotated[
        bool,
        typer.Option(
            "--proof/--no-proof",
            help="Prove the cause: replay a failed session of a backend with the fault repaired.",
        ),
    ] = True,
    patient: Annotated[
        bool,
        typer.Option("--patient", help="Wait for each turn to end, even if the outcome is already known."),
    ] = False,
    export_repair: ExportOption = None,
    secret: SecretOption = None,
    strict: StrictOption = False,
    expected: ExpectedOption = None,
    timeout: TimeoutOption = None,
    output: OutputOption = REPORTS,
) -> int:
    """Put your own page, or the real component in front of your backend, through turns and a reload.

    Your page is examined as it is: nothing in it must be changed. Of a backend two turns and a reload are
    looked at, on a page that is served for it. What is sent is told before it is sent; nothing else is.
    """
    from chatkit_doctor import api
    from chatkit_doctor.browser.setup_file import load_setup
    from chatkit_doctor.cli.process import BEGUN, carried_out
    from chatkit_doctor.client.page_or_endpoint import Kind
    from chatkit_doctor.report.wording import outcome_code

    target, kind = _target(url, page, backend)
    shown = reporters(show)

    async def checked(*, stop: asyncio.Event) -> SessionResult:
        found = await _found(target, kind, visit, show)
        if found.kind is Kind.PAGE:
            _only_for("a backend", found.url, {"--origin": origin, "--domain-key": domain_key})
            return await api.check_page(
                found.url,
                messages=talk.message or (),
                sends=visit.send,
                reload=visit.reload,
                clicks=visit.click or (),
                setup=None if visit.setup is None else load_setup(visit.setup),
                visitor=visit.visitor(found.url, talk.headers),
                browser_for=partial(browser.provider_for, slow_mo_ms=visit.slow_mo),
                turn_limit_s=talk.turn_timeout,
                patient=patient,
                limit_s=timeout,
                since=BEGUN,
                runtime=session.runtime,
                motion=session.motion,
                trace=session.trace,
                proof=proof,
                secrets=secret or (),
                strict=strict,
                expected=expected,
                export_repair=export_repair,
                output=output,
                subscribers=shown,
                stop=stop,
            )
        _only_for("a page", found.url, visit.given)
        return await api.check(
            found.url,
            messages=talk.message or (),
            headers=talk.headers,
            origin=origin,
            domain_key=domain_key,
            turn_limit_s=talk.turn_timeout,
            patient=patient,
            limit_s=timeout,
            since=BEGUN,
            runtime=session.runtime,
            browser=browser.provider(),
            motion=session.motion,
            trace=session.trace,
            proof=proof,
            export_repair=export_repair,
            secrets=secret or (),
            strict=strict,
            expected=expected,
            output=output,
            subscribers=shown,
            stop=stop,
        )

    result = carried_out(checked, limit_s=timeout)
    finish(result, show)
    return outcome_code(result.report)


def _target(url: str | None, page: str | None, backend: str | None) -> tuple[str, Kind | None]:
    """What is to be looked at, and what it is said to be. Raises UsageError unless it is one thing."""
    from chatkit_doctor.client.page_or_endpoint import Kind

    named = [
        (given, kind)
        for given, kind in ((url, None), (page, Kind.PAGE), (backend, Kind.ENDPOINT))
        if given is not None
    ]
    if len(named) != 1:
        raise UsageError(
            "pass exactly one URL" if named else "no URL was given",
            where="check",
            hint="Say `check URL`, `check --page URL` or `check --backend URL`.",
        )
    return named[0]


async def _found(target: str, kind: Kind | None, visit: PageOptions, show: ShowOptions) -> Found:
    """What a URL leads to, which is told where someone reads it."""
    from chatkit_doctor.client.page_or_endpoint import Found, Kind, find_out

    if kind is Kind.ENDPOINT and "://" in target:
        return Found(target, kind, "as requested")
    found = await find_out(target, kind=kind, verify=not visit.ignore_https_errors)
    if show.talks:
        what = "your page" if found.kind is Kind.PAGE else "a ChatKit endpoint"
        say(f"Treating {found.url} as {what}: {found.why}.")
    return found


def _only_for(what: str, url: str, given: Mapping[str, object]) -> None:
    """Raises UsageError for options that make no sense here: nothing that was requested is dropped."""
    names = [name for name, value in given.items() if value is not None]
    if names:
        raise UsageError(f"{' and '.join(names)} can only be used with {what}", where=url)
