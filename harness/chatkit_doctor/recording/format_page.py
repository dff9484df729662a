"""The page on the recording's format: ``python -m chatkit_doctor.recording.format_page`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec
from msgspec import inspect as types

from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.recording import journal
from chatkit_doctor.recording.documented import fields_of, shapes_in, summary
from chatkit_doctor.recording.entries import ENTRY_TYPES, kind_of
from chatkit_doctor.recording.header import SCHEMA, Footer, Header
from chatkit_doctor.vocabulary import Layer

_BEGINNING: Final = f"""\
# The recording

<!-- Written by `make docs` from harness/chatkit_doctor/recording; do not edit it here. -->

A recording is a folder: `{journal.FILE_NAME}` (the journal), `{journal.BODIES_DIR}/` (bodies from the wire
and the page's fetch), `screenshots/`, `film/`, `trace.zip`. The journal's first line is the header, its last
the footer; a journal without a footer belongs to an interrupted run. Every other line is an entry:

    {{"n": 17, "t": 812.4, "data": {{"kind": "wire.chunk", …}}}}

Evidence refers to `n`; `t` is in milliseconds on the session's clock. Lines are in the order in which they
reached the journal; sources differ in speed, so sort by `t` (the reader does). A field with its default value
(marked ?) is omitted.

This is schema {SCHEMA}. A journal of another schema is rejected with its number; an entry that does not match
this page is rejected with its line and path. In both cases, record again.

A recording of `lint` has the runtime `model`, no browser, and a target of the kind `url`, `har`, `stream` or
`recording` with `notes`. Its `request` and `wire` entries come from the network; `component` and `dom`
entries are predicted with the component's measured rules. It has no entries of the layers page (except
steps), frame, fetch and paint.
"""

_LIMITS: Final = f"""\
## Limits

| limit | |
| --- | --- |
| entries | {journal.MAX_ENTRIES:,} |
| entries of one kind | {journal.MAX_ENTRIES_PER_KIND:,} |
| characters of a string in an entry | {journal.MAX_STRING:,} |
| bytes of a body | {journal.MAX_BODY:,} |
| bytes of all entries | {journal.MAX_TOTAL_BYTES:,} |

The first time a limit drops an entry of a kind, a `session.capped` entry is written; the footer counts
dropped and shortened entries, and data from a page that was not an entry.
"""

_LAYERS: Final = {
    Layer.PAGE: "The session, and the host page",
    Layer.FRAME: "The component's frame",
    Layer.REQUEST: "Requests to the backend",
    Layer.WIRE: "Answers on the network",
    Layer.FETCH: "The page's fetch",
    Layer.SSE: "Server-sent events",
    Layer.COMPONENT: "The component",
    Layer.DOM: "The rendered transcript",
    Layer.PAINT: "The pixels",
}


def format_page() -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines()) + "\n"


def page_path() -> Path:
    """Where the page is in a checkout."""
    return scenarios_dir().parent / "docs" / "recording.md"


def _lines() -> Iterator[str]:
    yield _BEGINNING
    yield "## Header and footer"
    for name, struct in (("header", Header), ("footer", Footer)):
        yield from _section(f"`{name}`", struct)
    for layer, group in groupby(ENTRY_TYPES, key=lambda entry: entry.layer):
        yield ""
        yield f"## {_LAYERS[layer]} (`{layer}`)"
        for entry in group:
            yield from _section(f"`{kind_of(entry)}`", entry)
    yield ""
    yield "## Shapes"
    for shape in shapes_in((*ENTRY_TYPES, Header)):
        yield from _section(shape.__name__, shape)
    yield ""
    yield _LIMITS.rstrip("\n")


def _section(title: str, struct: type[msgspec.Struct]) -> Iterator[str]:
    yield ""
    yield f"### {title}"
    yield ""
    yield _prose(summary(struct))
    yield ""
    yield "| field | type | |"
    yield "| --- | --- | --- |"
    for field in fields_of(struct):
        name = f"`{field.name}`" if field.required else f"`{field.name}`?"
        yield f"| {name} | {_words(field.type)} | {_prose(field.note)} |"


def _words(type_: types.Type) -> str:
    match type_:
        case types.LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values)
        case types.UnionType(types=options):
            return ", ".join(_words(option) for option in options)
        case types.VarTupleType(item_type=item):
            return f"list of {_words(item)}"
        case types.DictType(value_type=value):
            return f"object of {_words(value)}"
        case types.StructType(cls=struct):
            return f"[{struct.__name__}](#{struct.__name__.lower()})"
        case _:
            return _NAMES[type(type_)]


_NAMES: Final[dict[type[types.Type], str]] = {
    types.StrType: "string",
    types.IntType: "whole number",
    types.FloatType: "number",
    types.BoolType: "true or false",
    types.NoneType: "null",
    # `object`: whatever someone else sent.
    types.CustomType: "JSON",
}


def _prose(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


if __name__ == "__main__":
    page_path().write_text(format_page(), encoding="utf-8")
