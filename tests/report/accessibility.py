"""Whether a document can be used by everybody, as far as a program can tell."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """What axe-core finds wrong, of whatever severity."""
    answer = Axe().run(page, options=options | {"resultTypes": ["violations"]}).response
    return [f"{each['id']}: {node['html'][:200]}" for each in answer["violations"] for node in each["nodes"]]
