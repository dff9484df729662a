"""A page that lets in only who is known: by a cookie, a saved login, a header, a password."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.browser.target import Address
from chatkit_doctor.browser.visitor import Cookie, Credentials, Visitor
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Send
from chatkit_doctor.vocabulary import Verdict
from tests.own_pages import OwnPages, own_pages
from tests.session_runner import SessionRunner

TURN = Scenario(title="one turn", steps=[Send(text="Hello there")])
COOKIE: Final = "c0okie-3f9c1b7e5a"
STORED: Final = "st0red-8d2e4f6a1c"
TOKEN: Final = "t0ken-5b7a9c1d3e"
PASSWORD: Final = "passw0rd-2c4e6a8b"


@dataclass(frozen=True)
class Visit:
    """What came of a visit, and what the server was asked meanwhile."""

    pages: OwnPages
    recording: Recording
    setups: list[str]
    folder: Path


@pytest.fixture(scope="module")
def visit(reference: SessionRunner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """One visit to a page on https, with everything that someone can be known by."""
    folder = tmp_path_factory.mktemp("visit")
    setups: list[str] = []

    async def set_up(page: Any) -> None:
        setups.append(page.url)

    with own_pages(secure=True) as pages:
        url = f"{pages.url}/guarded"
        state: Any = {
            "cookies": [],
            "origins": [{"origin": pages.url, "localStorage": [{"name": "login", "value": STORED}]}],
        }
        visitor = Visitor(
            viewport=(900, 700),
            ignore_https_errors=True,
            storage_state=state,
            cookies=(Cookie("session", COOKIE, url),),
            headers={pages.url: {"X-Tenant": TOKEN}},
            credentials=Credentials("ann", PASSWORD, pages.url),
        )

        recording = reference.visit(visitor, TURN, folder, Address(url, setup=set_up))
        yield Visit(pages, recording, setups, folder)


@pytest.mark.browser
def test_the_chat_behind_the_login_is_looked_at(visit: Visit) -> None:
    assert judge(visit.recording, None).diagnosis.verdict is Verdict.PASS


@pytest.mark.browser
def test_the_server_knows_the_visitor(visit: Visit) -> None:
    page = visit.pages.asked("/guarded").headers
    assert page["cookie"] == f"session={COOKIE}"
    assert page["authorization"] == f"Basic {base64.b64encode(f'ann:{PASSWORD}'.encode()).decode()}"
    assert visit.pages.asked("/chatkit").headers["x-stored"] == STORED


@pytest.mark.browser
def test_a_header_goes_to_its_origin_alone(visit: Visit) -> None:
    assert visit.pages.asked("/guarded").headers["x-tenant"] == TOKEN
    assert visit.pages.asked("/chatkit").headers["x-tenant"] == TOKEN
    assert "x-tenant" not in visit.pages.asked("/elsewhere").headers


@pytest.mark.browser
def test_a_header_does_not_follow_a_redirect_to_another_origin(visit: Visit) -> None:
    assert visit.pages.asked("/away").headers["x-tenant"] == TOKEN
    assert "x-tenant" not in visit.pages.asked("/landed").headers


@pytest.mark.browser
def test_what_gets_a_header_streams_as_before(visit: Visit) -> None:
    # The page asks for it once it has read the beginning of a body that then is still open.
    assert visit.pages.asked("/seen").headers["x-tenant"] == TOKEN


@pytest.mark.browser
def test_the_setup_was_there_first(visit: Visit) -> None:
    assert visit.setups == ["about:blank"]


@pytest.mark.browser
def test_nothing_that_somebody_is_known_by_is_in_a_file(visit: Visit) -> None:
    folder = visit.folder
    found = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with zipfile.ZipFile(folder / "trace.zip") as trace:
        found |= {Path(name): trace.read(name) for name in trace.namelist()}
    assert len(found) > 5
    for secret in (COOKIE, STORED, TOKEN, PASSWORD):
        assert [path for path, data in found.items() if secret.encode() in data] == []
