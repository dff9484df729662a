"""Waits end by their own limit, and all of them when the time of the run is over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from chatkit_doctor.browser.patience import Patience

LONG_S = 3600.0


def in_time(work: Coroutine[Any, Any, None]) -> None:
    """Carry something out that would take an hour if it waited for its own limit."""
    asyncio.run(asyncio.wait_for(work, 60))


def test_a_wait_ends_by_its_own_limit() -> None:
    async def scene() -> None:
        with pytest.raises(TimeoutError):
            async with Patience().until(time.monotonic()):
                await asyncio.Event().wait()

    in_time(scene())


def test_a_wait_that_is_under_way_is_shortened() -> None:
    async def scene() -> None:
        patience, waiting = Patience(), asyncio.Event()

        async def wait() -> None:
            async with patience.until(time.monotonic() + LONG_S):
                waiting.set()
                await asyncio.Event().wait()

        task = asyncio.ensure_future(wait())
        await waiting.wait()
        patience.ends_at(time.monotonic())
        with pytest.raises(TimeoutError):
            await task

    in_time(scene())


def test_one_after_another_waits_no_longer_than_all_may() -> None:
    async def scene() -> None:
        patience = Patience()
        patience.ends_at(time.monotonic())
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with patience.until(time.monotonic() + LONG_S):
                    await asyncio.Event().wait()

    in_time(scene())


def test_an_end_that_is_far_leaves_a_shorter_wait_as_it_is() -> None:
    async def scene() -> None:
        patience = Patience()

        async def wait() -> None:
            async with patience.until(time.monotonic()):
                patience.ends_at(time.monotonic() + LONG_S)
                await asyncio.Event().wait()

        with pytest.raises(TimeoutError):
            await wait()

    in_time(scene())


def test_whether_the_time_is_over_can_be_asked() -> None:
    patience = Patience()
    assert not patience.is_over
    patience.ends_at(time.monotonic())
    assert patience.is_over
