"""The bytes of a body, from the text that a browser made of them."""

from __future__ import annotations

import codecs

import pytest

from chatkit_doctor.gather.decoded_body import bytes_behind

TEXT = "data: “één” 👍\n\n"


@pytest.mark.parametrize(
    ("body", "decoded"),
    [
        (TEXT.encode(), TEXT),
        (codecs.BOM_UTF8 + TEXT.encode(), TEXT),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), TEXT),
        (TEXT.encode(), "data: â€œÃ©Ã©nâ€\x9d ðŸ‘\x8d\n\n"),
        (b"data: \xff\xfe\x80abc", "data: ÿþ€abc"),
        (codecs.BOM_UTF16_LE + b"a\0b\0\0", "ab"),
        (b"", ""),
    ],
)
def test_the_length_tells_how_a_body_was_coded_whose_text_chromium_gave(body: bytes, decoded: str) -> None:
    assert bytes_behind(decoded, len(body)) == body


def test_where_no_coding_fits_the_text_is_kept_as_utf_8() -> None:
    assert bytes_behind("one\ud800", 7_000) == b"one?"
