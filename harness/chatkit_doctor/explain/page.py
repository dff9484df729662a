"""The page that explains every id: ``python -m chatkit_doctor.explain.page`` writes ``docs/causes.md``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chatkit_doctor.explain.explain import explanations
from chatkit_doctor.explain.model import RELATED, Explanation, Kind, Snippet
from chatkit_doctor.paths import scenarios_dir

_HEADINGS: Final = {
    Kind.SYMPTOM: "Symptoms: what the person sees",
    Kind.CAUSE: "Causes: why it happens",
    Kind.EVENT: "Events of a stream",
    Kind.UPDATE: "What thread.item.updated brings",
}
_FENCES: Final = {"sse": "text"}
"""Languages that the highlighting of Markdown does not know."""
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]|~])")


def causes_page() -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines()) + "\n"


def page_path() -> Path:
    """Where the page lies in a checkout."""
    return scenarios_dir().parent / "docs" / "causes.md"


def _lines() -> Iterator[str]:
    yield "# Symptoms, causes and events"
    yield ""
    yield "<!-- Written by `make docs` from harness/chatkit_doctor/explain/content; do not edit it here. -->"
    yield ""
    yield "For each id an example of what goes wrong, what the component does with it, and what to do."
    yield "`chatkit-doctor explain ID` shows one of them in the terminal."
    for kind, heading in _HEADINGS.items():
        yield ""
        yield f"## {heading}"
        for explanation in explanations().values():
            if explanation.kind is kind:
                yield from _section(explanation)


def _section(explanation: Explanation) -> Iterator[str]:
    layer = f" Layer: {explanation.layer}." if explanation.kind is Kind.CAUSE and explanation.layer else ""
    yield ""
    yield f"### {explanation.id}"
    yield ""
    yield f"{_text(explanation.title)}.{layer}"
    yield from _snippets("What goes wrong:", explanation.sent)
    yield ""
    yield _text(explanation.does)
    yield from _snippets("Instead:", explanation.instead)
    if explanation.fix:
        yield ""
        yield _text(explanation.fix)
    if explanation.related:
        links = ", ".join(f"[{_text(each)}](#{_anchor(each)})" for each in explanation.related)
        yield ""
        yield f"{RELATED[explanation.kind]}: {links}."


def _snippets(lead: str, snippets: list[Snippet]) -> Iterator[str]:
    yield ""
    yield lead
    for snippet in snippets:
        yield ""
        yield f"```{_FENCES.get(snippet.language, snippet.language)}"
        yield snippet.text
        yield "```"


def _anchor(heading: str) -> str:
    """The anchor that a heading gets where Markdown is shown: lower case, without dots."""
    return re.sub(r"[^a-z0-9_-]+", "", heading.lower())


def _text(text: str) -> str:
    """Text as it stands: no Markdown, no HTML, one line."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


if __name__ == "__main__":
    page_path().write_text(causes_page(), encoding="utf-8")
