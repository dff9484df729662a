"""What fails below HTTP is told in the words of the table, and never as a traceback."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import trustme

from chatkit_doctor.client.failures import UNSAFE_PORTS
from chatkit_doctor.client.session import LiveOptions, converse
from chatkit_doctor.errors import UsageError
from tests.client.backends import talk, the
from tests.conversation import faulty_server as faulty
from tests.conversation.faulty_server import Behaviour, over_tls, serving

PLAIN = {
    "net::ERR_EMPTY_RESPONSE: the server closed the connection without a response": faulty.closes,
    "net::ERR_CONNECTION_RESET: the server reset the connection": faulty.resets,
    "net::ERR_INVALID_HTTP_RESPONSE: the server's response is not HTTP": faulty.speaks_ssh,
    "net::ERR_TOO_MANY_REDIRECTS: the server redirects in a loop": faulty.redirects,
    "net::ERR_UNSAFE_REDIRECT: the server redirects to something that is not an http(s) URL": (
        faulty.redirects_to("file:///etc/hosts")
    ),
    "net::ERR_RESPONSE_HEADERS_TOO_BIG: the server sent too many headers": (faulty.too_many_headers),
}


@pytest.mark.parametrize(("error", "behave"), PLAIN.items())
def test_a_request_without_an_answer_says_why(error: str, behave: Behaviour) -> None:
    with serving(behave) as url:
        call = the(talk(url), "threads.create")
    assert (call.status, call.how, call.error) == (None, "cut", error)


@pytest.mark.parametrize("behave", [faulty.cut_by_length, faulty.cut_in_chunks, faulty.reset_in_body])
def test_a_body_that_breaks_off_says_why(behave: Behaviour) -> None:
    with serving(behave) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert (call.status, call.how, call.body) == (200, "cut", b"data: 1\n\n")
    assert call.error.startswith("net::ERR_")


def test_https_on_an_http_url_is_told_as_what_it_is(tmp_path: Path) -> None:
    with serving(over_tls(faulty.self_signed(tmp_path), faulty.good)) as url:
        call = the(talk(url), "threads.create")
    assert call.error.endswith("the server speaks https on that port, but the URL says http")


def test_http_on_an_https_url_is_told_as_what_it_is() -> None:
    with serving(faulty.refuses_strangers, "https") as url:
        call = the(talk(url), "threads.create")
    assert call.error == (
        "net::ERR_SSL_PROTOCOL_ERROR: the server does not speak https on that port, but the URL says https"
    )


def behind(context: ssl.SSLContext) -> AbstractContextManager[str]:
    return serving(over_tls(context, faulty.good), "https")


def test_a_certificate_that_signs_itself_is_one_failed_request(tmp_path: Path) -> None:
    with behind(faulty.self_signed(tmp_path)) as url:
        call = the(talk(url), "threads.create")
    assert (call.status, call.how) == (None, "cut")
    assert call.error.startswith("net::ERR_CERT_AUTHORITY_INVALID: ")
    assert "self-signed" in call.error


def test_a_server_that_asks_for_a_certificate_is_one_failed_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With TLS 1.3 the refusal comes after the handshake, past what httpx translates."""
    authority = trustme.CA()
    context = faulty.issued(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with behind(context) as url:
        call = the(talk(url), "threads.create")
    assert (call.status, call.how) == (None, "cut")
    assert call.error.startswith("net::ERR_")


def test_a_port_that_browsers_refuse_is_not_asked() -> None:
    for port in sorted(UNSAFE_PORTS, reverse=True):
        try:
            listener = socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
        with listener:
            call = the(talk(f"http://localhost:{port}/chatkit"), "threads.create")
        assert call.error.startswith("net::ERR_UNSAFE_PORT: browsers block")
        return
    pytest.skip("every port that browsers block is taken here")


@pytest.mark.parametrize(
    "url",
    [
        "http://[x",
        "http://a b/",
        "http://x:99999/",
        "http://x:abc/",
        "http://a..b/",
        f"http://{'a' * 5_000}/",
        "http://x/\x1b[31m",
        "http://x/\u202e",
        "http://",
    ],
)
def test_what_is_no_url_is_said_to_be_none(url: str) -> None:
    with pytest.raises(UsageError, match=r"not an http\(s\) URL"):
        asyncio.run(converse(url, LiveOptions(origin="http://localhost:3000")))
