"""What a server that gives an http request no answer speaks instead."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chatkit_doctor.conversation.tls_handshake import Handshakes
from chatkit_doctor.conversation.transport_faults import TransportFault
from tests.conversation import faulty_server as faulty
from tests.conversation.faulty_server import over_tls, serving

CLOSED = TransportFault.CLOSED


def looked_into(url: str, fault: TransportFault = CLOSED) -> TransportFault:
    return asyncio.run(Handshakes().looked_into(fault, url))


def test_a_server_that_takes_up_a_handshake_speaks_https(tmp_path: Path) -> None:
    with serving(over_tls(faulty.self_signed(tmp_path), faulty.good)) as url:
        assert looked_into(url) is TransportFault.TLS_EXPECTED


@pytest.mark.parametrize("behave", [faulty.closes, faulty.resets, faulty.speaks_ssh])
def test_one_that_does_not_hung_up_for_another_reason(behave: faulty.Behaviour) -> None:
    with serving(behave) as url:
        assert looked_into(url) is CLOSED


def test_what_tells_enough_and_what_is_https_already_is_not_asked_about() -> None:
    assert looked_into("http://nobody.invalid/", TransportFault.REFUSED) is TransportFault.REFUSED
    assert looked_into("https://nobody.invalid/") is CLOSED
