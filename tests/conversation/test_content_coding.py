"""A body behind a content-encoding is what Chromium makes of it, in pieces of any size."""

from __future__ import annotations

import gzip
import random
import sys
import zlib
from collections.abc import Iterator
from typing import Final

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
from playwright.sync_api import Browser, sync_playwright

from chatkit_doctor.browser.find import require
from chatkit_doctor.conversation.content_coding import (
    OFFERED,
    OFFERED_IN_THE_OPEN,
    PIECE_BYTES,
    BodyDecoder,
    UndecodableError,
    codings,
)
from tests.conversation.faulty_server import encoded, says, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT: Final = b"data: hello hello hello hello\n\n" * 20
GZIP: Final = gzip.compress(TEXT, mtime=0)
ZLIB: Final = zlib.compress(TEXT)
BARE: Final = ZLIB[2:-4]
BROTLI: Final[bytes] = brotli.compress(TEXT)
ZSTD: Final = zstd.compress(TEXT)
NAMED: Final = b"\x1f\x8b\x08\x1a" + bytes(6) + b"name\0remark\0" + b"\0\0" + BARE + bytes(8)
EXTRA: Final = b"\x1f\x8b\x08\x04" + bytes(6) + b"\x03\x00abc" + BARE + bytes(8)
WIDE: Final = zstd.compress(TEXT * 50_000, options={zstd.CompressionParameter.window_log: 27})

UNDECODABLE: Final = -1
CASES: Final[dict[str, tuple[str, bytes, int]]] = {
    # What the header says, the body, and how many bytes come of it.
    "gzip": ("gzip", GZIP, 620),
    "gzip-upper-case": ("GZIP", GZIP, 620),
    "x-gzip": ("x-gzip", GZIP, 620),
    "gzip-with-name": ("gzip", NAMED, 620),
    "gzip-with-extra": ("gzip", EXTRA, 620),
    "deflate": ("deflate", ZLIB, 620),
    "deflate-bare": ("deflate", BARE, 620),
    "brotli": ("br", BROTLI, 620),
    "zstd": ("zstd", ZSTD, 620),
    "twice": ("gzip, gzip", gzip.compress(GZIP), 620),
    "two-codings": ("br, gzip", gzip.compress(BROTLI), 620),
    "two-codings-swapped": ("gzip, zstd", gzip.compress(ZSTD), UNDECODABLE),
    "identity": ("identity", TEXT, 620),
    "a-charset": ("utf-8", TEXT, 620),
    "unknown-before": ("aws-chunked, gzip", GZIP, len(GZIP)),
    "unknown-after": ("gzip, identity", GZIP, len(GZIP)),
    "gzip-left-on": ("gzip", TEXT, UNDECODABLE),
    "deflate-left-on": ("deflate", TEXT, UNDECODABLE),
    "brotli-left-on": ("br", TEXT, UNDECODABLE),
    "zstd-left-on": ("zstd", TEXT, UNDECODABLE),
    "gzip-is-zlib": ("gzip", ZLIB, UNDECODABLE),
    "gzip-is-brotli": ("gzip", BROTLI, UNDECODABLE),
    "deflate-is-gzip": ("deflate", GZIP, UNDECODABLE),
    "gzip-and-more": ("gzip", GZIP + b"more", 620),
    "gzip-two-members": ("gzip", GZIP + GZIP, 620),
    "deflate-and-more": ("deflate", ZLIB + b"more", 620),
    "zstd-two-frames": ("zstd", ZSTD + ZSTD, 1240),
    "zstd-and-more": ("zstd", ZSTD + b"more", UNDECODABLE),
    "gzip-wrong-checksum": ("gzip", GZIP[:-8] + bytes(8), 620),
    "gzip-without-checksum": ("gzip", GZIP[:-8], 620),
    "gzip-cut": ("gzip", GZIP[:-12], 290),
    "gzip-one-byte": ("gzip", GZIP[:1], 0),
    "deflate-cut": ("deflate", ZLIB[:-10], 32),
    "deflate-bare-cut": ("deflate", BARE[:-5], 290),
    "brotli-cut": ("br", BROTLI[:-3], 8),
    "zstd-cut": ("zstd", ZSTD[:-3], 0),
    "gzip-empty": ("gzip", b"", 0),
    "deflate-empty": ("deflate", b"", 0),
    "brotli-empty": ("br", b"", 0),
    "zstd-empty": ("zstd", b"", 0),
    "zstd-window-too-wide": ("zstd", WIDE, UNDECODABLE),
}


