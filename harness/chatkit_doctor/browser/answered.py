"""Looking at a page that may not answer any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

from chatkit_doctor.gather.session_state import BrokeOff, SessionState

T = TypeVar("T")

ANSWER_LIMIT_S: Final = 15.0
"""How long looking at the page may take before it counts as one that does not answer; it takes some 0.2 s."""
UNANSWERING: Final = "the page no longer responds"


async def answered(looking: Awaitable[T], state: SessionState) -> T:
    """Look at the page; what is seen there.

    Raises BrokeOff when it does not answer, with the reason that is known already if there is one.
    """
    try:
        async with asyncio.timeout(ANSWER_LIMIT_S):
            return await looking
    except TimeoutError as error:
        raise BrokeOff(state.broken or UNANSWERING) from error
