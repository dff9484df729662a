"""Whether anyone listens at a backend's address."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

_LIMIT_S: Final = 2.0
_PAUSE_S: Final = 0.1


async def is_deserted(url: str, patience_s: float = 0.0) -> bool:
    """Whether a connection is refused there, now or within some time: a server that was there has died.

    What takes too long, or fails in another way, tells nothing.
    """
    until = time.monotonic() + patience_s
    while not await _is_refused(url):
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(_PAUSE_S)
    return True


async def _is_refused(url: str) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(_LIMIT_S):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except OSError as error:
        # Of a name with several addresses every one was tried, and the error names them all.
        return isinstance(error, ConnectionRefusedError) or "refused" in str(error).lower()
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return False
