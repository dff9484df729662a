"""Builds the session of a test from its settings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import pytest

from chatkit_doctor.browser.session import SessionOptions
from chatkit_doctor.browser.target import Address, Target
from chatkit_doctor.engine.page_for_backend import host_page_for
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.errors import UsageError
from chatkit_doctor.pytest_plugin.browsers import Browsers
from chatkit_doctor.pytest_plugin.guest import Guest, guest_for
from chatkit_doctor.pytest_plugin.launch import launch_for
from chatkit_doctor.pytest_plugin.served import Apps
from chatkit_doctor.pytest_plugin.session import Session, Task
from chatkit_doctor.pytest_plugin.settings import Settings, keeps_trace, proves_of, reports_of, settings_of
from chatkit_doctor.recording.redaction import maskable
from chatkit_doctor.scenario.check import backend_check, http_parts, require_reachable
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.page_check import page_check

BACKEND: Final = "chatkit_backend"


def session_for(request: pytest.FixtureRequest, browsers: Browsers, apps: Apps) -> Session:
    """The session of a test, not opened yet.

    Raises UsageError for conflicting settings, and if no target is given.
    """
    settings, guest = settings_of(request.node), guest_for(request)
    headers = {**guest.headers, **settings.headers}
    is_page, url = _address(request, settings, guest, apps)
    turn_ms = int(1000 * settings.turn_timeout)
    if is_page:
        guest = guest.at(url, headers)
        scenario = page_check(url, sends=False, reload=False, turn_ms=turn_ms).scenario
    else:
        scenario = _with_options(backend_check(url, headers, (), turn_ms=turn_ms).scenario, settings.options)
    name = request.node.name
    steps = {"title": request.node.nodeid, "steps": []}
    named = NamedScenario(name, Path(), scenario.model_copy(update=steps))

    async def driven() -> Drive:
        await asyncio.to_thread(require_reachable, url)
        target: Target = Address(url, tuple(settings.clicks))
        return Drive(named, target=target if is_page else await host_page_for(url, "", headers))

    reports, keeps = reports_of(request.config)
    secrets = maskable(settings.secrets) + (guest.visitor.secrets if guest.visitor is not None else ())
    options = SessionOptions(trace=keeps_trace(request.config), secrets=secrets)
    proves = proves_of(request.config)
    task = Task(name, driven, launch_for(request), guest, options, headers, reports, keeps, proves)
    return Session(browsers, task)


def _address(
    request: pytest.FixtureRequest, settings: Settings, guest: Guest, apps: Apps
) -> tuple[bool, str]:
    """Whether the target is a user's own page, and the URL of the page or endpoint."""
    page = settings.url
    if "://" in page:
        return True, _checked(page)
    backend = request.getfixturevalue(BACKEND) or settings.backend
    base = apps.origin(backend) if callable(backend) else guest.base_url
    if page:
        return True, _checked(urljoin(base, page))
    if callable(backend):
        return False, urljoin(base, settings.path)
    if not backend:
        raise UsageError(
            "no target is given for the chat of this test",
            where=request.node.nodeid,
            hint="Override the fixture chatkit_backend: return your application (ASGI) or a URL. Or "
            "give --chatkit-backend URL, --chatkit-url URL, or @pytest.mark.chatkit(backend=…).",
        )
    if not isinstance(backend, str):
        raise UsageError(
            f"the fixture {BACKEND} returned {type(backend).__name__}, not a URL or application",
            where=request.node.nodeid,
        )
    return False, _checked(urljoin(base, backend))


def _checked(url: str) -> str:
    if http_parts(url) is None:
        raise UsageError(
            "this is not an http(s) URL",
            where=url,
            hint="A relative one needs --base-url, or an application from the fixture chatkit_backend.",
        )
    return url


def _with_options(scenario: Scenario, options: Mapping[str, object]) -> Scenario:
    """The scenario with options for the component on the built-in page."""
    page = scenario.page.model_copy(update={"options": dict(options)})
    return scenario.model_copy(update={"page": page})
