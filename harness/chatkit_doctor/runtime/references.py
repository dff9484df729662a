"""Which other files a component's files refer to, and what they use of them.

Bundles are read by pattern, not by a parser: what matters is the module syntax that bundlers print (Rollup,
Vite, esbuild), with relative or root-relative specifiers. A reference seen too much costs an entry in a list
of missing files; the ones that decide whether a copy is usable (static imports) are unambiguous.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from chatkit_doctor.runtime.runtime import CDN_ORIGIN

_STATIC_IMPORT: Final = re.compile(
    r"""\b(?P<verb>import|export)\s*(?P<clause>[\w$*,{}\s]*?)\s*\bfrom\s*["'](?P<url>\.{0,2}/[^"'\s]+)["']"""
)
_BARE_IMPORT: Final = re.compile(r"""\bimport\s*["'](\.{0,2}/[^"'\s]+)["']""")
_DYNAMIC_IMPORT: Final = re.compile(
    r"""(?:\{(?P<before>[^{}]*)\}\s*=\s*await\s+)?\bimport\(\s*["'`](?P<url>\.{0,2}/[^"'`\s]+)["'`]\s*\)"""
)
_THEN: Final = re.compile(
    # A preloading wrapper may stand between the import and what is done with it: `,deps([1,2])).then(`.
    r"""\s*(?:,\s*(?:\[[^\]]*\]|[\w$]+\(\[[\d,\s]*\]\))\s*\)\s*)?\.then\(\s*(?:async\s*)?
        (?:function\s*[\w$]*\s*)?\(?\s*
        (?:\{(?P<fields>[^{}]*)\}|(?P<name>[A-Za-z_$][\w$]*))\s*\)?\s*(?:=>|\{)""",
    re.VERBOSE,
)
_PRELOAD_LIST: Final = re.compile(r"""\bm\.f\s*=\s*\[(?P<list>[^\]]*)\]""")
_QUOTED_FILE: Final = re.compile(r"""["']([^"'\s]+\.(?:js|mjs|css))["']""")
_ASSET_URL: Final = re.compile(r"""\bnew\s+URL\(\s*["'`]([^"'`\s]+)["'`]\s*,\s*import\.meta\.url""")
_CSS_URL: Final = re.compile(r"""(?:url\(\s*|@import\s+)["']?(?![\w+.-]+:|//|\#)([^"')\s]+)""")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$]*\Z")
_SAFE_PATH: Final = re.compile(r"(?:/[\w.@+~-]+)+\Z", re.ASCII)

_USE_WINDOW: Final = 240
"""Characters after ``.then(module =>`` in which uses of the module are looked for."""


@dataclass(slots=True)
class References:
    """What one file refers to, by URL path. ``uses`` holds every script, with the exports asked of it."""

    uses: dict[str, set[str]] = field(default_factory=dict)
    static: set[str] = field(default_factory=set)
    """Scripts without which the file itself cannot run."""
    others: set[str] = field(default_factory=set)
    """Everything that is no script."""

    def add(self, path: str | None, exports: Iterator[str] | tuple[str, ...] = ()) -> None:
        """Note one reference; anything that is no plain path on the same host is none of ours."""
        if path is None:
            return
        if path.endswith((".js", ".mjs")):
            self.uses.setdefault(path, set()).update(exports)
        else:
            self.others.add(path)


@dataclass(frozen=True, slots=True)
class DocumentReferences:
    """What a frame's document loads: what it needs, and what is decoration (icons)."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    others: tuple[str, ...]


def resolve(specifier: str, base: str) -> str | None:
    """The URL path a specifier leads to from a file at ``base``, or None if it leads off the host."""
    specifier = specifier.removeprefix(CDN_ORIGIN)
    if "//" in specifier or ":" in specifier:
        return None
    plain = specifier.partition("?")[0].partition("#")[0]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    return path if is_safe_path(path) else None


def is_safe_path(path: str) -> bool:
    """Whether a URL path can also be a path below a folder of ours."""
    return bool(_SAFE_PATH.match(path)) and not {".", ".."} & set(path.split("/"))


def in_script(text: str, base: str) -> References:
    """The references of one ES module at the URL path ``base``."""
    found = References()
    for match in _STATIC_IMPORT.finditer(text):
        path = resolve(match["url"], base)
        found.add(path, tuple(_names_of_clause(match["clause"])))
        if path:
            found.static.add(path)
    for match in _BARE_IMPORT.finditer(text):
        path = resolve(match[1], base)
        found.add(path)
        if path:
            found.static.add(path)
    for match in _DYNAMIC_IMPORT.finditer(text):
        found.add(resolve(match["url"], base), _names_used(match, text))
    for preload in _PRELOAD_LIST.finditer(text):
        for name in _QUOTED_FILE.findall(preload["list"]):
            # Bundlers list preloads from the root of the site, or explicitly from the file itself.
            found.add(resolve(name if name.startswith((".", "/")) else f"/{name}", base))
    for name in _ASSET_URL.findall(text):
        found.add(resolve(name, base))
    return found


def in_style(text: str, base: str) -> References:
    """The references of one style sheet at the URL path ``base``."""
    found = References()
    for name in _CSS_URL.findall(text):
        found.add(resolve(name, base))
    return found


def in_document(html: str, base: str) -> DocumentReferences:
    """The references of an HTML document at the URL path ``base``."""
    reader = _DocumentReader()
    reader.feed(html)
    reader.close()

    def paths(specifiers: list[str]) -> tuple[str, ...]:
        return tuple(path for s in specifiers if (path := resolve(s, base)) is not None)

    return DocumentReferences(paths(reader.scripts), paths(reader.styles), paths(reader.others))


class _DocumentReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and values.get("src"):
            self.scripts.append(values["src"])
        elif tag == "link" and values.get("href"):
            kinds = values.get("rel", "").lower().split()
            if "modulepreload" in kinds:
                self.scripts.append(values["href"])
            elif "stylesheet" in kinds:
                self.styles.append(values["href"])
            else:
                self.others.append(values["href"])


def _names_of_clause(clause: str) -> Iterator[str]:
    """Exports named by ``d, {a as b, c}`` of an import, or by ``{a as b}`` of a re-export."""
    head, _, rest = clause.partition("{")
    if re.match(r"\s*[A-Za-z_$]", head):
        yield "default"
    yield from _left_names(rest.rpartition("}")[0], " as ")


def _left_names(fields: str, separator: str) -> Iterator[str]:
    for part in fields.split(","):
        name = part.partition(separator)[0].partition("=")[0].strip()
        if _IDENTIFIER.match(name):
            yield name


def _names_used(match: re.Match[str], text: str) -> Iterator[str]:
    """Exports that the code around ``import("…")`` takes from the module."""
    if match["before"] is not None:
        yield from _left_names(match["before"], ":")
    then = _THEN.match(text, match.end())
    if then is None:
        return
    if then["fields"] is not None:
        yield from _left_names(then["fields"], ":")
        return
    window = text[then.end() : then.end() + _USE_WINDOW]
    # Beyond the next import the same short name stands for another module.
    window = window.partition("import(")[0]
    yield from re.findall(rf"(?<![\w$.]){re.escape(then['name'])}\.([A-Za-z_$][\w$]*)", window)
