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
from html import unescape
from typing import Final

from chatkit_doctor.runtime.runtime import CDN_ORIGIN

_FROM: Final = re.compile(r"""\bfrom\s*["'](\.{0,2}/[^"'\s]{1,1000})["']""")
_CLAUSE_REVERSED: Final = re.compile(r"[\w$*,{}\s]*")
_VERB: Final = re.compile(r"\b(?:import|export)(?=[\s{*])")
_BARE_IMPORT: Final = re.compile(r"""\bimport\s*["'](\.{0,2}/[^"'\s]{1,1000})["']""")
_DYNAMIC_IMPORT: Final = re.compile(
    r"""(?:\{(?P<before>[^{}]{0,2000})\}\s*=\s*await\s+)?
        \bimport\(\s*["'`](?P<url>\.{0,2}/[^"'`\s]{1,1000})["'`]\s*\)""",
    re.VERBOSE,
)
_THEN: Final = re.compile(
    # A preloading wrapper may appear between the import and what is done with it: `,deps([1,2])).then(`.
    r"""\s*(?:,\s*(?:\[[^\]]*\]|[\w$]+\(\[[\d,\s]*\]\))\s*\)\s*)?\.then\(\s*(?:async\s*)?
        (?:function\s*[\w$]*\s*)?\(?\s*
        (?:\{(?P<fields>[^{}]*)\}|(?P<name>[A-Za-z_$][\w$]*))\s*\)?\s*(?:=>|\{)""",
    re.VERBOSE,
)
# A list that never ends is one to the end of the file: so it is looked for once, not from each beginning.
_PRELOAD_LIST: Final = re.compile(r"""\bm\.f\s*=\s*\[(?P<list>[^\]]*)(?:\]|\Z)""")
_QUOTED_FILE: Final = re.compile(r"""["']([^"'\s]+\.(?:js|mjs|css))["']""")
_ASSET_URL: Final = re.compile(r"""\bnew\s+URL\(\s*["'`]([^"'`\s]+)["'`]\s*,\s*import\.meta\.url""")
_CSS_URL: Final = re.compile(r"""(?:url\(\s*|@import\s+)["']?(?![\w+.-]+:|//|\#)([^"')\s]+)""")
_HTML_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HTML_TAG: Final = re.compile(r"<(script|link)\b([^<>]{0,2000})>", re.IGNORECASE)
_HTML_ATTRIBUTE: Final = re.compile(
    r"""([^\s"'<>/=]{1,100})\s{0,100}=\s{0,100}(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))"""
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$]*\Z")
_SAFE_PATH: Final = re.compile(r"(?:/[\w.@+~-]+)+\Z", re.ASCII)

MAX_REFERENCES: Final = 50_000
"""References of one file, repeated ones among them; the main bundle had 1,841 in June 2026."""
_LONGEST_PATH: Final = 1_000
"""Characters of a URL path, and of its longest part."""
_LONGEST_PART: Final = 200
_THEN_WINDOW: Final = 2_000
"""Characters after ``import("…")`` in which ``.then(module =>`` is looked for."""
_USE_WINDOW: Final = 240
"""Characters after that in which uses of the module are looked for."""


class TooManyReferencesError(ValueError):
    """A file refers to more than anybody's component does."""


@dataclass(slots=True)
class References:
    """What one file refers to, by URL path. ``uses`` holds every script, with the exports asked of it."""

    uses: dict[str, set[str]] = field(default_factory=dict)
    static: set[str] = field(default_factory=set)
    """Scripts without which the file itself cannot run."""
    others: set[str] = field(default_factory=set)
    """Everything that is no script."""
    _seen: int = 0

    def add(self, path: str | None, exports: Iterator[str] | tuple[str, ...] = ()) -> None:
        """Note one reference; anything that is no plain path on the same host is none of ours.

        Raises TooManyReferencesError.
        """
        self._seen += 1
        if self._seen > MAX_REFERENCES:
            raise TooManyReferencesError
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
    if len(path) > _LONGEST_PATH or not _SAFE_PATH.match(path):
        return False
    parts = path.split("/")
    return not {".", ".."} & set(parts) and max(map(len, parts)) <= _LONGEST_PART


def in_script(text: str, base: str) -> References:
    """The references of one ES module at the URL path ``base``.

    Takes a time in proportion to the text, whatever is in it. Raises TooManyReferencesError.
    """
    found = References()
    for clause, url in _static_imports(text):
        path = resolve(url, base)
        found.add(path, tuple(_names_of_clause(clause)))
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
    """The references of one style sheet at the URL path ``base``. Raises TooManyReferencesError."""
    found = References()
    for name in _CSS_URL.findall(text):
        found.add(resolve(name, base))
    return found


def in_document(html: str, base: str) -> DocumentReferences:
    """The references of an HTML document at the URL path ``base``.

    Read by pattern: Python's own parser takes minutes for 256 KB of ``<a <a <a``.
    """
    scripts: list[str] = []
    styles: list[str] = []
    others: list[str] = []
    for tag in _HTML_TAG.finditer(_HTML_COMMENT.sub("", html)):
        attributes = _attributes(tag[2])
        is_script = tag[1].lower() == "script"
        place = attributes.get("src" if is_script else "href", "")
        kinds = attributes.get("rel", "").lower().split()
        is_script |= "modulepreload" in kinds
        kind = scripts if is_script else styles if "stylesheet" in kinds else others
        if place and (path := resolve(place, base)) is not None:
            kind.append(path)
    return DocumentReferences(tuple(scripts), tuple(styles), tuple(others))


def _attributes(text: str) -> dict[str, str]:
    found = _HTML_ATTRIBUTE.finditer(text)
    return {match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in found}


def _static_imports(text: str) -> Iterator[tuple[str, str]]:
    """The clause and the specifier of each ``import … from "…"`` and ``export … from "…"``.

    Each is looked for backwards from its ``from``, and no further than to the one before: from its beginning,
    every ``import`` of a comment would be a search through the rest of the file.
    """
    before = 0
    for match in _FROM.finditer(text):
        possible = text[before : match.start()]
        clause = _CLAUSE_REVERSED.match(possible[::-1])
        before = match.end()
        if clause is not None:
            possible = possible[len(possible) - clause.end() :]
            if (verb := _VERB.search(possible)) is not None:
                yield possible[verb.end() :], match[1]


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
    text = text[match.end() : match.end() + _THEN_WINDOW + _USE_WINDOW]
    then = _THEN.match(text, 0, _THEN_WINDOW)
    if then is None:
        return
    if then["fields"] is not None:
        yield from _left_names(then["fields"], ":")
        return
    window = text[then.end() : then.end() + _USE_WINDOW]
    # Beyond the next import the same short name stands for another module.
    window = window.partition("import(")[0]
    yield from re.findall(rf"(?<![\w$.]){re.escape(then['name'])}\.([A-Za-z_$][\w$]*)", window)
