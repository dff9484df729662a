"""Serves every good page there is, for as long as they are examined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from playwright.async_api import Page, Route

from chatkit_doctor.browser.target import Address
from chatkit_doctor.host.server import Host
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.select import catalogue
from chatkit_doctor.vocabulary import Verdict
from examples.runner.building import NotBuiltError, built
from examples.runner.serving import backend, page
from examples.runner.variants import VARIANTS
from tests.app_pages import SOUND, app_pages
from tests.good_pages.backends import BACKENDS
from tests.good_pages.good_page import PATIENT, GoodPage, checked
from tests.own_pages import own_pages

Wanted = Callable[[str], bool]
PLACES: Final = {
    "plain": (),
    "late": (),
    "dialog": ("#open",),
    "frame": (),
    "framed-from-another-site": (),
    "closed-shadow-root": (),
    "behind-a-service-worker": (),
    "without-a-favicon": (),
}
"""Where the chat is in a page, and what opens it."""
TELEMETRY: Final = re.compile(
    r"https://([^/]*\.)?(chatgpt\.com|mixpanel\.com|datadoghq[^/]*|oaistatsig\.com)/"
)


@contextmanager
def good_pages(runtime: str, wanted: Wanted) -> Iterator[list[GoodPage]]:
    """The pages whose names are wanted. What cannot be built here is said, and left out."""
    with ExitStack() as stack:
        yield [
            *_own(wanted, stack),
            *_sound(wanted, runtime, stack),
            *_examples(wanted, stack),
            *_catalogued(wanted, stack),
        ]


def _own(wanted: Wanted, stack: ExitStack) -> Iterator[GoodPage]:
    """Pages that differ in where the chat lies, and backends that differ in what they say."""
    good = stack.enter_context(own_pages())
    for place, clicks in PLACES.items():
        if wanted(name := f"page/{place}"):
            yield checked(name, Address(f"{good.url}/{place}", clicks))
    if wanted(name := "page/telemetry-blocked"):
        yield checked(name, Address(f"{good.url}/plain", setup=_block_telemetry))
    for what, kind in BACKENDS.items():
        if wanted(name := f"backend/{what}"):
            pages = stack.enter_context(own_pages(respond=kind.make()))
            yield checked(name, Address(f"{pages.url}/plain"), kind.messages)


async def _block_telemetry(tab: Page) -> None:
    async def refuse(route: Route) -> None:
        await route.abort("blockedbyclient")

    await tab.route(TELEMETRY, refuse)


def _sound(wanted: Wanted, runtime: str, stack: ExitStack) -> Iterator[GoodPage]:
    """Pages that only look mistaken."""
    chosen = [name for name in SOUND if wanted(f"sound/{name}")]
    if chosen:
        port = stack.enter_context(app_pages(choose(runtime)))
        for name in chosen:
            address = Address(f"http://localhost:{port}/{name}")
            yield checked(f"sound/{name}", address, forgets_thread=True)


def _examples(wanted: Wanted, stack: ExitStack) -> Iterator[GoodPage]:
    """The page of React, with every version of the bindings."""
    chosen = [each for each in VARIANTS if each.app == "react" and not each.causes]
    chosen = [each for each in chosen if wanted(f"example/{each.name}")]
    if not chosen:
        return
    try:
        url = stack.enter_context(backend(built("react")))
    except NotBuiltError as error:
        print(f"left out: example/react/*: {error}", flush=True)
        return
    for each in chosen:
        yield checked(f"example/{each.name}", Address(stack.enter_context(page(each, url))))


def _catalogued(wanted: Wanted, stack: ExitStack) -> Iterator[GoodPage]:
    """Every scenario that passes, as the user's own page: nothing is known of how its page is made."""
    host = stack.enter_context(Host())
    for name, path in sorted(catalogue().items()):
        if not wanted(name):
            continue
        scenario = load(path, name).scenario
        if scenario.expect is None or scenario.expect.verdict is not Verdict.PASS:
            continue
        if scenario.page.served != "localhost":
            # Under its name only the engine's own host can be reached.
            print(f"left out: {name}: its page is not on localhost", flush=True)
            continue
        site = stack.enter_context(host.site(scenario, LOADER_URL))
        # What passes keeps no limit: they are no shorter than those of the other pages.
        bare = Scenario(title=scenario.title, steps=scenario.steps, limits=PATIENT)
        yield GoodPage(name, Address(host.url(site)), bare)
