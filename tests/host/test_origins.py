"""Pages and backends under the names and origins that a scenario asks for, over real sockets."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from chatkit_doctor.host.server import Host
from chatkit_doctor.host.site import Site
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.read import scenario_from

STREAM = {"*": {"stream": [{"good_turn": {"reply": "x", "stream_ms": 0}}]}}
VERIFY = "/v1/chatkit/domain_keys/verify"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


@contextmanager
def site(
    host: Host, page: Mapping[str, Any] | None = None, answers: Mapping[str, Any] = STREAM, **backend: Any
) -> Iterator[Site]:
    backend = {"kind": "script", "answers": answers, **backend}
    scenario = scenario_from({"title": "x", "page": page or {}, "backend": backend})
    with host.site(scenario, LOADER_URL) as made:
        yield made


def ask(
    host: Host, url: str, method: str = "GET", body: object = None
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for a URL as a browser does that was led here by the host's names."""
    parts = urlsplit(url)
    ports = {each.names: each.port for each in host.stand_ins}
    name = f"*.{(parts.hostname or '').partition('.')[2]}:{443 if parts.scheme == 'https' else 80}"
    name = f"{parts.hostname}:443" if parts.hostname == "api.openai.com" else name
    port = parts.port or ports[name]
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            "127.0.0.1", port, timeout=10, context=context
        )
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    payload = json.dumps(body) if body is not None else None
    connection.request(method, parts.path, payload, {"host": parts.netloc})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


@pytest.mark.parametrize("served", ["localhost", "http", "https"])
def test_a_page_lies_where_the_scenario_says(host: Host, served: str) -> None:
    with site(host, {"served": served}) as made:
        response, content = ask(host, host.url(made))
    assert response.status == 200
    assert b"openai-chatkit" in content
    assert urlsplit(host.url(made)).scheme == ("https" if served == "https" else "http")


@pytest.mark.parametrize("served", ["localhost", "http", "https"])
def test_a_backend_of_another_origin_answers_on_one(host: Host, served: str) -> None:
    with site(host, {"served": served}, other_origin={}) as made:
        response, _ = ask(host, made.api_url, "POST", {"type": "threads.list", "params": {}})
    assert response.status == 200
    assert response.getheader("access-control-allow-origin") == made.origin
    assert urlsplit(made.api_url).netloc != urlsplit(made.origin).netloc


def test_a_backend_of_the_pages_own_origin_says_nothing_of_cors(host: Host) -> None:
    with site(host) as made:
        url = f"{made.origin}{made.api_url}"
        response, _ = ask(host, url, "POST", {"type": "threads.list", "params": {}})
        preflight, _ = ask(host, url, "OPTIONS")
    assert response.getheader("access-control-allow-origin") is None
    assert preflight.status == 405


@pytest.mark.parametrize(
    ("settings", "header", "value"),
    [
        ({}, "access-control-allow-headers", "*"),
        ({"allow_headers": "content-type"}, "access-control-allow-headers", "content-type"),
        ({"allow_headers": ""}, "access-control-allow-headers", None),
        ({"allow_methods": "GET"}, "access-control-allow-methods", "GET"),
        ({"allow_origin": "https://app.example"}, "access-control-allow-origin", "https://app.example"),
        ({"allow_origin": ""}, "access-control-allow-origin", None),
    ],
)
def test_a_preflight_is_answered_as_the_scenario_says(
    host: Host, settings: dict[str, Any], header: str, value: str | None
) -> None:
    with site(host, other_origin=settings) as made:
        response, _ = ask(host, made.api_url, "OPTIONS")
    assert (response.status, response.getheader(header)) == (200, value)


def test_a_preflight_may_be_refused(host: Host) -> None:
    with site(host, other_origin={"preflight_status": 401}) as made:
        assert ask(host, made.api_url, "OPTIONS")[0].status == 401


