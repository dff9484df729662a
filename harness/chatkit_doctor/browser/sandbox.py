"""Chromium's sandbox: on wherever it can be. Whether it can is found out by trying.

Root is refused one by Chromium itself, and some systems give none to anybody: then pages run without, and
every report says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from playwright.async_api import Error as PlaywrightError

T = TypeVar("T")

REFUSED: Final = "Chromium sandboxing failed"
"""How Playwright's driver sums up what Chromium writes then."""


async def with_sandbox(
    launch: Callable[[bool], Awaitable[T]], *, tried: bool | None = None
) -> tuple[T, bool]:
    """What is launched, and whether it has a sandbox; ``tried`` is what came of it the last time.

    Raises whatever the launch raises for another reason.
    """
    if tried is not False:
        try:
            return await launch(True), True
        except PlaywrightError as error:
            if REFUSED not in error.message:
                raise
    return await launch(False), False
