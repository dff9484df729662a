"""Who has to know is told of a stream that has said all and is silent, and of what breaks the silence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest

from chatkit_doctor.browser import silence
from chatkit_doctor.browser.silence import OnSilence, SoFar, tell_of_silence
from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.recording.journal import Clock
from chatkit_doctor.recording.reader import Recording
from tests.recordings import Made, entry

ITEM = json.dumps({"type": "thread.item.done", "item": {"type": "assistant_message", "id": "msg_1"}})
HEADERS = {"content-type": "text/event-stream"}
ANSWERED = entry(
    2, "wire", "wire.response", id="r1", op="threads.create", url="/", status=200, headers=HEADERS
)
CHUNK = entry(3, "wire", "wire.chunk", id="r1", size=1, at=0)
DONE = entry(3, "sse", "sse.parsed", id="r1", index=0, event="", data=ITEM, at=0)
MORE = entry(90_000, "wire", "wire.chunk", id="r1", size=1, at=1)
ENDED = entry(90_000, "wire", "wire.end", id="r1", op="threads.create", how="finished")


def told(monkeypatch: pytest.MonkeyPatch, *scenes: Sequence[Made]) -> list[str]:
    """What is told when these entries come, each time after what came before has been told of."""
    monkeypatch.setattr(silence, "SILENT_MS", 10)

    async def play() -> list[str]:
        state, heard = SessionState(Clock()), list[str]()
        news = asyncio.Event()

        def hear(what: str) -> None:
            heard.append(what)
            news.set()

        def begins(_so_far: SoFar) -> None:
            hear("silent")

        def so_far() -> Recording:
            raise AssertionError

        telling = asyncio.ensure_future(
            tell_of_silence(state, OnSilence(begins, lambda: hear("broken")), lambda: so_far)
        )
        for scene in scenes:
            news.clear()
            for made in scene:
                state.on_entry(made.t, made.data)
            try:
                async with asyncio.timeout(0.2):
                    await news.wait()
            except TimeoutError:
                pass
        telling.cancel()
        return heard

    return asyncio.run(play())


def test_a_stream_that_has_said_all_and_is_silent_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [ANSWERED, CHUNK, DONE]) == ["silent"]


def test_a_stream_that_has_not_said_all_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [ANSWERED, CHUNK]) == []


@pytest.mark.parametrize("what", [MORE, ENDED], ids=["more comes", "it ends"])
def test_what_breaks_the_silence_is_told_and_no_other_silence_is(
    what: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(monkeypatch, [ANSWERED, CHUNK, DONE], [what], [MORE]) == ["silent", "broken"]
