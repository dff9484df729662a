"""Slowing the network of a page whose component asks the same thing again and again.

A storm has no end of its own: on loopback it is some hundred requests a second, each with a dozen messages
of the DevTools protocol, until the browser's driver answers to nothing else. Once it is certain, more of it
tells nothing new.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from typing import Final

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.session_state import BrokeOff
from chatkit_doctor.recording.entries import SessionSlowed

LATENCY_MS: Final = 1_000
"""How long each answer is held back. The component asks again when it has one: a request a second harms
nobody."""
ANSWER_LIMIT_S: Final = 5.0
"""How long the browser may take to do it; it takes some 0.01 s."""


async def slow_storms(observed: ObservedPage) -> None:
    """Hold answers back from the beginning of a storm until the page is reloaded, until this is cancelled.

    What it does to the page is recorded. Does nothing where there is no DevTools protocol.
    """
    state, devtools = observed.state, observed.cdp
    with suppress(BrokeOff, PlaywrightError, TimeoutError):
        while devtools is not None:
            await state.until(lambda: state.repeated.are_endless, math.inf)
            op = state.repeated.endless_op
            await _delay(devtools, LATENCY_MS)
            observed.journal.add(SessionSlowed(op=op, latency_ms=LATENCY_MS))
            await state.until(lambda: not state.repeated.are_endless, math.inf)
            await _delay(devtools, 0)


async def _delay(devtools: CDPSession, latency_ms: int) -> None:
    """Have what the page asks for answered later by so much; what it has asked for already is not."""
    conditions = {"offline": False, "latency": latency_ms, "downloadThroughput": -1, "uploadThroughput": -1}
    async with asyncio.timeout(ANSWER_LIMIT_S):
        await devtools.send("Network.emulateNetworkConditions", conditions)
