"""A page of the host that every gatherer watches while a test does something in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page

from chatkit_doctor.gather.gatherers import Gatherers
from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.host.site import Site
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.runtime.runtime import CDN_ORIGIN, LOADER_URL
from chatkit_doctor.scenario.model import Scenario
from tests.journals import HEADER
from tests.session_runner import SessionRunner


@asynccontextmanager
async def watched_page(
    runner: SessionRunner, folder: Path, scenario: Scenario, *, observed: bool = True
) -> AsyncIterator[tuple[Page, Site]]:
    """The page with the site it is of; the recording is complete when the context is left.

    One that is not ``observed`` is in a browser without probes, and nothing gathers.
    """
    browser = runner.browser if observed else await runner.unwatched()
    async with browser.tab() as tab:
        with runner.host.site(scenario, LOADER_URL) as site:
            journal = Journal(folder, Redactor(), HEADER)
            state = SessionState(journal.clock)
            watched = ObservedPage(tab.page, tab.context, journal, state, tab.cdp, CDN_ORIGIN)
            watching = Gatherers.make(tab.channel, has_devtools=tab.cdp is not None).all if observed else ()
            for gatherer in watching:
                await gatherer.attach(watched)
            await tab.page.goto(runner.host.url(site), wait_until="domcontentloaded")
            yield tab.page, site
            for gatherer in watching:
                await gatherer.finish(watched)
            journal.close(finished=True)
