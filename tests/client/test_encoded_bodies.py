"""A body behind a content-encoding is read as by a browser: live, within the limits, or told as a fault."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tests.client.backends import ops, served, talk, the

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EVENT: Final = {
    "type": "thread.created",
    "thread": {"id": "thr_1", "items": {"data": [], "has_more": False}},
}
FIRST: Final = f"data: {json.dumps(EVENT)}\n\n".encode()
SECOND: Final = f"data: {json.dumps({'type': 'progress_update', 'text': 'x' * 200})}\n\n".encode()


class Packed:
    """Packs a stream so that each event can be read as soon as it is there."""

    def __init__(self, coding: str) -> None:
        flush: dict[str, Callable[[], Any]] = {
            "gzip": lambda: zlib.compressobj(wbits=31),
            "deflate": zlib.compressobj,
            "br": brotli.Compressor,
            "zstd": zstd.ZstdCompressor,
        }
        self.coding = coding
        self.packer = flush[coding]()

    def event(self, data: bytes) -> bytes:
        if self.coding == "zstd":
            packed: bytes = self.packer.compress(data, zstd.ZstdCompressor.FLUSH_BLOCK)
        elif self.coding == "br":
            packed = self.packer.process(data) + self.packer.flush()
        else:
            packed = self.packer.compress(data) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        return packed


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_an_encoded_stream_stays_live(coding: str) -> None:

    async def slowly() -> AsyncIterator[bytes]:
        packed = Packed(coding)
        yield packed.event(FIRST)
        await asyncio.sleep(0.3)
        yield packed.event(SECOND)

    async def answer(request: Request) -> Response:
        assert request.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        return StreamingResponse(
            slowly(), media_type="text/event-stream", headers={"content-encoding": coding}
        )

    with served(answer) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert [chunk.data for chunk in call.chunks] == [FIRST, SECOND]
    assert (call.how, call.error) == ("finished", "")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_header_that_contradicts_the_body_is_told_by_its_name(coding: str) -> None:
    async def answer(request: Request) -> Response:
        return Response(FIRST, media_type="text/event-stream", headers={"content-encoding": coding})

    with served(answer) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert (call.status, call.how, call.body) == (200, "cut", b"")
    assert call.error.startswith(
        "net::ERR_CONTENT_DECODING_FAILED: the body does not match its content-encoding header "
        f"(it says {coding}, but the body starts with “data: "
    )


def test_a_coding_that_nobody_knows_changes_nothing() -> None:
    async def answer(request: Request) -> Response:
        return Response(FIRST, media_type="text/event-stream", headers={"content-encoding": "utf-8"})

    with served(answer) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert (call.how, call.body) == ("finished", FIRST)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_bomb_is_left_at_the_limit_of_bytes(coding: str) -> None:
    packed = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}
    bomb: bytes = packed[coding](FIRST + b": " + bytes(64 * 1024 * 1024))

    async def answer(request: Request) -> Response:
        return Response(bomb, media_type="text/event-stream", headers={"content-encoding": coding})

    with served(answer) as url:
        found = talk(url, max_bytes=1_000_000)
    assert sum(len(call.body) for call in found.calls) == 1_000_000
    assert found.calls[-1].unread == "the limit of 1,000,000 bytes for all bodies together"
    # Nothing more is requested.
    assert len(ops(found)) <= 2
