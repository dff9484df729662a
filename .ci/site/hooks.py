"""What the site has beyond ``docs/``: MkDocs calls these functions while it builds (see mkdocs.yml).

README, CONTRIBUTING and SECURITY are pages of it, and so is the API. A link that leaves ``docs/`` leads to
such a page, or to the file in the repository; where nobody has said which that is, it is plain text.
"""

from __future__ import annotations

import logging
import os
import posixpath
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = {
    "README.md": "index.md",
    ".github/CONTRIBUTING.md": "contributing.md",
    ".github/SECURITY.md": "security.md",
    ".ci/site/api.md": "api.md",
}
"""Files of the repository that are pages of the site."""
_LOG: Final = logging.getLogger("mkdocs.hooks.repository")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Have links rewritten, and the folders of the navigation filled."""
    extensions: list[Any] = config.markdown_extensions
    extensions.append(RepositoryLinks(config.repo_url or ""))
    _fill(config.nav or [], Path(config.docs_dir))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that do not lie in ``docs/``."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_more: Any) -> str:
    """Note where the links of this page begin."""
    RepositoryLinks.page = page.file.src_uri
    return markdown


def _fill(items: list[Any], docs: Path) -> None:
    """Put the pages of a folder in the place of its name (``causes/``)."""
    for item in items:
        for title, inner in item.items() if isinstance(item, dict) else ():
            if isinstance(inner, list):
                _fill(inner, docs)
            elif inner.endswith("/"):
                item[title] = sorted(f"{inner}{page.name}" for page in (docs / inner).glob("*.md"))


class RepositoryLinks(Extension):
    """Links that leave ``docs/``, and what GitHub reads in another way."""

    page = ""
    """The page that is rendered now, relative to ``docs/``."""

    def __init__(self, repository: str) -> None:
        super().__init__()
        self.repository = repository.rstrip("/")

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Come before MkDocs, which would not find the files."""
        md.treeprocessors.register(_Rewriting(md, self.repository), "repository", 1)


class _Rewriting(Treeprocessor):
    def __init__(self, md: Markdown, repository: str) -> None:
        super().__init__(md)
        self._repository = repository

    def run(self, root: Element) -> None:
        for cell in (*root.iter("td"), *root.iter("th")):
            for code in cell.iter("code"):
                # GitHub wants a bar escaped in a table even within code, and shows no backslash.
                code.text = code.text and AtomicString(code.text.replace(r"\|", "|"))
        for element in root.iter():
            for attribute in ("href", "src"):
                link = element.get(attribute)
                if link is not None:
                    self._rewrite(element, attribute, link)

    def _rewrite(self, element: Element, attribute: str, link: str) -> None:
        parts = urlsplit(link)
        if parts.scheme or not parts.path:
            return
        page = RepositoryLinks.page
        source = next((file for file, made in PAGES.items() if made == page), f"docs/{page}")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), parts.path))
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        inside = PAGES.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
        if inside is not None:
            element.set(attribute, os.path.relpath(inside, posixpath.dirname(page) or ".") + fragment)
        elif not (ROOT / target).exists():
            _LOG.warning("Doc file '%s' contains a link '%s', but there is no '%s'.", source, link, target)
        elif self._repository:
            element.set(attribute, f"{self._repository}/blob/HEAD/{target}{fragment}")
        else:
            element.tag = "span"
            del element.attrib[attribute]
