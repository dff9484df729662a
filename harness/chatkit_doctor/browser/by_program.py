"""A session that a program carries out: it asks for one step after the other while the session goes on."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable

from chatkit_doctor.browser.silence import SoFar
from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.scenario.steps import Step


class ByProgram:
    """The program at the page. Made, and used, on the session's event loop.

    ``opened`` says whether the chat can be typed into, once that is known. A session that ends before it has
    answered leaves ``opened``, or the step asked for, without a result: whoever waits for one has to wait for
    the end of the session, too.
    """

    def __init__(self) -> None:
        self.opened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked: deque[tuple[Step, asyncio.Future[bool]]] = deque()
        self._is_through = False
        self._wake: Callable[[], None] = lambda: None
        self._received: Callable[[], SoFar] | None = None

    def ask(self, step: Step) -> asyncio.Future[bool]:
        """Have a step carried out. The result is False when it ran into a limit: then the session is over."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked.append((step, done))
        self._wake()
        return done

    def end(self) -> None:
        """No more is requested: the session ends."""
        self._is_through = True
        self._wake()

    def so_far(self) -> SoFar | None:
        """What has come by now; None before the page was opened."""
        return None if self._received is None else self._received()

    async def carry_out(
        self,
        state: SessionState,
        step: Callable[[Step], Awaitable[bool]],
        received: Callable[[], SoFar],
        *,
        ready: bool,
    ) -> None:
        """Carry out what is requested, until a step runs into a limit or no more is to come.

        ``ready``: whether the page came to a chat that can be typed into; without one nothing is carried out.
        Raises BrokeOff.
        """
        self._wake, self._received = state.wake, received
        self.opened.set_result(ready)
        goes_on = ready
        while goes_on:
            await state.until(lambda: bool(self._asked) or self._is_through, math.inf)
            if not self._asked:
                return
            asked, done = self._asked.popleft()
            goes_on = await step(asked)
            if not done.done():  # Whoever asked may not wait for it any longer.
                done.set_result(goes_on)
