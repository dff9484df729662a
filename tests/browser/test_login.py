"""A login by hand, and a look at a page from within the user's own browser."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chatkit_doctor import sync
from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.login import require_display, save_login
from chatkit_doctor.browser.remote import RemoteBrowser
from chatkit_doctor.browser.visitor import Cookie, Visitor
from chatkit_doctor.errors import BrowserError, UsageError
from tests.browser.test_providers import remote_debugging
from tests.own_pages import OwnPages, own_pages


@pytest.fixture(scope="module")
def pages() -> Iterator[OwnPages]:
    with own_pages() as pages:
        yield pages


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BrowserError, match="a window needs a display"):
        require_display("login", "Do it elsewhere.")


@pytest.mark.browser
def test_what_the_browser_keeps_of_a_login_is_saved_for_its_owner_alone(
    pages: OwnPages, tmp_path: Path
) -> None:
    save = tmp_path / "login.json"

    async def log_in() -> None:
        done = asyncio.Event()
        done.set()  # As soon as the page is loaded.
        await save_login(f"{pages.url}/login", save, choose_browser(), done)

    asyncio.run(log_in())
    (origin,) = json.loads(save.read_text(encoding="utf-8"))["origins"]
    assert origin == {
        "origin": pages.url,
        "localStorage": [{"name": "login", "value": "st0red-by-the-page"}],
    }
    assert stat.S_IMODE(save.stat().st_mode) == 0o600


@pytest.mark.browser
def test_a_tab_of_its_own_in_somebodys_browser_and_no_other_is_touched(
    pages: OwnPages, tmp_path: Path
) -> None:
    with remote_debugging(tmp_path) as own:
        theirs = _open_tab(own.endpoint)
        result = sync.check_page(
            f"{pages.url}/plain",
            messages=["Hello"],
            reload=False,
            browser_for=lambda visitor: RemoteBrowser(own.endpoint, visitor=visitor),
            runtime="reference",
            output=tmp_path / "reports",
        )
        tabs = _tabs(own.endpoint)
        assert tabs[theirs] == "about:blank"
        assert [url for url in tabs.values() if url.startswith(pages.url)] == []
    assert result.report.verdict == "pass"
    # A trace would show every tab.
    assert not (result.folder / "trace.zip").exists()


@pytest.mark.browser
def test_what_would_change_somebodys_browser_is_refused(pages: OwnPages, tmp_path: Path) -> None:
    url = f"{pages.url}/plain"
    with remote_debugging(tmp_path) as own, pytest.raises(UsageError, match="--cookie cannot be set"):
        sync.check_page(
            url,
            visitor=Visitor(cookies=(Cookie("session", "x", url),)),
            browser_for=lambda visitor: RemoteBrowser(own.endpoint, visitor=visitor),
            runtime="reference",
            output=tmp_path / "reports",
        )


def _open_tab(endpoint: str) -> str:
    """Open a tab in a browser, as its owner; its id."""
    return str(httpx.put(f"{endpoint}/json/new?about:blank", trust_env=False).json()["id"])


def _tabs(endpoint: str) -> dict[str, str]:
    """What the tabs of a browser show, by their ids."""
    found = httpx.get(f"{endpoint}/json/list", trust_env=False).json()
    return {each["id"]: each["url"] for each in found if each["type"] == "page"}
