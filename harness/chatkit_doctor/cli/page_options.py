"""Options for a user's own page: how the chat is reached, in which window, and logged in by what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatkit_doctor.cli.groups import OptionGroup
from chatkit_doctor.errors import UsageError
from chatkit_doctor.origins import origin_of
from chatkit_doctor.scenario.forbidden_headers import is_forbidden

if TYPE_CHECKING:
    from chatkit_doctor.browser.visitor import Cookie, Credentials, Visitor


@dataclass(frozen=True, slots=True)
class PageOptions(OptionGroup):
    """How a user's own page is examined."""

    click: Annotated[
        list[str] | None,
        typer.Option(
            "--click",
            help="Your page: selector of an element to click to open the chat. Repeatable, in order.",
        ),
    ] = None
    send: Annotated[
        bool, typer.Option("--send/--no-send", help="Your page: with --no-send, load it but send nothing.")
    ] = True
    reload: Annotated[
        bool, typer.Option("--reload/--no-reload", help="Your page: reload it, and send another message.")
    ] = True
    device: Annotated[
        str | None, typer.Option("--device", help="Your page: emulate a device, such as 'iPhone 15'.")
    ] = None
    viewport: Annotated[
        str | None,
        typer.Option("--viewport", help="Your page: viewport WIDTHxHEIGHT in CSS pixels; default 1280x720."),
    ] = None
    slow_mo: Annotated[
        float, typer.Option("--slow-mo", min=0, help="Your page: milliseconds to wait after each action.")
    ] = 0
    ignore_https_errors: Annotated[
        bool,
        typer.Option("--ignore-https-errors", help="Your page: accept any certificate."),
    ] = False

    storage_state: Annotated[
        Path | None,
        typer.Option("--storage-state", help="Your page: a login saved with `login --save`."),
    ] = None
    cookie: Annotated[
        list[str] | None,
        typer.Option("--cookie", help="Your page: a cookie NAME=VALUE for its URL. Repeatable."),
    ] = None
    header_to: Annotated[
        list[str] | None,
        typer.Option(
            "--header-to",
            help="Your page: an origin to send --header to, instead of the page's own. Repeatable.",
        ),
    ] = None
    http_credentials: Annotated[
        str | None,
        typer.Option("--http-credentials", help="Your page: USER:PASSWORD for HTTP authentication."),
    ] = None
    setup: Annotated[
        Path | None,
        typer.Option(
            "--setup", help="Your page: a file with `async def setup(page)` to run first, such as a login."
        ),
    ] = None

    @property
    def given(self) -> dict[str, object]:
        """What of these was requested, by the options' names."""
        return {
            f"--{'' if value is not False else 'no-'}{field.name.replace('_', '-')}": value
            for field in fields(self)
            if (value := getattr(self, field.name)) != field.default
        }

    def visitor(self, url: str, headers: Mapping[str, str]) -> Visitor:
        """Who comes to the page at a URL. Raises UsageError for what makes no sense."""
        from chatkit_doctor.browser.storage_state import read_state
        from chatkit_doctor.browser.visitor import Visitor

        cookies, sent = _apart(headers)
        origin = str(origin_of(url))
        return Visitor(
            device=self.device or "",
            viewport=None if self.viewport is None else _size(self.viewport),
            ignore_https_errors=self.ignore_https_errors,
            storage_state=None if self.storage_state is None else read_state(self.storage_state),
            cookies=tuple(_cookie(text, url) for text in (*cookies, *(self.cookie or ()))),
            headers=dict.fromkeys(self._origins() or [origin], sent) if sent else {},
            credentials=None
            if self.http_credentials is None
            else _credentials(self.http_credentials, origin),
        )

    def _origins(self) -> list[str]:
        """The origins that headers go to, beside none but which they go nowhere."""
        found = [(text, origin_of(text)) for text in self.header_to or ()]
        for text, origin in found:
            if origin is None or origin.scheme not in {"http", "https"}:
                raise UsageError(
                    "this is not an origin",
                    where=f"--header-to {text}",
                    hint="For example http://localhost:8000",
                )
        return [str(origin) for _, origin in found]


def _apart(headers: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Cookies and other headers: a page has no way to send the first, a browser has its own.

    Raises UsageError for what a browser lets nobody set.
    """
    cookies: list[str] = []
    others: dict[str, str] = {}
    for name, value in headers.items():
        if name.lower() == "cookie":
            cookies += [pair.strip() for pair in value.split(";") if pair.strip()]
        elif is_forbidden(name):
            raise UsageError(f"the header {name!r} cannot be set: browsers control it", where="--header")
        else:
            others[name] = value
    return cookies, others


def _cookie(text: str, url: str) -> Cookie:
    from chatkit_doctor.browser.visitor import Cookie

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        # Without the text itself: it may be the secret.
        raise UsageError("a cookie must have the form NAME=VALUE", where="--cookie")
    return Cookie(name.strip(), value.strip(), url)


def _credentials(text: str, origin: str) -> Credentials:
    from chatkit_doctor.browser.visitor import Credentials

    user, colon, password = text.partition(":")
    if not colon or not user:
        raise UsageError("credentials must have the form USER:PASSWORD", where="--http-credentials")
    return Credentials(user, password, origin)


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d{2,5})\s*[xX,]\s*(\d{2,5})\s*", text)
    if match is None:
        raise UsageError("a viewport must have the form WIDTHxHEIGHT", where=f"--viewport {text}")
    return int(match[1]), int(match[2])
