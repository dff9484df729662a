"""Capturing does not change what it watches."""

from __future__ import annotations

import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.recording.entries import WireChunk
from chatkit_doctor.recording.reader import load
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner
from tests.watched_page import watched_page

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
    backend = {"kind": "script", "answers": {"*": {"stream": frames}}}
    # Without the component the page is idle, so that whatever delays or joins chunks is the capture's doing.
    return scenario_from({"title": "chunks", "backend": backend, "page": {"script": {"load": "never"}}})


async def read_chunks(session_runner: SessionRunner, folder: Path, *, observed: bool) -> Chunks:
    """The page itself reads a stream and notes when each chunk came; with everything gathered, or nothing."""
    scenario = stream_of_small_chunks()
    async with watched_page(session_runner, folder, scenario, observed=observed) as (page, site):
        chunks = await page.evaluate(READ_STREAM, site.api_url)
    assert load(folder).has(WireChunk) == observed, "capture was on exactly when it should have been"
    return [(t, size) for t, size in chunks]


@pytest.fixture(scope="module")
def readings(reference: SessionRunner, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, list[Chunks]]:
    """Several readings without and with capture, in turn, so that a busy moment meets both."""
    folder = tmp_path_factory.mktemp("capture")
    found: dict[bool, list[Chunks]] = {False: [], True: []}
    for number in range(ROUNDS):
        for observed, so_far in found.items():
            place = folder / f"{number}-{observed}"
            so_far.append(reference.run(read_chunks(reference, place, observed=observed)))
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

    # A busy machine lets chunks come late, and then several at once: the reading that is nearest to the pace
    # at which they were sent tells. A proxy, a buffered copy or a slow observer would move all by whole gaps.
    nearest = {
        observed: min((pace(one) for one in all_), key=lambda gap: abs(gap - GAP_MS))
        for observed, all_ in readings.items()
    }
    assert abs(nearest[True] - nearest[False]) < GAP_MS / 2
