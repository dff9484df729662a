"""The page on the recording's format says what the types say."""

from __future__ import annotations

import pytest

from chatkit_doctor.recording.documented import fields_of
from chatkit_doctor.recording.entries import ENTRY_TYPES, DomState, EntryData, FetchChunk, PageCsp, kind_of
from chatkit_doctor.recording.format_page import format_page, page_path


def test_the_page_is_not_stale() -> None:
    assert page_path().read_text(encoding="utf-8") == format_page(), "run `make docs`"


@pytest.mark.parametrize("type_", ENTRY_TYPES, ids=kind_of)
def test_every_kind_and_field_is_there(type_: type[EntryData]) -> None:
    section = format_page().split(f"### `{kind_of(type_)}`\n")[1].split("\n#")[0]
    assert all(f"| `{name}`" in section for name in type_.__struct_fields__)


def test_a_field_is_told_of_by_itself_its_base_or_its_enumeration() -> None:
    def note(type_: type[EntryData], name: str) -> str:
        return next(field.note for field in fields_of(type_) if field.name == name)

    assert note(FetchChunk, "size") == "In bytes."
    assert note(FetchChunk, "call").startswith("Identifies the call")
    assert note(DomState, "view").startswith("What the panel shows")
    assert "frame" in note(PageCsp, "where")
    assert note(PageCsp, "blocked") != ""


def test_the_values_of_an_enumeration_are_there() -> None:
    assert "| `view` | `blank`, `start`, `thread` |" in format_page()
