"""A fault below HTTP has one name for Python and for Chromium: each is made on a real socket, for both."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx
import pytest
import trustme
from playwright.sync_api import Browser, sync_playwright

from chatkit_doctor.browser.find import require
from chatkit_doctor.conversation.transport_faults import (
    CERTIFICATE,
    TABLE,
    TLS,
    TransportFault,
    of_exception,
    of_text,
    told,
)
from tests.conversation import faulty_server as faulty
from tests.conversation.faulty_server import nobody, over_tls, serving

F = TransportFault
PAST: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - trustme wants it so


@contextmanager
def at(url: str) -> Iterator[str]:
    yield url


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Trusts that one authority and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


def behind(context: ssl.SSLContext) -> AbstractContextManager[str]:
    return serving(over_tls(context, faulty.good), "https")


def wants_a_certificate(authority: trustme.CA, _: Path) -> AbstractContextManager[str]:
    context = faulty.issued(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    # A later version refuses once the connection stands: as an alert or a reset, whichever comes first.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    authority.configure_trust(context)
    return behind(context)


Made = Callable[[trustme.CA, Path], AbstractContextManager[str]]
CASES: Final[dict[str, tuple[Made, TransportFault]]] = {
    "refused": (lambda _, __: nobody(), F.REFUSED),
    "name": (lambda _, __: at("http://nobody.invalid/chatkit"), F.NAME_UNKNOWN),
    "closed": (lambda _, __: serving(faulty.closes), F.CLOSED),
    "reset": (lambda _, __: serving(faulty.resets), F.RESET),
    "ssh": (lambda _, __: serving(faulty.speaks_ssh), F.NOT_HTTP),
    "cut-by-length": (lambda _, __: serving(faulty.cut_by_length), F.BODY_CUT),
    "cut-in-chunks": (lambda _, __: serving(faulty.cut_in_chunks), F.BODY_CUT),
    "reset-in-body": (lambda _, __: serving(faulty.reset_in_body), F.RESET),
    "undecodable": (lambda _, __: serving(faulty.encoded("gzip", b"data: 1\n\n")), F.BODY_UNDECODABLE),
    "redirects": (lambda _, __: serving(faulty.redirects), F.TOO_MANY_REDIRECTS),
    "redirects-to-a-file": (lambda _, __: serving(faulty.redirects_to("file:///etc/hosts")), F.BAD_REDIRECT),
    "redirects-to-nowhere": (lambda _, __: serving(faulty.redirects_to("http://[::/")), F.BAD_REDIRECT),
    "too-many-headers": (lambda _, __: serving(faulty.too_many_headers), F.HEADERS_TOO_BIG),
    "http-on-https": (lambda _, __: serving(faulty.refuses_strangers, "https"), F.NO_TLS),
    "self-signed": (lambda _, folder: behind(faulty.self_signed(folder)), F.CERTIFICATE_SELF_SIGNED),
    "untrusted": (lambda _, __: behind(faulty.issued(trustme.CA())), F.CERTIFICATE_UNTRUSTED),
    "expired": (lambda ca, _: behind(faulty.issued(ca, until=PAST)), F.CERTIFICATE_EXPIRED),
    "wrong-host": (lambda ca, _: behind(faulty.issued(ca, "other.test")), F.CERTIFICATE_WRONG_HOST),
    "client-certificate": (wants_a_certificate, F.TLS_FAILED),
}
UNTRUSTED_IN_CHROMIUM: Final = {"self-signed", "untrusted", "expired", "wrong-host", "client-certificate"}
"""The authority of these tests is none that Chromium trusts, and it has one name for all who are not."""


async def _ask(url: str, trusting: ssl.SSLContext) -> None:
    timeout = httpx.Timeout(20)
    async with (
        httpx.AsyncClient(verify=trusting, timeout=timeout, trust_env=False) as client,
        client.stream("POST", url, content=b"{}", follow_redirects=True) as response,
    ):
        await response.aread()


def failure(url: str, trusting: ssl.SSLContext) -> BaseException:
    """What Python raises for a URL."""
    # In a thread of its own: the browser of these tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread, pytest.raises((httpx.HTTPError, OSError)) as caught:
        thread.submit(lambda: asyncio.run(_ask(url, trusting))).result()
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_python_meets_it(name: str, authority: trustme.CA, trusting: ssl.SSLContext, tmp_path: Path) -> None:
    make, fault = CASES[name]
    with make(authority, tmp_path) as url:
        assert of_exception(failure(url, trusting)) is fault


def test_python_waits_no_longer_than_it_should() -> None:
    timed_out = httpx.ReadTimeout("")
    timed_out.__cause__ = TimeoutError()
    assert of_exception(timed_out) is F.NO_ANSWER


def test_one_in_a_group_is_found() -> None:
    gone = OSError("All connection attempts failed")
    gone.__cause__ = ExceptionGroup("each", [OSError(113, "No route to host")])
    assert of_exception(gone) is F.UNREACHABLE


def test_what_nobody_knows_is_told_as_such() -> None:
    assert of_exception(ValueError("?")) is F.OTHER
    assert of_text("net::ERR_SOMETHING_NEW") is F.OTHER
    assert of_text("net::ERR_CERT_SOMETHING_NEW") is F.CERTIFICATE_INVALID
    assert of_text("net::ERR_SSL_SOMETHING_NEW") is F.TLS_FAILED
    assert of_text("it failed") is None


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(require().executable))
        yield browser
        browser.close()


FETCH: Final = """async (url) => {
  try { const answer = await fetch(url, {method: "POST", body: "{}"}); await answer.text(); return "fine"; }
  catch (error) { return String(error); }
}"""


@pytest.mark.browser
@pytest.mark.parametrize("name", CASES)
def test_chromium_meets_it(name: str, chromium: Browser, authority: trustme.CA, tmp_path: Path) -> None:
    make, fault = CASES[name]
    expected = F.CERTIFICATE_UNTRUSTED if name in UNTRUSTED_IN_CHROMIUM else fault
    with serving(faulty.says(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as home:
        page = chromium.new_page()
        failures: list[str] = []
        page.on("requestfailed", lambda request: failures.append(request.failure or ""))
        page.goto(home)
        with make(authority, tmp_path) as url, page.expect_event("requestfailed"):
            assert page.evaluate(FETCH, url) != "fine"
        page.close()
    assert [of_text(text) for text in failures] == [expected]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("url", "fault"),
    [("http://localhost:6000/", F.UNSAFE_PORT), ("http://[100::1]/", F.UNREACHABLE)],
)
def test_chromium_does_not_even_ask(url: str, fault: TransportFault, chromium: Browser) -> None:
    with serving(faulty.says(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as home:
        page = chromium.new_page()
        page.goto(home)
        with page.expect_event("requestfailed") as caught:
            page.evaluate(FETCH, url)
        page.close()
    assert of_text(caught.value.failure or "") is fault


@pytest.mark.parametrize("fault", TransportFault)
def test_every_fault_has_a_sentence_and_is_told_by_a_name_of_chromium(fault: TransportFault) -> None:
    assert TABLE[fault].says
    assert TABLE[fault].says[0].islower() or TABLE[fault].says.startswith("HTTP")
    named = of_text(told(fault, "more"))
    assert named is not None
    assert named is fault or fault in {F.CERTIFICATE_SELF_SIGNED, F.TLS_EXPECTED}
    assert told(fault, "more").endswith("(more)")


def test_a_name_stands_for_one_fault() -> None:
    names = [name for row in TABLE.values() for name in row.names]
    assert len(names) == len(set(names))


def test_a_certificate_is_never_taken_for_a_host_that_cannot_be_reached() -> None:
    assert F.CERTIFICATE_SELF_SIGNED in CERTIFICATE < TLS
    assert not {F.REFUSED, F.NAME_UNKNOWN, F.UNREACHABLE, F.NO_ANSWER} & TLS
