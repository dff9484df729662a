"""The user that opens a chat: the arguments of a browser context, as in pytest-playwright."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

import pytest

from chatkit_doctor.browser.fresh import ContextBrowser
from chatkit_doctor.browser.provider import OpenBrowser
from chatkit_doctor.browser.storage_state import read_state
from chatkit_doctor.browser.visitor import VIEWPORT, ContextOptions, Credentials, Visitor
from chatkit_doctor.origins import origin_of
from chatkit_doctor.pytest_plugin.launch import warn_of

ARGS: Final = "browser_context_args"
"""The fixture and the mark of pytest-playwright."""
_ELSEWHERE: Final = frozenset({"base_url", "extra_http_headers"})
"""Context arguments that apply to one origin and are not passed to the context."""
_IGNORED: Final = frozenset({"record_video_dir", "record_video_size", "default_browser_type"})
"""Arguments set implicitly by ``--video`` and devices: a session has its own film and browser."""
_LOGINS: Final = frozenset({"storage_state", "http_credentials"})


@dataclass(frozen=True, slots=True)
class Guest:
    """The context arguments that a session supports."""

    base_url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    options: ContextOptions = field(default_factory=ContextOptions)
    visitor: Visitor | None = None
    """The visitor of a user's own page; None on the built-in page, which needs no login."""

    def at(self, url: str, headers: Mapping[str, str]) -> Guest:
        """The same for a user's own page: headers and passwords are sent to its origin only."""
        origin = str(origin_of(url) or "")
        options = self.options
        credentials = None
        if asked := options.get("http_credentials"):
            credentials = Credentials(asked["username"], asked["password"], asked.get("origin") or origin)
            options = cast(
                "ContextOptions",
                {**options, "http_credentials": {**asked, "origin": credentials.origin}},
            )
        visitor = Visitor(
            storage_state=options.get("storage_state"),
            headers={origin: dict(headers)} if headers else {},
            credentials=credentials,
        )
        return replace(self, options=options, visitor=visitor)

    def let_into(self, browser: OpenBrowser) -> OpenBrowser:
        """The browser as configured for this guest, whoever else uses it."""
        assert isinstance(browser, ContextBrowser)  # noqa: S101 - what a FreshContext opens
        device: dict[str, Any] = dict(browser.own_options)
        if self.visitor is None:
            own = {name: value for name, value in self.options.items() if name not in _LOGINS}
        else:
            width, height = VIEWPORT
            own = {"viewport": {"width": width, "height": height}, **device, **self.options}
        return replace(browser, visitor=self.visitor, own_options=cast("ContextOptions", {**device, **own}))


def guest_for(request: pytest.FixtureRequest) -> Guest:
    """The user that opens the chat of a test. Raises UsageError for a saved login that cannot be read."""
    given: dict[str, Any] = {"base_url": request.config.getoption("--base-url", None)}
    if _is_overridden(request):
        given.update(request.getfixturevalue(ARGS))
    for mark in reversed(list(request.node.iter_markers(ARGS))):
        given.update(mark.kwargs)
    settable = ContextOptions.__annotations__
    warn_of(ARGS, set(given) - set(settable) - _ELSEWHERE - _IGNORED)
    options = {name: given[name] for name in settable if given.get(name) is not None}
    if isinstance(state := options.get("storage_state"), str | Path):
        options["storage_state"] = read_state(Path(state))
    return Guest(
        base_url=given["base_url"] or "",
        headers=dict(given.get("extra_http_headers") or {}),
        options=cast("ContextOptions", options),
    )


def _is_overridden(request: pytest.FixtureRequest) -> bool:
    """Whether a project has its own version of the fixture.

    The default fixture adds nothing to the options. It is not requested unnecessarily: it starts Playwright
    on this thread, after which no coroutine test can run there.
    """
    found = request.session._fixturemanager.getfixturedefs(ARGS, request.node)  # noqa: SLF001
    return len(found or ()) > (1 if request.config.pluginmanager.has_plugin("playwright") else 0)
