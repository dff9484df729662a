"""The stand-ins for hosted mode: who gives client secrets, and who takes them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from chatkit_doctor.host.hosted import PATH, secret_for
from chatkit_doctor.host.server import Host
from chatkit_doctor.host.site import Site
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.page import PageSetup

LIST = {"type": "threads.list", "params": {"limit": 1}}


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


def scenario(way: str) -> Scenario:
    page = PageSetup.model_validate({"client_secret": way})
    return Scenario(title="hosted", page=page, backend=SdkBackend())


def issued(host: Host, site: Site, *, renews: bool = False) -> httpx.Response:
    return httpx.post(f"{host.url(site)}client-secret", params={"renews": renews})


def service(host: Host, secret: str) -> int:
    headers = {"authorization": f"Bearer {secret}".strip()}
    return httpx.post(f"{host.origin}{PATH}", json=LIST, headers=headers).status_code


def test_a_secret_that_was_issued_is_taken(host: Host) -> None:
    with host.site(scenario("given"), "") as site:
        assert service(host, issued(host, site).json()["client_secret"]) == 200


@pytest.mark.parametrize("secret", ["", "ek_nobody_00bm90", "sk-123"])
def test_what_is_no_secret_is_refused(host: Host, secret: str) -> None:
    with host.site(scenario("given"), ""):
        assert service(host, secret) == 401


def test_one_that_has_expired_is_refused_and_renewed(host: Host) -> None:
    with host.site(scenario("renewed"), "") as site:
        assert service(host, issued(host, site).json()["client_secret"]) == 401
        assert service(host, issued(host, site, renews=True).json()["client_secret"]) == 200


def test_an_endpoint_that_refuses_gives_none(host: Host) -> None:
    with host.site(scenario("refused"), "") as site:
        assert issued(host, site).status_code == 500


def test_a_secret_is_good_for_its_own_site_only(host: Host) -> None:
    with host.site(scenario("given"), "") as site:
        secret = secret_for(site, lifetime_s=60)
    assert service(host, secret) == 401


def test_a_page_in_hosted_mode_has_no_address_of_an_api(host: Host) -> None:
    with host.site(scenario("given"), "") as site:
        assert site.config()["options"]["api"] == {}
