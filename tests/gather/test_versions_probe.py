"""What a page is made with, as far as it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.gather.probes import HANDLE
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner
from tests.watched_page import watched_page

pytestmark = pytest.mark.browser

WITHOUT_CHAT = scenario_from({"title": "x", "page": {"script": {"load": "never"}}})
SHOWN = """() => {
  const { inject } = window.__REACT_DEVTOOLS_GLOBAL_HOOK__;
  inject({ rendererPackageName: "react-dom", version: "19.1.0" });
  inject({ rendererPackageName: "react-dom", version: "18.3.1" });
  inject({ rendererPackageName: "react-three-fiber", version: "9.0.0" });
  window.next = { version: "15.2.4" };
  document.body.setAttribute("data-v-app", "");
  document.body.__vue_app__ = { version: "3.5.13" };
}"""
"""Where React (for its developer tools), Next.js and Vue say what they are."""
NOT_AS_EXPECTED = """() => {
  window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = { isDisabled: true };
  window.next = { version: "<b>15</b>" };
  document.body.setAttribute("data-v-app", "");
}"""


def told(reference: SessionRunner, folder: Path, page_does: str) -> object:
    """The versions that are told of a page that does such a thing."""

    async def tell() -> object:
        async with watched_page(reference, folder, WITHOUT_CHAT) as (page, _):
            await page.evaluate(page_does)
            inventory: dict[str, Any] = await page.evaluate(f"{HANDLE}.inventory()")
            return inventory["versions"]

    return reference.run(tell())


def test_it_is_told_what_the_page_shows(reference: SessionRunner, tmp_path: Path) -> None:
    assert told(reference, tmp_path, SHOWN) == {
        "react": ["19.1.0", "18.3.1"],
        "next": ["15.2.4"],
        "vue": ["3.5.13"],
    }


def test_nothing_is_made_up(reference: SessionRunner, tmp_path: Path) -> None:
    assert told(reference, tmp_path, NOT_AS_EXPECTED) == {}
