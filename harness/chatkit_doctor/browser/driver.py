"""Acts like a user: opens the page, types a message, clicks, reloads."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from chatkit_doctor.browser.answered import answered
from chatkit_doctor.browser.by_hand import ByHand
from chatkit_doctor.browser.controls import SEND_BUTTON, Controls, is_touched, told
from chatkit_doctor.browser.deeds import LATE_MS, Deeds, Loaded, Sent
from chatkit_doctor.browser.target import Address
from chatkit_doctor.browser.waits import SETTLE_LIMIT_MS, Before, Waits
from chatkit_doctor.gather.document import DocumentGatherer
from chatkit_doctor.gather.observed_page import ObservedPage, component_frame
from chatkit_doctor.gather.paint import PaintGatherer
from chatkit_doctor.gather.probes import HANDLE
from chatkit_doctor.gather.session_state import BrokeOff
from chatkit_doctor.recording.entries import StepBegin, StepEnd
from chatkit_doctor.recording.entries.paint import Moment
from chatkit_doctor.recording.entries.session import LimitName
from chatkit_doctor.scenario.model import Limits
from chatkit_doctor.scenario.steps import Attach, CallMethod, Click, Operate, Reload, Send, Step

FIRST_MS: Final = 50.0
"""How long a user's step begins before it is noticed: a message is on the screen, and asked to be
sent, about 20 ms before it leaves the browser (measured)."""
OBSTACLE_MS: Final = 5_000
"""How long to wait for a chat before checking whether something else replaces it."""
STAYING: Final = frozenset({"login", "error-overlay", "error-page"})
"""Obstacles that do not disappear by themselves, unlike a challenge or a cookie banner."""
_ENDS: Final = {
    "turn": ": the time limit was reached",
    "silence": ": every item is done, but the stream stays open",
    "refusals": ": rejected, and retried",
}
"""The description of a turn still in progress, by the limit that was reached."""
KEY_MS: Final = 150
"""Time limit for typing each character of a message; it takes about 5 ms on an idle machine, and 60 ms
on one with ten times as much to do as it can handle."""
CLICK_MS: Final = 10_000
"""Time limit for clicking an element that opens the chat once it exists: it may be moving or covered."""


class Driver:
    """Carries out the steps of one scenario on one page."""

    def __init__(
        self,
        observed: ObservedPage,
        limits: Limits,
        document: DocumentGatherer,
        paint: PaintGatherer,
        *,
        motion: bool = False,
        own_page: Address | None = None,
        by_hand: ByHand | None = None,
    ) -> None:
        self._observed = observed
        self._waits = Waits(observed, limits, motion=motion)
        self._limits = limits
        self._document = document
        self._paint = paint
        self._own_page = own_page
        """The user's own page, if it is one: it may show something other than a chat."""
        self._by_hand = by_hand
        self._deeds = Deeds(self._waits.before)
        if by_hand is not None:
            observed.journal.listeners.append(self._deeds.on_entry)
        self._over_ms = 0.0
        """When the latest step was over."""
        self._index = 0
        self._turn = 0
        self._took_stock = False
        """Whether the current step has taken its inventory."""

    async def look_at_the_end(self) -> None:
        """Examine the page after all steps."""
        observed = self._observed
        await answered(self._paint.look(observed, "end", "end", "the end of the session"), observed.state)

    async def open(self, url: str) -> bool:
        """Open the page and wait until the chat accepts input; False if it does not."""

        async def navigate() -> None:
            await self._observed.page.goto(url, wait_until="commit", timeout=self._limits.ready)

        return await self._step(
            StepBegin(index=self._index, do="open", url=url), lambda: self._load(navigate)
        )

    async def step(self, step: Step) -> bool:
        """Carry out one step; False if it reached a limit."""
        match step:
            case Send():
                return await self._step(self._turn_of(step.text), lambda: self._send(step))
            case Click(sends=str(message)):
                begin = self._turn_of(message, clicked=step.name)
                return await self._step(begin, lambda: self._click(step))
            case Click():
                begin = StepBegin(index=self._index, do="click", text=step.name)
                return await self._step(begin, lambda: self._click(step))
            case Reload():
                begin = StepBegin(index=self._index, do="reload")
                return await self._step(begin, lambda: self._load(self._reload))
            case CallMethod(sends=str(message)):
                begin = self._turn_of(message, method=step.method)
                return await self._step(begin, lambda: self._call(step))
            case CallMethod():
                begin = StepBegin(index=self._index, do="call", method=step.method)
                return await self._step(begin, lambda: self._call(step))
            case _:
                begin = StepBegin(index=self._index, do=step.do, text=told(step))
                return await self._step(begin, lambda: self._operate(step))

    async def watch(self) -> None:
        """Record a user's actions as steps, until the user is done."""
        state = self._observed.state
        while not self._is_through():
            await state.until(self._has_news, math.inf, lambda: self._deeds.ready_ms)
            match self._deeds.next():
                case Loaded(t=t):
                    await self._step(StepBegin(index=self._index, do="reload"), self._loaded, t=t - LATE_MS)
                case Sent(t=t, text=text, before=before):
                    await self._step(self._turn_of(text), partial(self._sent_by_hand, before), t=t)

    async def _loaded(self) -> LimitName | None:
        limit = await self._load(_nothing)
        # If pages redirected from one to the next, the chat is on the last one.
        self._deeds.drop_loads()
        return limit

    async def _sent_by_hand(self, before: Before) -> LimitName | None:
        state = self._observed.state
        limit = await self._turn_end(before)
        # Retries within the turn were sent by the component.
        self._deeds.drop(state.clock.now() if limit else state.ended_ms)
        return limit

    def _has_news(self) -> bool:
        return self._observed.state.clock.now() >= self._deeds.ready_ms or self._is_through()

    def _is_through(self) -> bool:
        """Whether the user who drives the session is done."""
        return self._by_hand is not None and self._by_hand.through.is_set()

    def _turn_of(self, text: str, *, clicked: str = "", method: str = "") -> StepBegin:
        """The beginning of a step that sends a message, whether typed, clicked or sent by the page."""
        self._turn += 1
        return StepBegin(
            index=self._index, do="send", turn=self._turn, text=text, clicked=clicked, method=method
        )

    async def _step(
        self, begin: StepBegin, act: Callable[[], Awaitable[LimitName | None]], *, t: float | None = None
    ) -> bool:
        """Carry out a step that begins now, or that began at ``t`` (ms) with what was observed of it then."""
        journal = self._observed.journal
        self._index += 1
        begun = journal.clock.now() if t is None else max(t - FIRST_MS, self._over_ms)
        journal.add(begin, t=None if t is None else begun)
        self._took_stock = False
        limit = await act()
        if not self._took_stock:
            await answered(self._document.inventory(self._observed), self._observed.state)
        # A user need not wait until the page is examined: their next action is not part of this step.
        self._over_ms = max(min(journal.clock.now(), self._deeds.next_ms - FIRST_MS), begun)
        journal.add(
            StepEnd(
                index=begin.index,
                do=begin.do,
                turn=begin.turn,
                outcome="limit" if limit else "settled",
                limit=limit,
                waited_ms=self._over_ms - begun,
            ),
            t=self._over_ms,
        )
        return limit is None

    async def _load(self, navigate: Callable[[], Awaitable[None]]) -> LimitName | None:
        state = self._observed.state
        if navigate is not _nothing:
            state.forget_page()
        before = self._waits.before()
        try:
            await navigate()
        except PlaywrightTimeout:
            return self._waits.reached("navigation", self._limits.ready)
        except PlaywrightError as error:
            raise BrokeOff(f"the page cannot be opened: {_first_line(error)}") from error
        for selector in self._own_page.clicks if self._own_page is not None else ():
            await self._open_chat(selector)
        waited_ms = await self._wait_ready()
        if waited_ms is not None:
            await self._look("start", "start", "the chat did not become ready")
            return self._waits.reached("ready", waited_ms, state.presence.missing)
        await self._waits.thread_loaded(before)
        await self._look("start", "start", "the chat is ready")
        return None

    async def _wait_ready(self) -> int | None:
        """Wait until the chat accepts input; returns how long it waited in vain, or None on success.

        What is known to replace a chat is not waited for to the end.
        """
        if self._by_hand is not None:
            await self._waits.ready_or(self._is_through)
            return None
        limit_ms = self._limits.ready
        if self._own_page is None:
            return None if await self._waits.ready(limit_ms) else limit_ms
        first_ms = min(OBSTACLE_MS, limit_ms)
        if await self._waits.ready(first_ms):
            return None
        if await self._meets_obstacle(STAYING):
            return first_ms
        if await self._waits.ready(limit_ms - first_ms):
            return None
        await self._meets_obstacle()
        return limit_ms

    async def _meets_obstacle(self, among: Collection[str] = ()) -> bool:
        """Record what replaces the chat, if it is one of these kinds; any kind by default."""
        observed = self._observed
        if component_frame(observed) is not None:
            return False
        found = await answered(self._document.obstacle(observed), observed.state)
        if found is None or (among and found.what not in among):
            return False
        observed.journal.add(found)
        return True

    async def _open_chat(self, selector: str) -> None:
        """Click the elements that open the chat, unless it is already open.

        Raises BrokeOff when there is nothing to click.
        """
        opener = self._observed.page.locator(selector).first
        try:
            await opener.wait_for(state="visible", timeout=self._limits.ready)
            if not await self._document.is_shown(self._observed):
                await opener.click(timeout=min(CLICK_MS, self._limits.ready))
        except PlaywrightTimeout as error:
            if not await self._meets_obstacle():
                raise BrokeOff(f"there was nothing to click at {selector!r} (--click)") from error
        except PlaywrightError as error:
            known = self._observed.state.broken
            raise BrokeOff(known or f"--click {selector!r}: {_first_line(error)}") from error

    async def _reload(self) -> None:
        await self._observed.page.reload(wait_until="commit", timeout=self._limits.ready)

    async def _send(self, message: Send) -> LimitName | None:
        before = self._waits.before()
        limit_ms = self._limits.request + KEY_MS * len(message.text)
        composer = self._locate('[data-composer-root] [role="textbox"]')

        async def write() -> None:
            # Keys one by one, as from a user; filling the composer would skip its own handlers.
            *lines, last = message.text.split("\n")
            for line in lines:
                await composer.press_sequentially(line, timeout=limit_ms)
                await composer.press("Shift+Enter", timeout=limit_ms)
            if self._own_page is not None and await is_touched(self._observed):
                await composer.press_sequentially(last, timeout=limit_ms)
                await self._locate(SEND_BUTTON).click(timeout=limit_ms)
                return
            # A line feed is the Enter key. One action instead of two: each adds snapshots to the trace.
            await composer.press_sequentially(f"{last}\n", timeout=limit_ms)

        if limit := await self._act("composer", write, limit_ms):
            return limit
        if limit := await self._waits.asked(before):
            return limit
        match message.until:
            case "request":
                return None
            case "reply":
                return await self._waits.reply_shown(before)
            case "end":
                return await self._turn_end(before)

    async def _click(self, button: Click) -> LimitName | None:
        before = self._waits.before()
        named = self._frame().get_by_role("button", name=button.name, exact=True)
        target = named.or_(self._frame().get_by_text(button.name, exact=True)).nth(button.nth)

        async def click() -> None:
            await target.click(timeout=self._limits.request)

        if limit := await self._act("click", click, self._limits.request):
            return limit
        if button.sends is not None:
            return await self._sent(before)
        return await self._settled(before, f"after a click on {button.name!r}")

    async def _operate(self, step: Operate) -> LimitName | None:
        before = self._waits.before()
        controls = Controls(self._frame(), self._limits.request)
        if limit := await self._act("control", lambda: controls.use(step), self._limits.request):
            return limit
        if isinstance(step, Attach) and (limit := await self._waits.uploaded(before, len(step.files))):
            return limit
        if limit := await self._settled(before, f"after {step.do}: {told(step)}"):
            return limit
        return await self._act("control", lambda: controls.leave(step), self._limits.request)

    async def _settled(self, before: Before, why: str) -> LimitName | None:
        """Wait for the end of the action, and take a screenshot."""
        if limit := await self._wait_settled(before):
            return limit
        await answered(self._paint.screenshot(self._observed, "click", why), self._observed.state)
        return None

    async def _wait_settled(self, before: Before) -> LimitName | None:
        """Wait for the end of whatever a click or a call started, if anything."""
        state = self._observed.state
        # It starts at once, with a request or a change of the transcript.
        rests = await self._waits.quiet()
        if state.counts["event:response.start"] > state.counts["event:response.end"]:
            return await self._turn_end(before)
        if state.open_operations > 0:
            # A custom action is not a turn: only its response says when it is over.
            return await self._waits.answered()
        return None if rests else self._waits.reached("settle", SETTLE_LIMIT_MS)

    async def _sent(self, before: Before) -> LimitName | None:
        """Wait for the end of a turn that a click or a call must start."""
        return await self._waits.asked(before) or await self._turn_end(before)

    async def _turn_end(self, before: Before) -> LimitName | None:
        limit = await self._waits.turn_ended(before)
        await self._after_turn(f"turn {self._turn}{_ENDS.get(limit or '', ' is over')}")
        return None if limit is None else self._waits.turn_limit(limit)

    async def _act(
        self, name: LimitName, act: Callable[[], Awaitable[None]], limit_ms: int
    ) -> LimitName | None:
        """Act on an element; returns the name of the limit if that did not succeed in time."""
        try:
            await act()
        except PlaywrightTimeout:
            return self._waits.reached(name, limit_ms)
        except PlaywrightError as error:
            if self._observed.state.broken is None and not self._observed.page.is_closed():
                return self._waits.reached(name, limit_ms)
            raise BrokeOff(
                self._observed.state.broken or f"the page is gone: {_first_line(error)}"
            ) from error
        return None

    async def _after_turn(self, why: str) -> None:
        await self._look("settled", f"turn-{self._turn}", why)

    async def _look(self, at: Moment, name: str, why: str) -> None:
        """Examine the page at the end of a step: measurements, screenshot and inventory at once."""
        self._took_stock = True
        looks = self._paint.look(self._observed, at, name, why)
        inventory = self._document.inventory(self._observed)
        await answered(asyncio.gather(looks, inventory, self._prepare_to_ask()), self._observed.state)

    async def _prepare_to_ask(self) -> None:
        """Prepare to ask the frame, at the end of a turn, how long it has been settled."""
        if (frame := component_frame(self._observed)) is not None:
            await self._observed.attach_cdp(frame)

    async def _call(self, call: CallMethod) -> LimitName | None:
        script = f"([method, args]) => {HANDLE}.call(method, args)"
        before = self._waits.before()
        with contextlib.suppress(PlaywrightError):
            try:
                async with asyncio.timeout(self._limits.turn / 1000):
                    await self._observed.host_frame.evaluate(script, [call.method, call.args])
            except TimeoutError:
                return self._waits.reached("call", self._limits.turn)
        return await self._sent(before) if call.sends is not None else await self._wait_settled(before)

    def _frame(self) -> Frame | Page:
        """The component's frame; the page itself if there is none, where nothing will be found in time."""
        return component_frame(self._observed) or self._observed.page

    def _locate(self, selector: str) -> Locator:
        return self._frame().locator(selector).first


async def _nothing() -> None:
    """Does nothing: a user has already acted."""


def _first_line(error: PlaywrightError) -> str:
    return error.message.splitlines()[0] if error.message else type(error).__name__
