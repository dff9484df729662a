"""A HAR that is cut off is named as that, wherever it was cut, with the place where it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.conversation.sources import read_file
from chatkit_doctor.errors import RecordingError
from tests.conversation.test_har import URL, entry

TEXT: Final = json.dumps(
    {"log": {"version": "1.2", "entries": [entry(), entry(at="10:00:05.000")]}}, indent=1
)
SECOND: Final = TEXT.index('"startedDateTime"', TEXT.index('"response"'))
"""Within the second entry, before its request."""


def refused(folder: Path, text: str, name: str = "a.har") -> RecordingError:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError) as caught:
        read_file(path)
    return caught.value


SMALL: Final = (
    r'{"log": {"entries": [{"time": -1.5e+3, "ok": true, "request": {"method": "POST", "url": "http://x/"}, '
    r'"text": "\u00e9\n\"x"}, {"none": null, "not": false, "list": [1, 2]}]}}'
)


def test_wherever_it_is_cut_it_is_cut(tmp_path: Path) -> None:
    begin = SMALL.index("[")
    for at in range(begin, len(SMALL)):
        error = refused(tmp_path, SMALL[:at])
        assert error.what.startswith("this HAR is cut off: it ends after "), SMALL[at - 20 : at]
        assert error.hint


@pytest.mark.parametrize(
    ("upto", "place"),
    [
        (SECOND, "in entry 2"),
        (TEXT.rindex('"response"'), f"in entry 2 (POST {URL})"),
        (TEXT.index('"response"') + 30, f"in entry 1 (POST {URL})"),
        (TEXT.rindex("]"), "behind entry 2"),
        (TEXT.index("{", TEXT.index('"entries"')), "before its first entry"),
        (TEXT.index('"entries"'), "before its first entry"),
    ],
)
def test_where_it_ends_is_said(upto: int, place: str, tmp_path: Path) -> None:
    cut = TEXT[:upto]
    error = refused(tmp_path, cut)
    assert error.what == f"this HAR is cut off: it ends after {len(cut.rstrip()):,} characters, {place}"


def test_how_much_is_whole_is_said(tmp_path: Path) -> None:
    assert "1 entries of this one are whole" in refused(tmp_path, TEXT[:SECOND]).hint


def test_a_query_is_not_told(tmp_path: Path) -> None:
    text = TEXT.replace(URL, f"{URL}?token=hidden")
    assert refused(tmp_path, text[: text.rindex('"response"')]).what.endswith(f"in entry 2 (POST {URL})")


@pytest.mark.parametrize("value", ["tr", "fals", "n", "-", "1.", "12e", '"\\', '"\\u00'])
def test_a_value_may_be_cut_in_the_middle(value: str, tmp_path: Path) -> None:
    assert "cut off" in refused(tmp_path, f'{{"log": {{"entries": [{{"a": {value}').what


def test_what_a_download_left_empty_is_no_content(tmp_path: Path) -> None:
    assert "behind entry 2" in refused(tmp_path, TEXT[: TEXT.rindex("]")] + "\0" * 500).what


@pytest.mark.parametrize("left", ["{", '{\n "lo', '{"log"', '{"log": '])
def test_what_is_left_of_its_first_line_is_one_by_its_name(left: str, tmp_path: Path) -> None:
    assert "before its first entry" in refused(tmp_path, left).what
    path = tmp_path / "answer.json"
    path.write_text(left, encoding="utf-8")
    assert read_file(path).kind == "stream"


@pytest.mark.parametrize("damage", [" 1 2", "]", '{"a" 1}', "tru, "])
def test_damage_in_the_middle_is_no_cut(damage: str, tmp_path: Path) -> None:
    text = TEXT[:SECOND] + damage + TEXT[SECOND:]
    assert "is not valid JSON" in refused(tmp_path, text).what
