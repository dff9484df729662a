"""The stand-in for the CDN, seen by a plain TLS client and by a real browser."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from chatkit_doctor.browser.find import require
from chatkit_doctor.loopback import StandIn
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.importing import import_snapshot
from chatkit_doctor.runtime.runtime import CDN_HOST, CDN_ORIGIN, LOADER_PATH, LOADER_URL, Runtime, RuntimeName
from chatkit_doctor.runtime.server import RuntimeServer
from tests.runtime.component import write_component

LIVE = Runtime(RuntimeName.CDN, "for the test", "0" * 64, "Build")
STUBBED = "/assets/ck1/icon-DDDDDDDD.js"


@pytest.fixture
def snapshot(cache: Path, saved: Path) -> Runtime:
    import_snapshot(saved)
    return choose("snapshot")


@pytest.fixture
def server(snapshot: Runtime) -> Iterator[RuntimeServer]:
    with RuntimeServer(snapshot) as server:
        yield server


def _port(server: RuntimeServer) -> int:
    match = re.search(rf"MAP {re.escape(CDN_HOST)}:443 127\.0\.0\.1:(\d+)", " ".join(server.launch_args))
    assert match, server.launch_args
    return int(match[1])


def _connect(port: int) -> http.client.HTTPSConnection:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)


def _get(server: RuntimeServer, path: str, method: str = "GET") -> tuple[int, bytes]:
    connection = _connect(_port(server))
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_files_are_served_over_tls(server: RuntimeServer, snapshot: Runtime) -> None:
    assert _get(server, LOADER_PATH) == (200, snapshot.files[LOADER_PATH].path.read_bytes())


def test_a_query_does_not_matter(server: RuntimeServer) -> None:
    assert _get(server, LOADER_PATH + "?v=2")[0] == 200


def test_head_has_no_body(server: RuntimeServer) -> None:
    assert _get(server, LOADER_PATH, "HEAD") == (200, b"")


def test_nothing_can_be_posted(server: RuntimeServer) -> None:
    assert _get(server, LOADER_PATH, "POST")[0] == 405


def test_the_browser_is_told_to_trust_this_certificate_and_no_other(server: RuntimeServer) -> None:
    connection = _connect(_port(server))
    connection.connect()
    assert isinstance(connection.sock, ssl.SSLSocket)
    der = connection.sock.getpeercert(binary_form=True)
    connection.close()
    assert der
    key = x509.load_der_x509_certificate(der).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    expected = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    assert f"--ignore-certificate-errors-spki-list={expected}" in server.launch_args


def test_the_port_is_closed_at_the_end(snapshot: Runtime) -> None:
    with RuntimeServer(snapshot) as server:
        port = _port(server)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=10):
        pass


def test_the_live_cdn_stays_reachable_in_a_hermetic_session() -> None:
    with RuntimeServer(LIVE) as server:
        assert f"EXCLUDE {CDN_HOST}" in server.launch_args[0]


def test_the_live_cdn_needs_no_rules_otherwise() -> None:
    with RuntimeServer(LIVE, hermetic=False) as server:
        assert not any(
            rules in argument for argument in server.launch_args for rules in ("resolver", "proxy")
        )


STAND_INS = (
    StandIn("*.app.test:443", 4711, "key="),
    StandIn("api.openai.com:443", 4712, "key=", is_real=True),
)


def test_further_names_are_led_to_the_ports_that_answer_for_them() -> None:
    with RuntimeServer(LIVE, stand_ins=STAND_INS) as server:
        rules, trusted, *_ = server.launch_args
    assert "MAP *.app.test:443 127.0.0.1:4711" in rules
    assert "MAP api.openai.com:443 127.0.0.1:4712" in rules
    assert trusted == "--ignore-certificate-errors-spki-list=key="


def test_where_the_network_is_open_nobody_stands_in_for_a_name_that_exists() -> None:
    with RuntimeServer(LIVE, hermetic=False, stand_ins=STAND_INS) as server:
        rules = server.launch_args[0]
    assert "*.app.test" in rules
    assert "api.openai.com" not in rules


def test_hosts_of_the_person_stay_reachable_in_a_hermetic_session(snapshot: Runtime) -> None:
    with RuntimeServer(snapshot, allow_hosts=["api.example.com"]) as server:
        assert "EXCLUDE api.example.com" in server.launch_args[0]


@pytest.fixture
def site() -> Iterator[str]:
    """An empty page on localhost, where a user's page would be."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()

        def log_request(self, *_: object) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """Playwright for this file only: while it runs, no other test may run an event loop."""
    with sync_playwright() as playwright:
        yield playwright


def _launch(driver: Playwright, server: RuntimeServer) -> Browser:
    return driver.chromium.launch(executable_path=str(require().executable), args=server.launch_args)


@pytest.fixture(scope="module")
def chromium(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests that need one, led to one made-up component."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        import_snapshot(write_component(tmp_path_factory.mktemp("saved")))
        runtime = choose("snapshot")
    with RuntimeServer(runtime) as server:
        browser = _launch(driver, server)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser, site: str) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(site)
    yield page
    page.close()


@pytest.mark.browser
def test_a_page_loads_the_component_from_the_cdns_own_url(tab: Page) -> None:
    tab.add_script_tag(url=LOADER_URL)
    assert tab.evaluate("[loaderRan, customElements.get('openai-chatkit') !== undefined]") == [
        f"{CDN_ORIGIN}/deployments/chatkit/index-Made1Up2ab.html",
        True,
    ]


@pytest.mark.browser
def test_modules_of_the_component_can_be_imported_across_origins(tab: Page) -> None:
    assert tab.evaluate(f"import('{CDN_ORIGIN}/assets/ck1/index-AAAAAAAA.js').then((m) => m.shared)") == 1


@pytest.mark.browser
def test_a_stub_is_a_module_of_components_that_show_nothing(tab: Page) -> None:
    described = tab.evaluate(f"""import('{CDN_ORIGIN}{STUBBED}').then((m) => [
        m.default(), m.Star(), m.LottieIcon(), m.__iconNode, m.Star.default === m.default])""")
    assert described == [None, None, None, [], True]


@pytest.mark.browser
@pytest.mark.parametrize("url", ["https://example.com/", "http://192.0.2.1/"])
def test_a_hermetic_browser_reaches_no_other_host(tab: Page, url: str) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        tab.goto(url)


@pytest.mark.browser
@pytest.mark.snapshot
def test_the_imported_component_starts(driver: Playwright, real_snapshot: Runtime, site: str) -> None:
    with RuntimeServer(real_snapshot) as server:
        browser = _launch(driver, server)
        page = browser.new_page()
        page.goto(site)
        page.set_content(f"""<openai-chatkit style="display:block;width:400px;height:600px"></openai-chatkit>
            <script src="{LOADER_URL}"></script>
            <script>customElements.whenDefined("openai-chatkit").then(() =>
              document.querySelector("openai-chatkit").setOptions({{ api: {{ url: "/", domainKey: "x" }} }}))
            </script>""")
        page.frame_locator("iframe").get_by_role("textbox").wait_for(timeout=20_000)
        assert real_snapshot.frame_build in page.frames[1].url
        browser.close()
