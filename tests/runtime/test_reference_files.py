"""The reference component stays small, and its document asks for all of its modules at once."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.paths import static_dir
from chatkit_doctor.runtime import references

ROOT: Final = static_dir() / "reference"
ELEMENTS: Final = ROOT / "frame" / "elements"
"""What makes elements of tags and of Markdown: it knows nothing of ChatKit, and imitates nothing."""
MAX_LINES: Final = 2_600
"""Of JavaScript that imitates the component, blank lines and comments included."""
MAX_LINES_OF_ELEMENTS: Final = 150


def test_the_reference_is_under_2600_lines_of_javascript() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in ROOT.rglob("*.js")}
    elements = {path: lines.pop(path) for path in ELEMENTS.glob("*.js")}
    assert 0 < sum(lines.values()) < MAX_LINES, lines
    assert 0 < sum(elements.values()) < MAX_LINES_OF_ELEMENTS, elements


def test_what_makes_elements_needs_nothing_of_the_component() -> None:
    scripts = {
        path: references.in_script(path.read_text(), f"/{path.name}") for path in ELEMENTS.glob("*.js")
    }
    assert {url for found in scripts.values() for url in found.static} <= {"/dom.js"}


def test_the_document_preloads_every_module_of_the_frame() -> None:
    """A module that is found only when another one has been read costs a round trip more."""
    html = (ROOT / "index-reference.html").read_text()
    modules = {path.relative_to(ROOT / "frame").as_posix() for path in (ROOT / "frame").rglob("*.js")}
    preloaded = {name for name in modules if f'<link rel="modulepreload" href="frame/{name}" />' in html}
    assert modules - preloaded == {"main.js"}, "main.js is the document's own script"
    assert html.count("modulepreload") == len(preloaded), "nothing is preloaded that is not there"


def test_every_module_of_the_frame_is_used() -> None:
    frame = ROOT / "frame"
    modules = {f"/{path.relative_to(frame).as_posix()}": path for path in frame.rglob("*.js")}
    scripts = [references.in_script(path.read_text(), name) for name, path in modules.items()]
    used = {url for found in scripts for url in found.static}
    assert modules.keys() - used == {"/main.js"}
