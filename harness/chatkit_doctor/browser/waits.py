"""Waiting for something to be over: the page is ready, a message has been sent, a turn has ended.

Every wait ends on evidence (events, network, DOM) or on a named limit, which is recorded. Nothing sleeps.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.gather.observed_page import ObservedPage, component_frame
from chatkit_doctor.gather.probes import HANDLE
from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.recording.entries import SessionLimit
from chatkit_doctor.recording.entries.session import LimitName
from chatkit_doctor.scenario.model import Limits

MOTION_QUIET_MS: Final = 1_000
"""Quiet time required if animations run: an item fades in for 0.6 s without a DOM change (measured)."""
LOST_PART_MS: Final = 600
"""Quiet time required after a chunk of the component failed to load: a turn that needs it crashes about
0.3 s later (measured)."""
SETTLE_LIMIT_MS: Final = 3_000
"""How long the transcript may keep changing after the end of a response without new text."""
ANSWER_QUIET_MS: Final = 2_000
"""How long a response that the component no longer reads may be silent until the wait for it ends."""


@dataclass(frozen=True, slots=True)
class Before:
    """The observations before an action, to detect its effect."""

    requests: int
    ends: int
    loads: int
    uploads: int
    tool_calls: int
    tool_outputs: int
    answering: frozenset[str]

    @classmethod
    def of(cls, state: SessionState) -> Before:
        """The observations so far."""
        counts, tools = state.counts, state.tools
        return cls(
            requests=counts["turn-request"],
            ends=counts["event:response.end"],
            loads=counts["event:thread.load.end"],
            uploads=_uploads(state),
            tool_calls=tools.calls,
            tool_outputs=tools.outputs,
            answering=frozenset(state.answering),
        )

    def has_asked(self, state: SessionState) -> bool:
        """Whether a message has been sent to the backend since."""
        return state.counts["turn-request"] > self.requests

    def has_ended(self, state: SessionState) -> bool:
        """Whether a response has ended since."""
        return state.counts["event:response.end"] > self.ends

    def awaits_a_tool(self, state: SessionState) -> bool:
        """Whether the page has yet to send the backend the output of a client tool called since."""
        tools = state.tools
        outputs = tools.outputs - self.tool_outputs
        return tools.calls - self.tool_calls > outputs and not tools.is_refused

    def lacks_a_tools_response(self, state: SessionState) -> bool:
        """Whether a response is still due, because each tool output gets its own response."""
        calls = 0 if state.tools.is_refused else state.tools.calls - self.tool_calls
        return state.counts["event:response.end"] - self.ends < 1 + calls

    def is_being_answered(self, state: SessionState) -> bool:
        """Whether a response that started since has not ended."""
        return not state.answering <= self.answering

    def has_loaded(self, state: SessionState) -> bool:
        """Whether a thread has been loaded since."""
        return state.counts["event:thread.load.end"] > self.loads


class Waits:
    """The waits of one session. Each returns the name of the limit it reached, or None.

    All raise BrokeOff when the session cannot go on.
    """

    def __init__(self, observed: ObservedPage, limits: Limits, *, motion: bool) -> None:
        self.limits: Final = limits
        self._observed = observed
        self._state = observed.state
        self._leaves_tools = False
        """Whether the page left a client tool call unanswered for the time limit of a turn."""
        self._quiet_ms = max(limits.quiet, MOTION_QUIET_MS) if motion else limits.quiet

    def before(self) -> Before:
        """The observations so far."""
        return Before.of(self._state)

    def reached(self, name: LimitName, limit_ms: int, why: str = "") -> LimitName:
        """Record that a limit was reached, and why if known; returns its name."""
        self._observed.journal.add(SessionLimit(name=name, limit_ms=limit_ms, error=why))
        return name

    def turn_limit(self, name: LimitName) -> LimitName:
        """Record a limit that was reached while waiting for the end of a turn; returns its name."""
        limits = self.limits
        by_name = {"turn": limits.turn, "silence": limits.silence, "settle": SETTLE_LIMIT_MS}
        if name == "refusals":
            refusals = self._state.foreseen.refusals
            return self.reached(name, 0, f"rejected {refusals} times in a row, and retried")
        return self.reached(name, by_name[name] or limits.turn)

    async def ready_or(self, is_over: Callable[[], bool]) -> None:
        """Wait until the composer accepts input or something is over, without a time limit."""
        await self._state.until(lambda: self._state.composer or is_over(), math.inf)

    async def ready(self, limit_ms: float) -> bool:
        """Wait until the composer accepts input; False, without recording a limit, if it does not."""
        return await self._state.until(lambda: self._state.composer, limit_ms)

    async def thread_loaded(self, before: Before) -> None:
        """Wait until the thread named in the page's options, if any, is loaded and settled.

        One that is requested again and again in the same words is not waited for.
        """
        state = self._state
        if state.loads_thread:
            repeated = state.repeated
            await state.until(lambda: before.has_loaded(state) or repeated.are_endless, self.limits.ready)
            await self.quiet()

    async def asked(self, before: Before) -> LimitName | None:
        """Wait until a message has been sent to the backend."""
        if await self._state.until(lambda: before.has_asked(self._state), self.limits.request):
            return None
        return self.reached("request", self.limits.request)

    async def reply_shown(self, before: Before) -> LimitName | None:
        """Wait for the first visible text of a reply. A turn that ends without one also ends this wait."""
        state = self._state
        if await state.until(lambda: state.reply_shown or before.has_ended(state), self.limits.turn):
            return None
        return self.reached("reply", self.limits.turn)

    async def turn_ended(self, before: Before) -> LimitName | None:
        """Wait for the end of a turn, and until its transcript settles. Reaching a limit is not recorded.

        A response that calls a tool of the page is followed by another one when the page has answered, which
        is waited for as long as a turn may take. A page that never answers leaves the turn at its end, and is
        given no more time afterwards than a request needs: one that hangs does so in every turn.
        """
        state, limit_ms = self._state, self.limits.turn
        await state.until(
            lambda: before.has_ended(state) or self._foreseen() is not None, limit_ms, self._said_all
        )
        ended = before.has_ended(state)
        rests = ended and await self.quiet()
        # Only now: the component may report a response before the wire does.
        while ended and before.lacks_a_tools_response(state):
            patience_ms = self.limits.request if self._leaves_tools else limit_ms
            if not await state.until(lambda: not before.awaits_a_tool(state), patience_ms):
                self._leaves_tools = True
                break
            ended = await state.until(lambda: not before.lacks_a_tools_response(state), limit_ms)
            rests = ended and await self.quiet()
        if not ended:
            limit = self._foreseen() or "turn"
            if limit == "silence":
                # However short it was: its text is examined once it is on the screen.
                await self.quiet()
            return limit
        if before.is_being_answered(state):
            await self._answer_ended(before)
            rests = await self.quiet()
        return None if rests else "settle"

    async def _answer_ended(self, before: Before) -> None:
        """Wait for the rest of a response that the component no longer reads. Reaching a limit is recorded.

        What the component cannot read, such as a thread without an id, ends its turn before the answer ends.
        The rest is shown to nobody and says what else is wrong. It is waited for while more of it comes, for
        at most the time of a turn.
        """
        state = self._state
        begun = state.clock.now()
        came = 0

        def goes_on() -> bool:
            return state.chunks > came or not before.is_being_answered(state)

        while before.is_being_answered(state):
            came = state.chunks
            left_ms = begun + self.limits.turn - state.clock.now()
            if not await state.until(goes_on, min(ANSWER_QUIET_MS, left_ms)):
                self.reached("answer", round(state.clock.now() - begun))
                return

    def _foreseen(self) -> LimitName | None:
        """The limit after which the outcome of the current turn is certain, if it was reached."""
        most = self.limits.refusals
        if most is not None and self._state.foreseen.refusals >= most:
            return "refusals"
        return "silence" if self._state.clock.now() >= self._said_all() else None

    def _said_all(self) -> float:
        """When the silence of the open stream reaches its limit, if nothing more arrives."""
        longest = self.limits.silence
        return math.inf if longest is None else self._state.foreseen.said_all_ms + longest

    async def uploaded(self, before: Before, files: int) -> LimitName | None:
        """Wait until this many files have been uploaded or have failed."""
        state = self._state
        if await state.until(lambda: _uploads(state) >= before.uploads + files, self.limits.turn):
            return None
        return self.reached("upload", self.limits.turn)

    async def answered(self) -> LimitName | None:
        """Wait until every operation is answered, and then until the transcript settles."""
        if not await self._state.until(lambda: self._state.open_operations <= 0, self.limits.turn):
            return self.reached("turn", self.limits.turn)
        await self.quiet()
        return None

    async def quiet(self) -> bool:
        """Wait until the transcript settles; False, without recording a limit, if it keeps changing.

        Text that trails behind its stream is waited for as long as there is more of it every time, for at
        most the time of a turn: how fast it is typed out is the component's affair, and the machine's.
        """
        deadline = self._state.clock.now() + self.limits.turn
        length = self._state.length
        rests = await self._rest(self._quiet_ms)
        while not rests and length < self._state.length and self._state.clock.now() < deadline:
            length = self._state.length
            rests = await self._rest(self._quiet_ms)
        if self._state.clock.now() - self._state.part_lost_ms < LOST_PART_MS:
            rests = await self._rest(LOST_PART_MS)
        return rests

    async def _rest(self, quiet_ms: int) -> bool:
        frame = component_frame(self._observed)
        if frame is not None:
            rested = f"{HANDLE}.rest({quiet_ms}, {SETTLE_LIMIT_MS})"
            with contextlib.suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(2 * SETTLE_LIMIT_MS / 1000):
                    return bool(await self._observed.evaluate(rested, frame))
        # A frame that is missing or cannot answer is judged by earlier observations.
        return await self._state.quiet(quiet_ms, SETTLE_LIMIT_MS)


def _uploads(state: SessionState) -> int:
    """How many uploads are over: the component logs successful ones and reports failed ones."""
    return state.counts["log:attachment.upload"] + state.counts["event:error"]
