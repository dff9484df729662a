"""The pages below docs: one for each symptom and cause, up to date, with links that lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from chatkit_doctor.explain.pages import FOLDERS, anchor, docs_dir, pages, write
from chatkit_doctor.protocol.dialects import DIALECTS
from chatkit_doctor.protocol.events import EVENT_TYPES, UPDATE_TYPES
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS

CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
PAGES = pages()


def test_every_symptom_and_every_cause_has_a_page() -> None:
    wanted = {f"causes/{id_}.md" for id_ in CAUSES} | {f"symptoms/{id_}.md" for id_ in SYMPTOMS}
    assert {path for path in PAGES if "/" in path} == wanted


def test_the_pages_are_up_to_date() -> None:
    docs = docs_dir()
    stale = [path for path, text in PAGES.items() if (docs / path).read_text("utf-8") != text]
    assert stale == [], "run `make docs`"


def test_there_is_no_page_of_what_is_no_more() -> None:
    there = {f"{folder}/{page.name}" for folder in FOLDERS for page in (docs_dir() / folder).iterdir()}
    assert there - set(PAGES) == set()


def test_every_link_of_the_docs_leads_somewhere() -> None:
    documents = {path: CODE.sub("", path.read_text(encoding="utf-8")) for path in docs_dir().rglob("*.md")}
    links = [(path, link) for path, text in documents.items() for link in LINK.findall(text)]
    assert len(links) > 1_000
    assert [(path.name, link) for path, link in links if _is_broken(link, path)] == []


def _is_broken(link: str, page: Path) -> bool:
    if link.startswith("https://"):
        return False
    file, _, fragment = link.partition("#")
    target = (page.parent / file).resolve() if file else page
    if not target.exists():
        return True
    return bool(fragment) and fragment not in _anchors(target)


@cache
def _anchors(page: Path) -> frozenset[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r" +", "-", anchor_of(heading)) for heading in headings)


def anchor_of(heading: str) -> str:
    """The anchor of a heading whose words are blanks apart."""
    return re.sub(r"[^\w\- ]", "", heading.lower())


def test_a_page_goes_from_what_is_seen_to_what_to_send() -> None:
    page = PAGES["causes/wrong-dialect.md"]
    parts = ["# wrong-dialect", "## What it looks like", "On the network: 200, text/event-stream"]
    parts += ["## What goes wrong", "response.output_text.delta", "## What to do instead", '"thread.created"']
    parts += [
        "## How often it is the cause",
        "at least 5 public places",
        "## Scenarios",
        "seed/attempt-3.yaml",
    ]
    parts += ["protocol/hand-written.yaml", "## What it can cause", "../symptoms/blank-panel.md"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_a_symptom_has_its_causes_with_their_numbers() -> None:
    rows = [line for line in PAGES["symptoms/reply-overwritten.md"].splitlines() if line.startswith("| [")]
    assert rows[0].startswith("| [item-id-collision](../causes/item-id-collision.md) |")
    assert re.search(r"\| 11 \| \d+ \|$", rows[0])


def test_every_event_has_its_heading() -> None:
    headings = set(re.findall(r"^### (.*)$", PAGES["events.md"], re.MULTILINE))
    assert headings == EVENT_TYPES | UPDATE_TYPES
    assert f"(#{anchor('thread.item.updated')})" in PAGES["events.md"]


def test_every_name_of_the_table_is_on_its_page() -> None:
    names = [name for dialect in DIALECTS for name in dialect.names]
    assert [name for name in names if f"| `{name}` |" not in PAGES["names.md"]] == []


def test_writing_removes_the_page_of_an_id_that_is_no_more(tmp_path: Path) -> None:
    (tmp_path / "causes").mkdir()
    (tmp_path / "causes" / "gone.md").write_text("old", encoding="utf-8")
    write(tmp_path)
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")}
    assert there == set(PAGES)
