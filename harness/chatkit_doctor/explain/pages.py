"""The pages that explain every id: ``python -m chatkit_doctor.explain.pages`` writes them below ``docs``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chatkit_doctor.explain.explain import explanations
from chatkit_doctor.explain.id_page import id_page, id_path
from chatkit_doctor.explain.markdown import WRITTEN, snippets, table, text
from chatkit_doctor.explain.model import Explanation, Kind
from chatkit_doctor.explain.names import foreign_name
from chatkit_doctor.explain.often import ranking
from chatkit_doctor.explain.reports import field_reports, thread_url
from chatkit_doctor.explain.texts import known_texts
from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.protocol.dialects import DIALECTS
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS

FOLDERS: Final = ("causes", "symptoms")
"""Folders in which every page is one of these."""
_EVENTS: Final = {Kind.EVENT: "Events of a stream", Kind.UPDATE: "What thread.item.updated brings"}


def pages() -> dict[str, str]:
    """Every page as Markdown, by its path relative to ``docs``."""
    found = {"causes.md": _joined(_index()), "events.md": _joined(_events()), "names.md": _joined(_names())}
    for explanation in explanations().values():
        if explanation.kind not in _EVENTS:
            found[id_path(explanation)] = id_page(explanation)
    return found


def docs_dir() -> Path:
    """Where the pages are in a checkout."""
    return scenarios_dir().parent / "docs"


def _joined(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _index() -> Iterator[str]:
    yield "# Symptoms, causes and events"
    yield ""
    yield WRITTEN
    yield ""
    yield "A page for each symptom and each cause: what it looks like, what the component does, what to"
    yield "send instead, how often it is the reason, and the scenarios that show it. [events.md](events.md)"
    yield "has the events, and [names.md](names.md) the names and texts of others that lead here."
    yield "`chatkit-doctor explain` shows each of them in the terminal."
    yield ""
    yield "## Symptoms: what the user sees"
    yield from table(
        ("symptom", ""),
        [(f"[{id_}](symptoms/{id_}.md)", text(title)) for id_, title in SYMPTOMS.items()],
    )
    yield ""
    yield "## Causes: why it happens"
    places = dict(ranking(list(CAUSES)))
    rows = [
        (f"[{id_}](causes/{id_}.md)", str(layer or "–"), text(title), str(places.get(id_, "–")))
        for id_, (layer, title) in CAUSES.items()
    ]
    yield from table(("cause", "layer", "", "public places"), rows)
    yield ""
    yield "## How often"
    yield ""
    yield "Nobody knows how often each cause is the reason; what can be counted is who said so in public."
    yield "The number is that of the issue threads, forum posts and notes of public projects that were"
    yield "found to tell of the same fault, each counted once, in 2026. It is the least that there is, and"
    yield "no survey. A cause without a number was not found in any: it comes from the documentation, from"
    yield "the SDK's source, or from measurements. The number of scenarios says how well the catalogue"
    yield "covers a cause, and no more."
    told = [
        (
            text(report.about),
            ", ".join(f"[{cause}](causes/{cause}.md)" for cause in report.causes),
            str(report.places),
            text(report.confirmed) or "–",
            ", ".join(f"[{text(t)}]({thread_url(t)})" for t in report.threads) or "–",
        )
        for report in sorted(field_reports(), key=lambda report: -report.places)
    ]
    yield from table(("what was reported", "here", "places", "confirmed by", "threads"), told)


def _events() -> Iterator[str]:
    yield "# Events"
    yield ""
    yield WRITTEN
    yield ""
    yield "For each event what is sent in its place by mistake, what the component does, and the right one."
    yield "[chatkit-behaviour.md](chatkit-behaviour.md) shows them in order."
    for kind, heading in _EVENTS.items():
        yield ""
        yield f"## {heading}"
        for explanation in explanations().values():
            if explanation.kind is kind:
                yield from _event(explanation)


def _event(explanation: Explanation) -> Iterator[str]:
    yield ""
    yield f"### {explanation.id}"
    yield ""
    yield f"{text(explanation.title)}."
    yield ""
    yield "What goes wrong:"
    yield from snippets(explanation.sent)
    yield ""
    yield text(explanation.does)
    yield ""
    yield "Instead:"
    yield from snippets(explanation.instead)
    related = ", ".join(f"[{text(each)}](#{anchor(each)})" for each in explanation.related)
    if related:
        yield ""
        yield f"Goes with: {related}."


def anchor(heading: str) -> str:
    """The anchor that a heading gets where Markdown is shown: lower case, without dots."""
    return re.sub(r"[^a-z0-9_-]+", "", heading.lower())


def _names() -> Iterator[str]:
    yield "# Names and texts that lead here"
    yield ""
    yield WRITTEN
    yield ""
    yield "What people find in a stream, on a screen, in a console or in a log. `chatkit-doctor explain`"
    yield "takes each of them as it was copied, quotes, `data:` and all."
    yield ""
    yield "## Events of other APIs"
    yield ""
    yield "ChatKit has none of them, and ignores them: [wrong-dialect](causes/wrong-dialect.md)."
    for dialect in DIALECTS:
        if dialect.names:
            yield ""
            yield f"### {dialect.title[:1].upper()}{dialect.title[1:]}"
            yield from table(("event", "to send instead"), [(f"`{n}`", _meant(n)) for n in dialect.names])
    yield ""
    yield "## Texts"
    rows = [
        (
            " … ".join(text(part) for part in known.has),
            text(known.means),
            ", ".join(f"[{id_}]({_page_of(id_)})" for id_ in known.ids),
        )
        for known in known_texts()
    ]
    yield from table(("text", "what it means", "where it leads"), rows)


def _meant(name: str) -> str:
    found = foreign_name(name)
    return text(found.meant) if found is not None and found.meant else "nothing that ChatKit has"


def _page_of(id_: str) -> str:
    return id_path(explanations()[id_])


def write(docs: Path) -> None:
    """Write every page below a folder, and remove those of ids that are no more."""
    wanted = pages()
    for folder in FOLDERS:
        (docs / folder).mkdir(exist_ok=True)
        for page in (docs / folder).glob("*.md"):
            if f"{folder}/{page.name}" not in wanted:
                page.unlink()
    for path, page_text in wanted.items():
        (docs / path).write_text(page_text, encoding="utf-8")


if __name__ == "__main__":
    write(docs_dir())
