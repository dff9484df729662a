"""The JSON Schema of one line of a recording's journal: the header, an entry, or the footer."""

from __future__ import annotations

import json
from typing import Any, Final, cast

import msgspec

from chatkit_doctor.recording.entries import AnyEntry, Entry
from chatkit_doctor.recording.header import SCHEMA, Footer, Header

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
ID: Final = f"urn:chatkit-doctor:recording:{SCHEMA}"


def recording_schema() -> dict[str, Any]:
    """The schema of any line; a journal is one JSON object a line."""
    lines, definitions = msgspec.json.schema_components(
        [Header, Entry[AnyEntry], Footer], schema_hook=_anything, ref_template="#/$defs/{name}"
    )
    made = {
        "$schema": DRAFT,
        "$id": ID,
        "title": "A line of a recording of chatkit-doctor",
        "anyOf": list(lines),
        "$defs": definitions,
    }
    # It is called after every type that it can hold.
    (name,) = (name for name in definitions if name.startswith("Entry_"))
    return cast("dict[str, Any]", json.loads(json.dumps(made).replace(name, "Entry")))


def _anything(type_: type) -> dict[str, Any]:
    """The schema of what others wrote. Raises NotImplementedError for any other type."""
    if type_ is object:
        return {"description": "Anything."}
    raise NotImplementedError
