"""What became of a request that failed, in the words that a browser and this client share."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.conversation.tls_handshake import Handshakes
from chatkit_doctor.conversation.transport_faults import TransportFault, of_exception, told

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


async def described(failure: Exception, url: str, handshakes: Handshakes) -> str:
    """A failure as a call carries it; a server that gives an http request no answer is looked into."""
    fault = await handshakes.looked_into(of_exception(failure), url)
    return told(fault, str(failure) if fault is TransportFault.OTHER else "")
