"""Foreign text is shown as what it is, and nothing in it acts."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from chatkit_doctor.safe_text import clip, one_line, printable, undisguised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[31m", "␛[31m"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\x9b2J", "\ufffd2J"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("\ud800", "\ufffd"),
        ("Grüße, 你好, \U0001f600", "Grüße, 你好, \U0001f600"),
    ],
)
def test_characters_that_act_are_made_visible(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pay\u200bpal", "pay\ufffdpal"),
        ("a\u200eb\u200fc\u061cd", "a\ufffdb\ufffdc\ufffdd"),
        ("\ufeff\u2060\u00ad", "\ufffd\ufffd\ufffd"),
        ("a\u3164b\ufe0f", "a\ufffdb\ufffd"),
        ("a\u2028b\u00a0c\td\ne", "a b c d\ne"),
        ("\x1b]8;;http://x\x07", "␛]8;;http://x␇"),
        ("Grüße, 你好, سلام, e\u0301 \U0001f600", "Grüße, 你好, سلام, e\u0301 \U0001f600"),
    ],
)
def test_what_cannot_be_seen_is_shown_in_names(text: str, expected: str) -> None:
    assert undisguised(text) == expected


def test_no_character_of_unicode_hides_in_a_name() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert {c for c in undisguised(everything) if unicodedata.category(c) in hidden} == {"\n"}


def test_a_clipped_text_says_how_much_is_missing() -> None:
    assert clip("x" * 1_500, 100) == "x" * 100 + "… [1,400 characters more]"


def test_a_text_that_fits_is_left_alone() -> None:
    assert clip("x" * 100, 100) == "x" * 100


def test_one_line_has_no_line_end() -> None:
    assert one_line("two\nlines  here", 100) == "two lines here"
