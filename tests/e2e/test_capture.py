"""Capturing does not change what it watches."""

from __future__ import annotations

import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harness.browser.session import Gatherers
from harness.gather.journal import Journal
from harness.gather.live import Live
from harness.gather.recording import load
from harness.gather.redaction import Redactor
from harness.gather.stage import Stage
from harness.runtime.runtime import CDN_ORIGIN, LOADER_URL
from harness.scenario.backend import ScriptBackend
from harness.scenario.model import PageSetup, Scenario, ScriptTag
from tests.laboratory import Laboratory

Chunks = list[tuple[float, int]]
"""When each chunk came, in ms, and its size in bytes."""

CHUNKS = 30
GAP_MS = 20
ROUNDS = 3

READ_STREAM = """async (url) => {
  const body = JSON.stringify({type: "threads.create", params: {}});
  const response = await fetch(url, {method: "POST", body});
  const reader = response.body.getReader();
  const seen = [];
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return seen;
    seen.push([performance.now(), value.byteLength]);
  }
}"""


def stream_of_small_chunks() -> Scenario:
    frames: list[dict[str, Any]] = []
    for number in range(CHUNKS):
        frames += [{"event": {"type": "noise", "number": number}}, {"delay_ms": GAP_MS}]
    backend = ScriptBackend.model_validate({"kind": "script", "answers": {"*": {"stream": frames}}})
    # Without the component the page is idle, so that whatever delays or joins chunks is the capture's doing.
    return Scenario(title="chunks", backend=backend, page=PageSetup(script=ScriptTag(load="never")))


async def read_chunks(laboratory: Laboratory, folder: Path, *, observed: bool) -> Chunks:
    """The page itself reads a stream and notes when each chunk came; with everything gathered, or nothing."""
    scenario = stream_of_small_chunks()
    async with laboratory.pool.page(observed=observed) as (warm, page, cdp):
        with laboratory.host.site(scenario, LOADER_URL) as site:
            journal = Journal(folder, Redactor(), {})
            stage = Stage(page, warm.context, journal, Live(journal.clock), cdp, CDN_ORIGIN)
            watching = Gatherers.make(warm.channel, has_devtools=cdp is not None).all if observed else ()
            for gatherer in watching:
                await gatherer.attach(stage)
            await page.goto(laboratory.host.url(site), wait_until="domcontentloaded")
            chunks = await page.evaluate(READ_STREAM, site.api_url)
            for gatherer in watching:
                await gatherer.finish(stage)
            journal.close(finished=True)
    assert load(folder).has("wire.chunk") == observed, "capture was on exactly when it should have been"
    return [(t, size) for t, size in chunks]


@pytest.fixture(scope="module")
def readings(
    laboratories: dict[str, Laboratory], tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, list[Chunks]]:
    """Several readings without and with capture, in turn, so that a busy moment meets both."""
    laboratory = laboratories.setdefault("reference", Laboratory("reference"))
    folder = tmp_path_factory.mktemp("capture")
    found: dict[bool, list[Chunks]] = {False: [], True: []}
    for number in range(ROUNDS):
        for observed, so_far in found.items():
            place = folder / f"{number}-{observed}"
            so_far.append(laboratory.run(read_chunks(laboratory, place, observed=observed)))
    return found


@pytest.mark.browser
def test_every_byte_arrives_with_capture_on(readings: dict[bool, list[Chunks]]) -> None:
    totals = {observed: {sum(size for _, size in one) for one in all_} for observed, all_ in readings.items()}
    assert totals[True] == totals[False]


@pytest.mark.browser
def test_a_stream_arrives_in_as_many_chunks_with_capture_on(readings: dict[bool, list[Chunks]]) -> None:
    # A busy machine joins chunks now and then, with or without capture: the best reading of each tells, give
    # or take a tenth. What collects a stream before it passes it on leaves a handful of chunks at most.
    most = {observed: max(len(one) for one in all_) for observed, all_ in readings.items()}
    assert most[True] >= 0.9 * most[False]


@pytest.mark.browser
def test_a_stream_arrives_at_the_same_pace_with_capture_on(readings: dict[bool, list[Chunks]]) -> None:
    def pace(chunks: Chunks) -> float:
        return statistics.median(later - earlier for (earlier, _), (later, _) in pairwise(chunks))

    fastest = {observed: min(pace(one) for one in all_) for observed, all_ in readings.items()}
    # A proxy, a buffered copy or a slow observer would move the median by whole gaps.
    assert abs(fastest[True] - fastest[False]) < GAP_MS / 2
