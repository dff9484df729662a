"""Streams through ``check``: sent over a socket to a component in a browser, each of them twice."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import Judgement, SessionJudged
from chatkit_doctor.engine.pipeline import judge_folder
from chatkit_doctor.engine.plan import Drive, Plan
from chatkit_doctor.host.body import ConnectionCut
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.recording.entries.dom import DomState
from chatkit_doctor.recording.entries.sse import SsePosted
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.scenario.backend import UrlBackend
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Limits, Scenario
from chatkit_doctor.scenario.steps import Send
from tests.chatkit_events import HELLO
from tests.fuzz.answers import Answer, Fuzzed
from tests.fuzz.linted import HANG_S, linted
from tests.fuzz.streams import Stream

if TYPE_CHECKING:
    from starlette.types import Receive, Scope
    from starlette.types import Send as SendPart

TIMES: Final = 2
TURN_MS: Final = 15_000
"""What a turn may take, on a busy machine, too: a stream that is taken for one without end is one then."""
_CORS: Final = tuple((b"access-control-allow-" + what, b"*") for what in (b"origin", b"headers", b"methods"))


async def check(streams: Sequence[Stream], runtime: str, folder: Path) -> Fuzzed:
    """What ``check`` makes of the streams on a runtime, and whether it agrees with itself and the screen."""
    fuzzed = Fuzzed(f"check on {runtime}")
    backend = _Backend(streams)
    server = LoopbackServer(backend, name="fuzz")
    server.start()
    try:
        drives = [
            Drive(_scenario(server.port, number), f"{number}-{time_}")
            for number in range(len(streams))
            for time_ in range(TIMES)
        ]
        plan = Plan("fuzz", tuple(drives), folder, runtime, trace=False)
        answers: dict[int, list[_Answered]] = {}
        begun = time.perf_counter()
        async for event in carry_out(plan):
            if isinstance(event, SessionJudged):
                number = event.session.index // TIMES
                answers.setdefault(number, []).append(_Answered.of(event.judgement))
                _look(fuzzed, streams[number], event)
        fuzzed.notes.append(f"{len(drives)} sessions in {time.perf_counter() - begun:.0f} s")
    finally:
        server.stop()
    for number, stream in enumerate(streams):
        given = answers.get(number, [])
        if len(given) != TIMES:
            fuzzed.complain("was not answered", stream.name, f"{len(given)} of {TIMES} times")
        elif stream.is_cut and len({each.events for each in given}) > 1:
            fuzzed.notes.append(f"not all of it came each time: {stream.name}")
        elif any(each.answer.verdict == "inconclusive" for each in given):
            told = " / ".join(str(each.answer) for each in given)
            fuzzed.notes.append(f"a limit was reached: {stream.name} ({told})")
        elif not all(each.answer.is_like(given[0].answer) for each in given):
            told = " / ".join(str(each.answer) for each in given)
            fuzzed.complain("answered otherwise the second time", stream.name, told)
    return fuzzed


@dataclass(frozen=True, slots=True)
class _Answered:
    """The answer about one session, and how many events of the stream the component was handed in it.

    A connection that is reset removes what was not read yet: how much of it there is, is a race.
    """

    answer: Answer
    events: int

    @classmethod
    def of(cls, judgement: Judgement) -> _Answered:
        return cls(Answer.of(judgement.diagnosis), len(judgement.recording.of(SsePosted)))


def _look(fuzzed: Fuzzed, stream: Stream, event: SessionJudged) -> None:
    judgement = event.judgement
    answer = Answer.of(judgement.diagnosis)
    steps = judgement.recording.header.name
    fuzzed.answered(stream.name, judgement.diagnosis)
    fuzzed.took(_duration_s(judgement.recording), f"{steps} {stream.name}")
    begun = time.thread_time()
    again = Answer.of(judge_folder(event.session.directory).diagnosis)
    if time.thread_time() - begun > HANG_S:
        fuzzed.complain("hung when it was judged", stream.name)
    if again != answer:
        fuzzed.complain("answered otherwise of what was written", stream.name, f"{answer} / {again}")
    # A saved answer does not tell that its connection broke.
    diagnosis = None if stream.is_cut else linted(stream)
    foreseen = None if diagnosis is None else Answer.of(diagnosis)
    if is_right(judgement.recording, stream):
        fuzzed.right += 1
        if answer.verdict == "fail":
            fuzzed.complain("a right reply is a failure of check", stream.name, str(answer))
        if foreseen is not None and foreseen.verdict == "fail":
            fuzzed.complain("a right reply is a failure of lint", stream.name, str(foreseen))
    told = set() if foreseen is None else {foreseen.verdict, answer.verdict}
    if len(told) > 1 and "inconclusive" not in told:
        fuzzed.complain("lint and check answer otherwise", stream.name, f"{foreseen} / {answer}")


def is_right(recording: Recording, stream: Stream) -> bool:
    """Whether the screen ends with the message, the replies as they were meant, and nothing else to see."""
    texts: dict[str, str] = {}
    last: DomState | None = None
    for entry in recording.entries:
        if isinstance(entry.data, DomState):
            last = entry.data
            for item in last.items:
                if item.text is not None:
                    texts[item.key] = item.text.after(texts.get(item.key, ""))
    if last is None or last.view != "thread" or last.responding or last.alerts or not stream.replies:
        return False
    shown = [(item.kind, _letters(texts.get(item.key, ""))) for item in last.items]
    said = [text for kind, text in shown if kind == "assistant-message"]
    asked = [text for kind, text in shown if kind == "user-message"]
    return said == [_letters(text) for text in stream.replies] and asked == [_letters(HELLO)]


def _letters(text: str) -> str:
    return "".join(text.split())


def _duration_s(recording: Recording) -> float:
    return max((entry.t for entry in recording.entries), default=0.0) / 1000


def _scenario(port: int, number: int) -> NamedScenario:
    scenario = Scenario(
        title=f"Stream {number}",
        backend=UrlBackend(url=f"http://localhost:{port}/{number}"),
        steps=[Send(text=HELLO)],
        limits=Limits(turn=TURN_MS),
    )
    return NamedScenario(f"fuzz/{number}", Path(), scenario)


class _Backend:
    """Answers each path with the stream of that number, and whatever else is asked as a new store would."""

    def __init__(self, streams: Sequence[Stream]) -> None:
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: SendPart) -> None:
        if scope["type"] != "http":
            return
        stream = self._streams[int(scope["path"].strip("/"))]
        if scope["method"] == "OPTIONS":
            await _respond(send, b"text/plain", [b""])
            return
        asked = json.loads(await _body(receive))
        match asked.get("type"):
            case "threads.create":
                await _respond(send, b"text/event-stream", _pieces(stream), is_cut=stream.is_cut)
            case "threads.list" | "items.list":
                await _respond(send, b"application/json", [b'{"data":[],"has_more":false}'])
            case _:
                await _respond(send, b"application/json", [b"{}"])


def _pieces(stream: Stream) -> Iterable[bytes]:
    # Thousands of writes would be a backend that takes its time, and no other bytes.
    size = max(stream.bytes_per_write, len(stream.body) // 500) if stream.bytes_per_write else 0
    if not size:
        return [stream.body]
    return [stream.body[at : at + size] for at in range(0, len(stream.body), size)]


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        part: dict[str, Any] = dict(await receive())
        body += bytes(part.get("body", b""))
        if not part.get("more_body"):
            return body


async def _respond(send: SendPart, mime: bytes, pieces: Iterable[bytes], *, is_cut: bool = False) -> None:
    headers = [(b"content-type", mime), *_CORS]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(0)
    if is_cut:
        raise ConnectionCut
    await send({"type": "http.response.body", "body": b""})
