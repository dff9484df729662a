"""The same files by Playwright's routing, for browsers without resolver rules."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from chatkit_doctor.browser.find import require
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.importing import import_snapshot
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.runtime.server import RuntimeServer


@pytest.mark.browser
def test_the_cdns_own_url_leads_to_the_runtimes_loader(cache: Path, saved: Path) -> None:
    snapshot = import_snapshot(saved).snapshot

    async def loaded() -> tuple[int, str | None]:
        with RuntimeServer(choose("snapshot")) as server:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=str(require().executable))
                context = await browser.new_context()
                await server.route(context)
                page = await context.new_page()
                response = await page.goto(LOADER_URL)
                assert response is not None
                body = await response.text()
                await browser.close()
                return response.status, body

    path = snapshot.files["/deployments/chatkit/chatkit.js"].path
    assert asyncio.run(loaded()) == (200, path.read_text(encoding="utf-8"))
