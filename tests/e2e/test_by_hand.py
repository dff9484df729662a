"""What a user does at a page is put down as steps, until they are through."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, FrameLocator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.browser.by_hand import ByHand
from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.fresh import FreshContext
from chatkit_doctor.browser.session import SessionOptions, Watcher, record
from chatkit_doctor.browser.silence import SoFar
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.recording.entries import RequestSent, StepBegin, StepEnd
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner

pytestmark = pytest.mark.browser

CONTROL = {"kind": "sdk", "reply": "Said by the backend.", "stream_ms": 100}
BY_HAND = scenario_from(
    {"title": "by hand", "page": {"remember_thread": True}, "backend": CONTROL, "steps": []}
)


async def _say(chat: FrameLocator, text: str, replies: int) -> None:
    await chat.locator('[data-composer-root] [role="textbox"]').press_sequentially(f"{text}\n")
    shown = chat.locator('[data-thread-item="assistant-message"]')
    await expect(shown).to_have_count(replies)
    await expect(shown.last).to_contain_text("Said by the backend.")


async def _opened(context: BrowserContext) -> Page:
    """The page of the session, once it is open."""
    async with asyncio.timeout(30):
        while not (found := [page for page in context.pages if "/s/" in page.url]):
            await asyncio.sleep(0.02)
    return found[0]


def use(session_runner: SessionRunner, folder: Path, *, closes: bool) -> tuple[Recording, list[SoFar]]:
    """A user sends a message, reloads the page, sends another, and is through or closes the page."""
    heard: list[SoFar] = []
    steps = 0

    async def used() -> None:
        nonlocal steps
        through = asyncio.Event()
        watcher = Watcher(on_entry=on_entry, by_hand=ByHand(through), progressed=heard.append)
        named = NamedScenario("by hand", Path(), BY_HAND)
        (profile,) = session_runner.browser._all
        session = asyncio.ensure_future(
            record(
                named,
                folder,
                session_runner.browser,
                session_runner.host,
                SessionOptions(trace=False),
                watcher=watcher,
            )
        )
        page = await _opened(profile.context)
        chat = page.frame_locator("openai-chatkit iframe")
        await _say(chat, "A first message", 1)
        await _ended(2)
        await page.reload()
        # A step that is still being looked at on a busy machine is no page that a user sees.
        await _ended(3)
        await _say(chat, "And a second", 2)
        await _ended(4)
        if closes:
            await page.close()
        else:
            through.set()
        await session

    news = asyncio.Event()

    def on_entry(_t: float, entry: object) -> None:
        nonlocal steps
        if isinstance(entry, StepEnd):
            steps += 1
            news.set()

    async def _ended(count: int) -> None:
        async with asyncio.timeout(30):
            while steps < count:
                news.clear()
                await news.wait()

    session_runner.run(used())
    return load(folder), heard


@pytest.mark.parametrize("closes", [False, True], ids=["says so", "closes the page"])
def test_turns_and_loads_are_steps_and_are_judged_as_such(
    closes: bool, session_runner: SessionRunner, tmp_path: Path
) -> None:
    recording, heard = use(session_runner, tmp_path, closes=closes)
    begun = [(e.data.do, e.data.turn, e.data.text) for e in recording.of(StepBegin)]
    assert begun == [
        ("open", None, ""),
        ("send", 1, "A first message"),
        ("reload", None, ""),
        ("send", 2, "And a second"),
    ]
    # A turn begins before its message leaves the browser, and not long before.
    turns = [e.t for e in recording.of(StepBegin) if e.data.do == "send"]
    left = [
        e.t
        for e in recording.of(RequestSent)
        if e.data.op.startswith("threads.") and "input" in str(e.data.body)
    ]
    assert all(turn < request < turn + 1_000 for turn, request in zip(turns, left, strict=True))
    assert all(step.over and step.outcome == "settled" for step in recording.derive(timeline).steps)
    found = diagnose(recording, examine(recording))
    assert (recording.finished, found.verdict, found.symptoms) == (True, "pass", ())
    # What has come so far is a recording at any time.
    assert len(heard[-1]().entries) > len(recording.entries) / 2


class Beside:
    """What is shown beside a page: it knows who has come, and how large they see it."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.widths: list[int] = []
        app = Starlette(routes=[Route("/", self._page), Route("/width/{width:int}", self._seen)])
        self._server = LoopbackServer(app, name="beside")
        self.url = f"http://localhost:{self._server.port}/"

    def __enter__(self) -> Beside:
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()

    async def _page(self, _request: Request) -> HTMLResponse:
        return HTMLResponse("<script>fetch(`/width/${innerWidth}`)</script>")

    async def _seen(self, request: Request) -> Response:
        self.widths.append(request.path_params["width"])
        self.came.set()
        return Response()


def test_a_window_beside_the_page_is_none_of_the_session(
    session_runner: SessionRunner, tmp_path: Path
) -> None:
    with Beside() as beside:

        async def used() -> None:
            through = asyncio.Event()
            provider = FreshContext(choose_browser(), fills_window=True)
            named = NamedScenario("by hand", Path(), BY_HAND)
            async with provider.open(session_runner.server.started) as browser:
                session = asyncio.ensure_future(
                    record(
                        named,
                        tmp_path,
                        browser,
                        session_runner.host,
                        SessionOptions(trace=False),
                        watcher=Watcher(by_hand=ByHand(through, beside.url)),
                    )
                )
                assert await asyncio.to_thread(beside.came.wait, 30)
                (context,) = browser.browser.contexts
                page = await _opened(context)
                await _say(page.frame_locator("openai-chatkit iframe"), "A message", 1)
                assert page.viewport_size is None, "it is as large as its window"
                through.set()
                await session

        session_runner.run(used())
    assert len(beside.widths) == 1
    recording = load(tmp_path)
    assert [e.data.do for e in recording.of(StepBegin)] == ["open", "send"]
    assert beside.url not in (tmp_path / "recording.ndjson").read_text(encoding="utf-8")