def size(header: str, body: bytes, step: int) -> int:
    """How many bytes come of a body that is given in pieces."""
    decoder = BodyDecoder(header)
    try:
        pieces = [piece for at in range(0, len(body), step) for piece in decoder.feed(body[at : at + step])]
    except UndecodableError:
        return UNDECODABLE
    assert all(len(piece) <= PIECE_BYTES for piece in pieces)
    whole = b"".join(pieces)
    assert whole in {TEXT[: len(whole)], body, TEXT + TEXT}
    return len(whole)


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize("name", CASES)
def test_a_body_is_decoded_in_pieces_of_any_size(name: str, step: int) -> None:
    header, body, expected = CASES[name]
    assert size(header, body, step) == expected


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    rules = "--host-resolver-rules=MAP *.test 127.0.0.1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(require().executable), args=[rules])
        yield browser
        browser.close()


FETCH: Final = """async (url) => {
  try {
    const answer = await fetch(url, {method: "POST", body: "{}"});
    return (await answer.arrayBuffer()).byteLength;
  } catch { return -1; }
}"""
EMPTY: Final = says(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


@pytest.mark.browser
def test_chromium_makes_the_same_of_each(chromium: Browser) -> None:
    found = {}
    page = chromium.new_page()
    with serving(EMPTY) as home:
        page.goto(home)
        for name, (header, body, _) in CASES.items():
            with serving(encoded(header, body)) as url:
                found[name] = page.evaluate(FETCH, url)
    page.close()
    assert found == {name: expected for name, (_, _, expected) in CASES.items()}


@pytest.mark.browser
@pytest.mark.parametrize(("host", "offered"), [("localhost", OFFERED), ("a.test", OFFERED_IN_THE_OPEN)])
def test_chromium_offers_what_the_client_offers(
    host: str, offered: tuple[str, ...], chromium: Browser
) -> None:
    page = chromium.new_page()
    with serving(EMPTY) as home:
        page.goto(home)
        for name in ("gzip", "brotli", "zstd"):
            header, body, expected = CASES[name]
            with serving(encoded(header, body)) as url:
                request = page.evaluate(FETCH, url.replace("localhost", host))
            assert request == (expected if header in offered else UNDECODABLE)
            decoder = BodyDecoder(header, offered)
            if header in offered:
                assert b"".join(decoder.feed(body)) == TEXT
            else:
                with pytest.raises(UndecodableError, match="browsers do not offer"):
                    list(decoder.feed(body))
    page.close()


def test_what_contradicts_the_header_is_quoted() -> None:
    with pytest.raises(UndecodableError) as caught:
        list(BodyDecoder("gzip").feed(b'data: {"type":\x1b"thread.created"}'))
    assert str(caught.value) == 'it says gzip, but the body starts with “data: {"type":\\x1b"thread.c”'


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_what_was_flushed_comes_at_once(coding: str) -> None:
    """A stream stays live: no event waits for the next one."""
    deflating = zlib.compressobj(wbits=31 if coding == "gzip" else 15)
    brotling = brotli.Compressor()
    zstding = zstd.ZstdCompressor()
    decoder = BodyDecoder(coding)
    for number in range(5):
        event = f"data: {number}\n\n".encode()
        if coding == "br":
            sent = brotling.process(event) + brotling.flush()
        elif coding == "zstd":
            sent = zstding.compress(event, zstd.ZstdCompressor.FLUSH_BLOCK)
        else:
            sent = deflating.compress(event) + deflating.flush(zlib.Z_SYNC_FLUSH)
        assert b"".join(decoder.feed(sent)) == event


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_goes_off_no_further_than_it_is_asked_for(coding: str) -> None:
    """Its 64 MB come in small pieces, each of which must be asked for."""
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
    bomb: bytes = packed[coding](bytes(64 * 1024 * 1024))
    pieces = BodyDecoder(coding).feed(bomb)
    assert [len(next(pieces)) <= PIECE_BYTES for _ in range(100)] == [True] * 100


def test_a_head_without_an_end_is_not_kept() -> None:
    decoder = BodyDecoder("gzip")
    begin = b"\x1f\x8b\x08\x08" + bytes(6)
    for _ in range(6):
        assert list(decoder.feed(begin + b"x" * 10_000)) == []
        begin = b""
    with pytest.raises(UndecodableError):
        list(decoder.feed(b"x" * 10_000))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_noise_is_an_error_or_bytes_and_nothing_else(coding: str) -> None:
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311 - the same every time
        body = bytearray({"gzip": GZIP, "deflate": ZLIB, "br": BROTLI, "zstd": ZSTD}[coding])
        for _ in range(3):
            body[chance.randrange(len(body))] = chance.randrange(256)
        decoder = BodyDecoder(coding)
        try:
            for piece in decoder.feed(bytes(body)):
                assert len(piece) <= PIECE_BYTES
        except UndecodableError:
            pass


def test_codings_are_known_together_or_not_at_all() -> None:
    assert codings(" br ,, X-GZIP") == ("br", "gzip")
    assert codings("gzip, identity") == ()
    assert codings("") == ()
