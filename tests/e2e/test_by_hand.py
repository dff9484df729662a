"""What a person does at a page is put down as steps, until they are through."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, FrameLocator, Page, expect

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.browser.by_hand import ByHand
from chatkit_doctor.browser.session import SessionOptions, Watcher, record
from chatkit_doctor.browser.silence import SoFar
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.recording.entries import RequestAsked, StepBegin, StepEnd
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
    """A person sends a message, reloads the page, sends another, and is through or closes the page."""
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
    # A turn begins before anything that it brought about.
    turns = [e.t for e in recording.of(StepBegin) if e.data.do == "send"]
    asked = [
        e.t
        for e in recording.of(RequestAsked)
        if e.data.op.startswith("threads.") and "input" in str(e.data.body)
    ]
    assert all(turn < request < turn + 100 for turn, request in zip(turns, asked, strict=True))
    assert all(step.over and step.outcome == "settled" for step in recording.derive(timeline).steps)
    found = diagnose(recording, examine(recording))
    assert (recording.finished, found.verdict, found.symptoms) == (True, "pass", ())
    # What has come so far is a recording at any time.
    assert len(heard[-1]().entries) > len(recording.entries) / 2
