"""Links of the documentation lead somewhere where it is read as it lies: on GitHub, and in an editor."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.markdown_pages import MarkdownPage, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_link_is_dead(page: MarkdownPage) -> None:
    assert dead(page) == []


@pytest.mark.parametrize("link", ["missing.md", "#missing", "other.md#missing", "other.md#one-2", "../gone/"])
def test_a_dead_link_is_seen(link: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One\n\n## `One`: two\n\n## One\n")
    (tmp_path / "page.md").write_text(
        f"# A page\n\n[good](other.md), [good](#a-page), [good](other.md#one-1), [bad]({link}), "
        "[good](other.md#one-two)\n"
    )
    assert dead(MarkdownPage(tmp_path / "page.md")) == [link]


def dead(page: MarkdownPage) -> list[str]:
    """The links of a page that lead to no file, or to no heading of one."""
    return [link for link in page.links if not _leads_somewhere(page, link)]


def _leads_somewhere(page: MarkdownPage, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return True
    target = page.path.parent / unquote(parts.path) if parts.path else page.path
    if not target.exists():
        return False
    return not parts.fragment or parts.fragment in MarkdownPage(target).anchors
