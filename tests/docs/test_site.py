"""The site is built without a warning, is whole, has no dead link, and asks nothing of any other host."""

from __future__ import annotations

import os
import posixpath
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest
from markdown import Markdown

import chatkit_doctor
from tests.docs.markdown_pages import ROOT

LOADS: Final = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}
"""What a browser fetches by itself, and where its address stands."""


class SitePage(HTMLParser):
    """Where a page leads, what it can be asked for, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {value for name in ("id", "name") if (value := found.get(name))}
        address = found.get(LOADS.get(tag, "")) or ""
        if address and found.get("rel") != "canonical":
            self.loads.append(address)
        if address := found.get("href") or found.get("src") or "":
            self.links.append(address)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SITE_REPOSITORY": ""}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    return folder


def read(folder: Path) -> dict[str, SitePage]:
    """Every page of a site, by its path. That of an unknown address leads nowhere by design."""
    return {
        path.relative_to(folder).as_posix(): SitePage(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.html")
        if path.name != "404.html"
    }


@pytest.fixture(scope="module")
def site(folder: Path) -> dict[str, SitePage]:
    return read(folder)


def dead(site: Mapping[str, SitePage], folder: Path) -> Iterator[str]:
    """Links of the site that lead to no file of it, or to nothing that is there on a page."""
    for name, page in site.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            target = path if parts.path else name
            ids = site[target].ids if target in site else set()
            if not (folder / target).is_file() or (parts.fragment and unquote(parts.fragment) not in ids):
                yield f"{name}: {link}"


def test_every_page_is_on_the_site(site: dict[str, SitePage]) -> None:
    docs = ROOT / "docs"
    written = {path.relative_to(docs).with_suffix(".html").as_posix() for path in docs.rglob("*.md")}
    assert written | {"index.html", "contributing.html", "security.html", "api.html"} == set(site)


def test_no_link_is_dead(site: dict[str, SitePage], folder: Path) -> None:
    assert list(dead(site, folder)) == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "there.html").write_text("")
    one = SitePage('<a href="there.html#here"></a><a href="gone.html"></a><a href="#gone"></a><p id="here">')
    sites = {"one.html": one, "there.html": SitePage('<p id="there">')}
    (tmp_path / "one.html").write_text("")
    assert list(dead(sites, tmp_path)) == [
        "one.html: there.html#here",
        "one.html: gone.html",
        "one.html: #gone",
    ]


def test_a_page_loads_nothing_from_another_host(site: dict[str, SitePage]) -> None:
    assert {address for page in site.values() for address in page.loads if urlsplit(address).netloc} == set()


def test_everything_that_can_be_imported_is_explained(site: dict[str, SitePage]) -> None:
    names = set(chatkit_doctor.__all__) - {"__version__"}
    assert {name for name in names if f"chatkit_doctor.{name}" not in site["api.html"].ids} == set()


def test_a_bar_in_code_in_a_table_has_no_backslash(folder: Path) -> None:
    assert "list (scenarios|audits|" in re.sub("<[^>]+>", "", (folder / "commands.html").read_text())


@pytest.mark.parametrize(
    ("page", "link", "repository", "shown"),
    [
        (
            "ci.md",
            "../Makefile#L3",
            "https://git.example/doctor",
            'href="https://git.example/doctor/blob/HEAD/Makefile#L3"',
        ),
        ("ci.md", "../Makefile", "", "<span>there</span>"),
        ("causes/wrong-dialect.md", "../ci.md#github", "", 'href="../ci.md#github"'),
        ("causes/wrong-dialect.md", "../../README.md", "", 'href="../index.md"'),
        ("index.md", "docs/ci.md", "", 'href="ci.md"'),
        ("contributing.md", "../docs/ci.md", "", 'href="ci.md"'),
        ("ci.md", "https://example.com/", "", 'href="https://example.com/"'),
        ("ci.md", "#github", "", 'href="#github"'),
    ],
)
def test_a_link_leads_to_the_page_or_to_the_repository(
    page: str, link: str, repository: str, shown: str
) -> None:
    links = runpy.run_path(str(ROOT / ".ci" / "site" / "hooks.py"))["RepositoryLinks"]
    links.page = page
    assert shown in Markdown(extensions=[links(repository)]).convert(f"[there]({link})")
