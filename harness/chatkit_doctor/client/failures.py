"""What became of a request that failed, in the words that a browser and this client share."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.conversation.transport_faults import (
    CERTIFICATE,
    TABLE,
    TransportFault,
    of_exception,
    told,
)
from chatkit_doctor.errors import TargetError

_HANDSHAKE_LIMIT_S: Final = 1.0
_LEFT_WITHOUT_AN_ANSWER: Final = frozenset(
    {TransportFault.CLOSED, TransportFault.RESET, TransportFault.NOT_HTTP}
)

UNSAFE_PORTS: Final = frozenset(
    # https://fetch.spec.whatwg.org/#port-blocking
    {
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
        102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
        465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
        993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
        6668, 6669, 6679, 6697, 10080,
    }
)  # fmt: skip
"""Ports that no browser talks HTTP to."""


async def described(failure: Exception, url: str, speaks_tls: dict[str, bool]) -> str:
    """A failure as a call carries it. Raises TargetError for a certificate that no browser accepts.

    A server that leaves an http request without an answer is tried with a handshake, once for each URL:
    ``speaks_tls`` remembers what came of it.
    """
    fault = of_exception(failure)
    if fault in CERTIFICATE:
        raise TargetError(
            TABLE[fault].says,
            where=url,
            hint="A browser refuses it, too. Use http on localhost, or install its authority here.",
        ) from failure
    if fault in _LEFT_WITHOUT_AN_ANSWER and url.lower().startswith("http:"):
        if url not in speaks_tls:
            speaks_tls[url] = await _speaks_tls(url)
        fault = TransportFault.TLS_EXPECTED if speaks_tls[url] else fault
    return told(fault, str(failure) if fault is TransportFault.OTHER else "")


async def _speaks_tls(url: str) -> bool:
    """Whether the server of an http URL takes up a TLS handshake."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(_HANDSHAKE_LIMIT_S):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or 80, ssl=context, server_hostname=parts.hostname
            )
    except (OSError, ValueError):
        return False
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_HANDSHAKE_LIMIT_S):
            await writer.wait_closed()
    return True
