"""A session that a user carries out, with the live page beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatkit_doctor.browser.by_hand import ByHand
from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.fresh import FreshContext
from chatkit_doctor.browser.visitor import Visitor
from chatkit_doctor.engine.plan import Drive, Plan
from chatkit_doctor.export.reported import reported_run
from chatkit_doctor.live.chosen import NAME, Visit, chosen
from chatkit_doctor.live.page import LivePage
from chatkit_doctor.recording.redaction import maskable
from chatkit_doctor.report.folder import folder_for
from chatkit_doctor.results import SessionResult

if TYPE_CHECKING:
    from chatkit_doctor.report.subscriber import Subscriber


TURN_LIMIT_S: Final = 60.0
"""How long a turn is watched before what has come of it is taken for all."""


def anybody() -> Visit:
    """A user who comes as nobody in particular, in a window of the first browser found."""
    return Visit(
        headers={},
        clicks=(),
        setup=None,
        visitor_for=lambda _url: Visitor(),
        browser_for=lambda visitor: FreshContext(choose_browser(headed=True), visitor, fills_window=True),
    )


async def serve(
    target: str,
    *,
    visit: Visit | None = None,
    turn_limit_s: float = TURN_LIMIT_S,
    runtime: str | None = None,
    motion: bool = False,
    secrets: Iterable[str] = (),
    strict: bool = False,
    output: str | os.PathLike[str] = "reports",
    subscribers: Sequence[Subscriber] = (),
    opened: Callable[[str], None] = lambda _url: None,
    stop: asyncio.Event | None = None,
) -> SessionResult:
    """Open the page of a scenario, or one's own, for a user to use; what they do there is told live.

    ``target`` is the name or the file of a scenario, the URL of a page, or that of a backend. ``visit`` is
    who comes there, and in which browser: a headed one, by default. ``opened`` gets the address of the live
    page before the session begins; it is opened beside the page, too. The session ends when the page is
    closed, when someone says so on the live page, or when ``stop`` is set; then it is judged and reported.
    The other options are those of ``check``, and so is what is raised.
    """
    masked = maskable(secrets)
    found = await chosen(target, visit or anybody(), round(1000 * turn_limit_s))
    through, loop = asyncio.Event(), asyncio.get_running_loop()

    def end() -> None:
        loop.call_soon_threadsafe(through.set)

    live = LivePage(found.named.scenario.title, end)
    live.start()
    ending = asyncio.ensure_future(_ends(through, stop))
    try:
        with folder_for(Path(output), NAME) as folder:
            opened(live.url)
            plan = Plan(
                name=NAME,
                sessions=(Drive(found.named, target=found.target, by_hand=ByHand(through, live.url)),),
                directory=folder,
                runtime=runtime,
                browser=found.browser,
                motion=motion,
                trace=False,
                secrets=masked + found.secrets,
            )
            # To stop is to be through: what there is is judged as a session that ended.
            reported, _ = await reported_run(plan, (*subscribers, live), None, strict=strict)
    finally:
        ending.cancel()
        live.close()
    return SessionResult(reported.run.scenarios[0], reported.directory, ())


async def _ends(through: asyncio.Event, stop: asyncio.Event | None) -> None:
    if stop is not None:
        await stop.wait()
        through.set()
