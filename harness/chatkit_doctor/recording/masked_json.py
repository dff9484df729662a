"""JSON lines of foreign tools, such as those of a trace, with their secrets masked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from chatkit_doctor.recording.redaction import Redactor, masked_credentials
from chatkit_doctor.recording.secret_shapes import is_secret_member, is_sensitive_header

_NAMED: Final = ('"headers"', '"cookies"', '"postData"')
"""What tells that a line holds pairs of a name and a value."""


def masked_json_lines(text: str, redactor: Redactor) -> str:
    """A text of which each line is a JSON document, masked. What is not JSON is masked as text."""
    lines = text.split("\n")
    touched = redactor.touched(lines)
    for number, line in enumerate(lines):
        if number in touched or any(name in line for name in _NAMED):
            lines[number] = _masked_line(line, redactor)
    return "\n".join(lines)


def _masked_line(line: str, redactor: Redactor) -> str:
    try:
        masked = _masked(json.loads(line), "", redactor)
        # What stands across two strings, or in no string.
        return redactor.text(json.dumps(masked, ensure_ascii=False, separators=(",", ":")))
    except (ValueError, RecursionError):
        return redactor.text(line)


def _masked(value: object, within: str, redactor: Redactor) -> object:
    match value:
        case str():
            return redactor.text(value)
        case list():
            return [_masked(each, within, redactor) for each in value]
        case {"name": str() as name, "value": str() as content, **others}:
            is_secret = within == "cookies" or is_sensitive_header(name) or is_secret_member(name, content)
            kept = masked_credentials(content) if is_secret else redactor.text(content)
            return {"name": redactor.text(name), "value": kept} | dict(_members(others, redactor))
        case dict():
            return dict(_members(value, redactor))
        case _:
            return value


def _members(value: Mapping[object, object], redactor: Redactor) -> Iterator[tuple[str, object]]:
    for key, each in value.items():
        name = str(key)
        if isinstance(each, str):
            yield redactor.text(name), redactor.member(name, each)
        else:
            yield redactor.text(name), _masked(each, name, redactor)
