"""Capturing does not change what it watches: each chunk reaches the page before the next one is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.gather.film import FilmGatherer
from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.wire import WireGatherer
from chatkit_doctor.recording.entries import PaintFrame, WireChunk, WireEnd
from chatkit_doctor.recording.reader import load
from chatkit_doctor.scenario.read import scenario_from
from chatkit_doctor.vocabulary import Verdict
from tests.client.backends import Handler, served
from tests.session_runner import SessionRunner
from tests.watched_page import watched_page

CHUNKS: Final = [f'data: {{"type": "noise", "number": {number}}}\n\n'.encode() for number in range(30)]
HELD_BACK_LIMIT_S: Final = 60.0
"""A chunk that the page has not read by then is held back by something between it and the server."""
REPLY: Final = "Größe “ten”: 日本語 👍"
FROM_ANYWHERE: Final = {"access-control-allow-origin": "*"}

READ_IN_STEP: Final = """async (url) => {
  const ask = (type) => fetch(url, {method: "POST", body: JSON.stringify({type, params: {}})});
  const reader = (await ask("threads.create")).body.getReader();
  const sizes = [];
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return sizes;
    sizes.push(value.byteLength);
    await ask("chunk read");
  }
}"""


def in_step() -> Handler:
    """Answers with a stream whose next chunk is sent once the page has read the last one."""
    read: asyncio.Queue[None] = asyncio.Queue()

    async def chunks() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            yield chunk
            try:
                await asyncio.wait_for(read.get(), HELD_BACK_LIMIT_S)
            except TimeoutError:
                return

    async def answer(request: Request) -> Response:
        if (await request.json())["type"] == "chunk read":
            read.put_nowait(None)
            return Response(status_code=204, headers=FROM_ANYWHERE)
        return StreamingResponse(chunks(), media_type="text/event-stream", headers=FROM_ANYWHERE)

    return answer


RESTLESS: Final = "void document.body.animate({opacity: [1, 0.5]}, {duration: 200, iterations: Infinity})"
"""Something moves: every frame of the page is another one."""


def film_all(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Leave the shutter open, whatever happens in the page; returns what is set with the first picture."""
    attach, frame = FilmGatherer.attach, FilmGatherer._frame
    filmed = asyncio.Event()

    def on_frame(gatherer: FilmGatherer, event: Mapping[str, Any]) -> None:
        frame(gatherer, event)
        filmed.set()

    async def attached(gatherer: FilmGatherer, observed: ObservedPage) -> None:
        await attach(gatherer, observed)
        gatherer._call(HELD_BACK_LIMIT_S * 1000)

    monkeypatch.setattr(FilmGatherer, "attach", attached)
    monkeypatch.setattr(FilmGatherer, "_frame", on_frame)
    monkeypatch.setattr(FilmGatherer, "_is_granted", lambda *_: True)
    return filmed


async def sizes_read(
    runner: SessionRunner, folder: Path, url: str, *, observed: bool, filmed: asyncio.Event | None = None
) -> list[int]:
    """The sizes of the chunks that the page itself reads, with everything gathered, or nothing."""
    # Without the component the page is idle: whatever holds back or joins chunks is the capture's doing.
    scenario = scenario_from({"title": "chunks", "page": {"script": {"load": "never"}}})
    async with watched_page(runner, folder, scenario, observed=observed) as (page, _):
        await page.evaluate(RESTLESS)
        sizes: list[int] = await page.evaluate(READ_IN_STEP, url)
        if filmed is not None:
            async with asyncio.timeout(HELD_BACK_LIMIT_S):
                await filmed.wait()
    assert load(folder).has(WireChunk) == observed, "capture was on exactly when it should have been"
    return sizes


@pytest.mark.browser
@pytest.mark.parametrize("observed", [False, True], ids=["unwatched", "with capture on"])
def test_each_chunk_reaches_the_page_before_the_next_is_sent(
    reference: SessionRunner, tmp_path: Path, *, observed: bool
) -> None:
    with served(in_step()) as url:
        sizes = reference.run(sizes_read(reference, tmp_path, url, observed=observed))
    assert sizes == [len(chunk) for chunk in CHUNKS]


@pytest.mark.browser
def test_no_chunk_waits_or_is_lost_while_every_frame_is_filmed(
    reference: SessionRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filmed = film_all(monkeypatch)
    with served(in_step()) as url:
        sizes = reference.run(sizes_read(reference, tmp_path, url, observed=True, filmed=filmed))
    assert sizes == [len(chunk) for chunk in CHUNKS]
    assert load(tmp_path).has(PaintFrame), "it was filmed"


@pytest.mark.browser
def test_a_body_that_was_over_before_its_chunks_could_be_asked_for_is_read_as_it_was_sent(
    reference: SessionRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missed(_gatherer: WireGatherer, exchange: Any) -> None:
        exchange.head = b""

    monkeypatch.setattr(WireGatherer, "_stream", missed)
    # Of a type without a charset the browser takes the body for windows-1252.
    answer = {"headers": {"content-type": "text/event-stream"}, "stream": [{"good_turn": {"reply": REPLY}}]}
    backend = {"kind": "script", "answers": {"*": answer}}
    scenario = scenario_from({"title": "one turn", "backend": backend, "steps": [{"send": "Hello"}]})
    recording = reference.record(scenario, tmp_path)
    (body,) = (end.data.body for end in recording.of(WireEnd) if end.data.op == "threads.create")
    assert body is not None
    assert REPLY in (tmp_path / body.file).read_text(encoding="utf-8")
    assert judge(recording, None).diagnosis.verdict is Verdict.PASS
