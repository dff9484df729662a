"""What a user wants to use: a scenario's page, their own, or one that is served for their backend."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatkit_doctor.browser.target import Address, Setup, Target
from chatkit_doctor.client.page_or_endpoint import Kind, find_out
from chatkit_doctor.engine.page_for_backend import host_page_for
from chatkit_doctor.errors import UsageError
from chatkit_doctor.scenario.check import backend_check, require_reachable
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.page_check import page_check
from chatkit_doctor.scenario.select import ENDINGS, catalogue, select

if TYPE_CHECKING:
    from chatkit_doctor.browser.provider import BrowserProvider
    from chatkit_doctor.browser.visitor import Visitor

NAME: Final = "serve"


@dataclass(frozen=True, slots=True)
class Visit:
    """How a page is reached, and in which browser: what is given for the user's own page alone.

    ``visitor_for`` says who comes to a URL, and ``browser_for`` in which browser; to a page that is not
    the user's own nobody in particular comes.
    """

    headers: Mapping[str, str]
    clicks: tuple[str, ...]
    setup: Setup | None
    visitor_for: Callable[[str], Visitor]
    browser_for: Callable[[Visitor | None], BrowserProvider]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is opened, without a step of its own: a user does what is done there."""

    named: NamedScenario
    target: Target | None
    browser: BrowserProvider
    secrets: tuple[str, ...] = ()


async def chosen(what: str, visit: Visit, turn_ms: int) -> Chosen:
    """What a name, a file or a URL stands for.

    Raises UsageError and ScenarioError for what is none of them, TargetError where nobody answers.
    """
    if _is_scenario(what):
        return Chosen(_without_steps(await asyncio.to_thread(_scenario, what)), None, visit.browser_for(None))
    found = await find_out(what)
    if found.kind is Kind.PAGE:
        visitor = visit.visitor_for(found.url)
        named = page_check(found.url, sends=False, reload=False, turn_ms=turn_ms, patient=True)
        target = Address(found.url, visit.clicks, visit.setup)
        return Chosen(_without_steps(named), target, visit.browser_for(visitor), visitor.secrets)
    named = backend_check(found.url, visit.headers, (), turn_ms=turn_ms, patient=True)
    await asyncio.to_thread(require_reachable, found.url)
    host_page = await host_page_for(found.url, "", visit.headers)
    return Chosen(_without_steps(named), host_page, visit.browser_for(None))


def _is_scenario(what: str) -> bool:
    shipped = what.removesuffix(".yaml").strip("/")
    is_shipped = any(name == shipped or name.startswith(f"{shipped}/") for name in catalogue())
    host = what.partition("/")[0]
    # No host of another machine is called so: it is a name that was mistyped.
    is_a_name = "://" not in what and host != "localhost" and not set(".:") & set(host)
    return is_shipped or is_a_name or what.endswith(ENDINGS) or Path(what).exists()


def _scenario(what: str) -> NamedScenario:
    found = select([what])
    if len(found) != 1:
        raise UsageError(
            f"{len(found)} scenarios match, but only one page can be opened",
            where=what,
            hint="Choose one of them.",
        )
    return found[0]


def _without_steps(named: NamedScenario) -> NamedScenario:
    """The same page and backend. What the steps lead to is not expected of what a user does."""
    scenario = named.scenario.model_copy(update={"steps": [], "expect": None})
    return NamedScenario(named.name, Path(named.path), scenario)
