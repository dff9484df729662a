"""The film has a picture of what stood for a moment, and costs what it is granted."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.gather import film as gatherer
from chatkit_doctor.gather.observed_page import COMPONENT_FRAME
from chatkit_doctor.recording.entries import DomState, PaintFrame
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.views.film import film, frame_of
from chatkit_doctor.recording.views.messages import messages
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner
from tests.watched_page import watched_page

STANDS_MS: Final = 1_000
"""Long enough for a busy machine, on which a picture takes a while to be begun. How often there is one of
what stands for 150 ms is measured by tests/bench/short_moment.py."""
QUESTION: Final = "Is anything open?"


def vanishing(stands_ms: int = STANDS_MS, **more: object) -> Any:
    """A conversation whose only message goes as soon as the stream is over."""
    stream = [{"event": {"type": "thread.created", "thread": {"id": "thr_1"}}}, {"delay_ms": stands_ms}]
    backend = {"kind": "script", "answers": {"*": {"stream": stream}}}
    return scenario_from({"title": "a moment", "backend": backend, "steps": [{"send": QUESTION}], **more})


INK: Final = """async ([data, top, bottom]) => {
  const image = new Image();
  image.src = `data:image/jpeg;base64,${data}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const {data: pixels} = context.getImageData(0, top, image.width, bottom - top);
  let ink = 0;
  for (let i = 0; i < pixels.length; i += 4) ink += pixels[i] + pixels[i + 1] + pixels[i + 2] < 3 * 200;
  return ink;
}"""
"""How many pixels are darker than a light grey between two lines of a picture: words that fade in count."""


def ink(runner: SessionRunner, picture: Path) -> int:
    """How much is written where messages stand: below the header and above the composer."""

    data = base64.b64encode(picture.read_bytes()).decode()

    async def count() -> int:
        async with runner.browser.tab() as tab:
            found: int = await tab.page.evaluate(INK, [data, 60, 500])
            return found

    return runner.run(count())


@pytest.mark.browser
def test_a_message_that_stands_for_a_moment_is_to_be_seen_in_its_picture(
    session_runner: SessionRunner, tmp_path: Path
) -> None:
    recording = session_runner.record(vanishing(), tmp_path)
    (message,) = recording.derive(messages)
    assert (message.text, message.vanished_ms is not None) == (QUESTION, True)
    here = frame_of(recording.derive(film), 0)
    assert here is not None, [(f.t, f.taken_ms, f.says) for f in recording.derive(film)]
    assert QUESTION in here.says
    assert ink(session_runner, tmp_path / here.file) > 100
    after = recording.derive(film)[recording.derive(film).index(here) + 1]
    assert (after.moment, after.says) == ("vanished", "an empty panel")
    assert ink(session_runner, tmp_path / after.file) == 0


@pytest.mark.browser
def test_without_a_film_nothing_is_said_to_show_what_stood_for_a_moment(
    reference: SessionRunner, tmp_path: Path
) -> None:
    recording = reference.record(vanishing(), tmp_path, film=False)
    assert not recording.has(PaintFrame)
    assert frame_of(recording.derive(film), 0) is None


FLICKER: Final = """() => {
  const main = document.querySelector("main");
  const words = [...main.childNodes];
  let there = true;
  const turn = () => {
    there = !there;
    if (there) main.append(...words);
    else main.replaceChildren();
    requestAnimationFrame(turn);
  };
  turn();
}"""
"""The start screen comes and goes with every frame."""


@pytest.mark.browser
def test_a_page_that_never_comes_to_rest_gets_the_pictures_it_is_granted(
    reference: SessionRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatherer, "GRANTED", 10)
    taken: list[float] = []
    take = gatherer.FilmGatherer._frame

    def counted(self: gatherer.FilmGatherer, event: Any) -> None:
        taken.append(event["metadata"]["timestamp"])
        take(self, event)

    monkeypatch.setattr(gatherer.FilmGatherer, "_frame", counted)

    async def flicker() -> None:
        async with watched_page(reference, tmp_path, scenario_from({"title": "flicker"})) as (page, _):
            await page.frame_locator("openai-chatkit iframe").locator("main").wait_for()
            frame = next(frame for frame in page.frames if frame.name == COMPONENT_FRAME)
            await frame.evaluate(FLICKER)
            async with asyncio.timeout(60):
                while not taken or taken[-1] - taken[0] < 1.5:
                    await asyncio.sleep(0.02)

    reference.run(flicker())
    changes = [state for state in load(tmp_path).of(DomState) if state.data.by == "frame"]
    assert len(changes) > 20, "the page flickered"
    lasted_s = taken[-1] - taken[0]
    # The shutter lets some more through while it closes.
    assert len(taken) <= 10 + gatherer.GRANTED_EACH_S * lasted_s + 5
