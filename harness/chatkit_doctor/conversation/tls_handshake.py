"""Whether the server of an http URL speaks https: what it leaves without an answer does not tell."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.conversation.transport_faults import TransportFault

_LIMIT_S: Final = 1.0
_LEFT_WITHOUT_AN_ANSWER: Final = frozenset(
    {TransportFault.CLOSED, TransportFault.RESET, TransportFault.NOT_HTTP}
)


class Handshakes:
    """Tries each URL once, and remembers what came of it."""

    def __init__(self) -> None:
        self._speaks_tls: dict[str, bool] = {}

    @staticmethod
    def would_tell(fault: TransportFault | None, url: str) -> bool:
        """Whether a fault may be that of a server which speaks https."""
        return fault in _LEFT_WITHOUT_AN_ANSWER and url.lower().startswith("http:")

    async def looked_into(self, fault: TransportFault, url: str) -> TransportFault:
        """The fault, or ``TLS_EXPECTED`` where that is what is behind it."""
        if not self.would_tell(fault, url):
            return fault
        if url not in self._speaks_tls:
            self._speaks_tls[url] = await _speaks_tls(url)
        return TransportFault.TLS_EXPECTED if self._speaks_tls[url] else fault


async def _speaks_tls(url: str) -> bool:
    parts = urlsplit(url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(_LIMIT_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or 80, ssl=context, server_hostname=parts.hostname
            )
    except (OSError, ValueError):
        return False
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_LIMIT_S):
            await writer.wait_closed()
    return True
