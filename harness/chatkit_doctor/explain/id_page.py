"""The page of one symptom or cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.explain.markdown import WRITTEN, scenario_links, snippets, table, text
from chatkit_doctor.explain.model import Explanation, Kind
from chatkit_doctor.explain.often import ranking
from chatkit_doctor.explain.reports import reported, thread_url
from chatkit_doctor.explain.shown import catalogue
from chatkit_doctor.vocabulary import CAUSES

_UP = "../../"
_FOLDERS = {Kind.CAUSE: "causes", Kind.SYMPTOM: "symptoms"}


def id_path(explanation: Explanation) -> str:
    """Where the page is, relative to ``docs``. Raises KeyError for what has no page of its own."""
    return f"{_FOLDERS[explanation.kind]}/{explanation.id}.md"


def id_page(explanation: Explanation) -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines(explanation)) + "\n"


def _lines(explanation: Explanation) -> Iterator[str]:
    layer = f" Layer: {explanation.layer}." if explanation.layer else ""
    yield f"# {explanation.id}"
    yield ""
    yield WRITTEN
    yield ""
    yield f"A {explanation.kind}: {text(explanation.title)}.{layer} [All of them](../causes.md)."
    yield ""
    yield "## What it looks like"
    yield ""
    yield from (f"- {where}: {text(seen)}" for where, seen in explanation.signs.items())
    yield ""
    yield "## What goes wrong"
    yield from snippets(explanation.sent)
    yield ""
    yield text(explanation.does)
    yield ""
    yield "## What to do instead"
    yield from snippets(explanation.instead)
    if explanation.fix:
        yield ""
        yield text(explanation.fix)
    yield from _often(explanation)
    yield from _scenarios(explanation)
    yield from _related(explanation)


def _often(explanation: Explanation) -> Iterator[str]:
    if not explanation.often:
        return
    yield ""
    yield (
        "## How often it is the cause" if explanation.kind is Kind.CAUSE else "## Its most frequent causes"
    )
    yield ""
    yield text(explanation.often)
    threads = [thread for report in reported(explanation.id) for thread in report.threads]
    if threads:
        yield ""
        yield f"To read: {', '.join(f'[{text(t)}]({thread_url(t)})' for t in dict.fromkeys(threads))}."
    yield ""
    yield "[How this was counted](../causes.md#how-often)."


def _scenarios(explanation: Explanation) -> Iterator[str]:
    shown = catalogue().ids[explanation.id]
    yield ""
    yield "## Scenarios"
    yield ""
    found = f"It is found in {len(shown.scenarios)} of the {catalogue().failing} scenarios that fail"
    if shown.scenarios:
        yield f"{found}: {scenario_links(shown.scenarios, _UP)}."
    elif shown.warned:
        yield f"It is reported as a warning in {scenario_links(shown.warned, _UP)}."
    else:
        yield "No scenario shows it."
    if shown.near:
        yield ""
        yield f"Near misses: {scenario_links(shown.near, _UP)}."
    yield ""
    yield f"```sh\nchatkit-doctor explain {explanation.id}"
    yield from (f"chatkit-doctor run {name}" for name in explanation.scenarios[:1])
    yield "```"


def _related(explanation: Explanation) -> Iterator[str]:
    if not explanation.related:
        return
    yield ""
    yield "## What it can cause" if explanation.kind is Kind.CAUSE else "## What can cause it"
    beside = catalogue().ids[explanation.id].beside
    ids = sorted(explanation.related, key=lambda id_: -beside.get(id_, 0))
    if explanation.kind is Kind.CAUSE:
        yield from table(
            ("symptom", "scenarios in which both are found"),
            [(f"[{id_}](../symptoms/{id_}.md)", _number(beside.get(id_, 0))) for id_ in ids],
        )
    else:
        yield from _causes(ids, beside)


def _causes(ids: Sequence[str], beside: dict[str, int]) -> Iterator[str]:
    places = dict(ranking(ids))
    ids = sorted(ids, key=lambda id_: (id_ not in beside, -places.get(id_, 0), -beside.get(id_, 0)))
    rows = [
        (
            f"[{id_}](../causes/{id_}.md)",
            text(CAUSES[id_][1]),
            _number(places.get(id_, 0)),
            _number(beside.get(id_, 0)),
        )
        for id_ in ids
    ]
    yield from table(("cause", "", "public places", "scenarios with it as the root cause"), rows)


def _number(count: int) -> str:
    return str(count) if count else "–"