@pytest.mark.parametrize(("on_errors", "allowed"), [(True, True), (False, False)])
def test_errors_carry_the_headers_unless_the_scenario_says_no(
    host: Host, on_errors: bool, allowed: bool
) -> None:
    broken = {"threads.list": {"status": 500, "delay_ms": 1}}
    with site(host, answers=broken, other_origin={"on_errors": on_errors}) as made:
        response, _ = ask(host, made.api_url, "POST", {"type": "threads.list", "params": {}})
    assert response.status == 500
    assert (response.getheader("access-control-allow-origin") is not None) == allowed


@pytest.mark.parametrize(("op", "allowed"), [("threads.list", False), ("threads.create", True)])
def test_streams_alone_carry_the_headers_where_the_scenario_says_so(
    host: Host, op: str, allowed: bool
) -> None:
    with site(host, other_origin={"on_json": False}) as made:
        response, _ = ask(host, made.api_url, "POST", {"type": op, "params": {}})
    assert response.status == 200
    assert (response.getheader("access-control-allow-origin") is not None) == allowed


@pytest.mark.parametrize(
    ("check", "status", "verified"),
    [
        ("verified", 200, True),
        ("refused", 200, False),
        ("unknown-key", 404, None),
        ("failing", 503, None),
    ],
)
def test_the_domain_check_answers_for_the_page_that_asks(
    host: Host, check: str, status: int, verified: bool | None
) -> None:
    with site(host, {"served": "https", "domain_check": check}) as made:
        asked = {"referrer_origin": made.origin, "domain_key": "x"}
        response, content = ask(host, f"https://api.openai.com{VERIFY}", "POST", asked)
    assert response.status == status
    assert json.loads(content).get("verified") == verified
    assert response.getheader("access-control-allow-origin") == "*"


def test_a_filters_page_in_place_of_the_domain_check_is_no_answer_to_a_frame(host: Host) -> None:
    with site(host, {"served": "https", "domain_check": "filtered"}) as made:
        asked = {"referrer_origin": made.origin, "domain_key": "x"}
        response, _ = ask(host, f"https://api.openai.com{VERIFY}", "POST", asked)
    assert response.getheader("access-control-allow-origin") is None


def test_the_domain_check_allows_the_frame_to_ask(host: Host) -> None:
    response, _ = ask(host, f"https://api.openai.com{VERIFY}", "OPTIONS")
    assert response.getheader("access-control-allow-headers") == "*"


def test_a_damaged_component_is_loaded_from_a_name_of_its_own(host: Host) -> None:
    with site(host, {"component": "frame-missing"}) as made:
        _, content = ask(host, host.url(made))
    assert b'src="https://frame-missing.cdn.test/deployments/chatkit/chatkit.js"' in content


def test_only_names_that_exist_give_way_to_the_real_ones(host: Host) -> None:
    assert [each.names for each in host.stand_ins if each.is_real] == [
        "api.openai.com:443",
        "us.api.openai.com:443",
    ]


@pytest.mark.parametrize(
    "name", ["evil.example", "localhost.evil.example", "app.test.evil.example", "evil.example:{port}", ""]
)
def test_a_name_that_somebody_else_led_here_is_refused(host: Host, name: str) -> None:
    with site(host) as made:
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
        connection.request("GET", made.path, headers={"host": name.format(port=host.port)})
        response = connection.getresponse()
        body = response.read()
        connection.close()
    assert response.status == 421
    assert made.id.encode() not in body


@pytest.mark.parametrize(
    "name", ["localhost:{port}", "LOCALHOST:{port}", "127.0.0.1:{port}", "{site}.app.test"]
)
def test_the_hosts_own_names_are_answered(host: Host, name: str) -> None:
    with site(host) as made:
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
        own = name.format(port=host.port, site=made.id)
        connection.request("GET", made.path, headers={"host": own})
        response = connection.getresponse()
        response.read()
        connection.close()
    assert response.status == 200
