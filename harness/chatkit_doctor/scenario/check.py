"""The scenario that ``check`` builds: two turns and a reload against the user's own backend."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from chatkit_doctor.errors import TargetError, UsageError
from chatkit_doctor.origins import origin_of
from chatkit_doctor.scenario.backend import UrlBackend
from chatkit_doctor.scenario.forbidden_headers import is_forbidden
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import Reload, Send

SILENCE_MS: Final = 10_000
"""A stream whose items are all done and that is silent this long is treated as never ending."""
REQUEST_MS: Final = 10_000
"""How long a message may take to leave the component: longer than usual, since nothing is known of a user's
machine, and of one that is busy a message would be said to be ignored that is only late."""
REFUSALS: Final = 2
"""Refused responses in a row after which the component's further attempts are not awaited."""
MESSAGES: Final = ("Hello", "And once more")
"""Sent when nothing else is requested; colliding ids show only from the second turn on."""
CONNECT_LIMIT_S: Final = 3.0


def backend_check(
    url: str,
    headers: Mapping[str, str],
    messages: Sequence[str],
    *,
    turn_ms: int = 60_000,
    patient: bool = False,
    domain_key: str | None = None,
) -> NamedScenario:
    """One turn for each message, then a reload. ``patient`` waits for the end of each turn, predicted or not.

    The component checks ``domain_key`` with OpenAI unless page and API are both on localhost (measured).
    Raises UsageError for something that is no HTTP URL, and for a header that no page can set.
    """
    if http_parts(url) is None:
        raise UsageError(
            "this is not an http(s) URL",
            where=f"--backend {url}",
            hint="For example http://localhost:8000/chatkit",
        )
    if refused := [name for name in headers if is_forbidden(name)]:
        raise UsageError(
            f"pages cannot set the header {refused[0]!r}: browsers control it",
            where=f"--header {refused[0]!r}",
            hint="For your own page (check --page URL), set cookies with --cookie.",
        )
    scenario = Scenario(
        title=f"Your backend at {url}",
        page=PageSetup(
            remember_thread=True, options={"api": {"domainKey": domain_key}} if domain_key else {}
        ),
        backend=UrlBackend(kind="url", url=url, headers=dict(headers)),
        steps=[*(Send(text=message) for message in messages or MESSAGES), Reload()],
        limits=limits(turn_ms, patient=patient),
    )
    return NamedScenario("check", Path(), scenario)


def limits(turn_ms: int, *, patient: bool) -> Limits:
    """How long a check waits: for what is predicted only if it is ``patient``."""
    if patient:
        return Limits(turn=turn_ms, request=REQUEST_MS)
    return Limits(turn=turn_ms, request=REQUEST_MS, silence=SILENCE_MS, refusals=REFUSALS)


def http_parts(url: str) -> SplitResult | None:
    """The parts of a URL that can be asked for; None for any other text."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        is_usable = parts.scheme in {"http", "https"} and bool(host) and parts.port != -1
    except ValueError:
        return None
    return parts if is_usable and url.isprintable() and " " not in parts.netloc else None


def require_reachable(url: str) -> None:
    """Raises TargetError when nothing answers at the host and port of a URL, within 3 s."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise UsageError(f"the URL has no usable port: {error}", where=f"--backend {url}") from error
    try:
        socket.create_connection((host, port), timeout=CONNECT_LIMIT_S).close()
    except ConnectionRefusedError as error:
        raise TargetError(
            f"nothing listens on port {port} of {host}",
            where=url,
            hint="Start your backend, or correct the URL.",
        ) from error
    except TimeoutError as error:
        raise TargetError(
            f"{host}:{port} did not respond within {CONNECT_LIMIT_S:.0f} s",
            where=url,
            hint="Is there a firewall in between?",
        ) from error
    except OSError as error:
        raise TargetError(f"{host} cannot be reached: {error.strerror or error}", where=url) from error


def served_origin(origin: str | None) -> str:
    """The loopback origin of the host page as browsers write it; empty (the host's own) when none is given.

    Raises UsageError for another origin.
    """
    if origin is None:
        return ""
    parts = http_parts(origin)
    if parts is None or parts.scheme != "http" or parts.hostname != "localhost" or not parts.port:
        raise UsageError(
            "the host page can only be served from http://localhost:PORT",
            where=f"--origin {origin}",
            hint="Use your frontend's development port, for which your backend allows CORS.",
        )
    return str(origin_of(origin))
