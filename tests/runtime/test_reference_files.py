"""The reference component stays small, and its document asks for all of its modules at once."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.paths import static_dir
from chatkit_doctor.runtime import references

ROOT: Final = static_dir() / "reference"
MAX_LINES: Final = 1_500
"""Of JavaScript, blank lines and comments included."""


def test_the_reference_is_under_1500_lines_of_javascript() -> None:
    lines = {path.name: len(path.read_text().splitlines()) for path in ROOT.rglob("*.js")}
    assert 0 < sum(lines.values()) < MAX_LINES, lines


def test_the_document_preloads_every_module_of_the_frame() -> None:
    """A module that is found only when another one has been read costs a round trip more."""
    html = (ROOT / "index-reference.html").read_text()
    modules = {path.name for path in (ROOT / "frame").glob("*.js")}
    preloaded = {name for name in modules if f'<link rel="modulepreload" href="frame/{name}" />' in html}
    assert modules - preloaded == {"main.js"}, "main.js is the document's own script"
    assert html.count("modulepreload") == len(preloaded), "nothing is preloaded that is not there"


def test_every_module_of_the_frame_is_used() -> None:
    scripts = {path: references.in_script(path.read_text(), f"/{path.name}") for path in ROOT.rglob("*.js")}
    used = {url.removeprefix("/") for found in scripts.values() for url in found.static}
    assert {path.name for path in (ROOT / "frame").glob("*.js")} - used == {"main.js"}
