"""What the browser tells of an answer that CORS keeps from the page, in whichever order it tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.sse import SseGatherer
from chatkit_doctor.gather.wire import WireGatherer
from chatkit_doctor.recording.entries import RequestFailed
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.scenario.select import select
from tests.session_runner import SessionRunner

REQUEST: Final = {
    "requestId": "1",
    "type": "Fetch",
    "wallTime": 1.0,
    "timestamp": 1.0,
    "request": {
        "url": "http://localhost:1/chatkit",
        "method": "POST",
        "headers": {},
        "postData": '{"type": "threads.get_by_id", "params": {}}',
    },
}
ANSWER: Final = {"requestId": "1", "statusCode": 500, "headers": {}}
BLOCKED: Final = {
    "requestId": "1",
    "timestamp": 2.0,
    "errorText": "net::ERR_FAILED",
    "corsErrorStatus": {"corsError": "MissingAllowOriginHeader", "failedParameter": ""},
}
REFUSED: Final = {**BLOCKED, "corsErrorStatus": {"corsError": "PreflightMissingAllowOriginHeader"}}


class _Session:
    """As much of DevTools and of a page as a gatherer of the network asks for."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}
        self.added: list[object] = []
        self.cdp = self
        self.api_urls: frozenset[str] = frozenset()
        clock = SimpleNamespace(now=lambda: 0.0, from_epoch=lambda epoch_ms: epoch_ms)
        self.journal = SimpleNamespace(clock=clock, redactor=Redactor(), add=self._add)

    def on(self, event: str, handler: Any) -> None:
        self.handlers[event] = handler

    async def send(self, _method: str, _params: object) -> None:
        """Nothing is answered."""

    def _add(self, entry: object, *, t: float) -> None:
        assert t >= 0
        self.added.append(entry)


def recorded_of(told: Sequence[tuple[str, object]]) -> list[RequestFailed]:
    """The failures that are written down of what the browser tells in this order."""

    async def gather() -> list[RequestFailed]:
        session = _Session()
        observed = cast("ObservedPage", session)
        wire = WireGatherer(SseGatherer())
        await wire.attach(observed)
        for event, data in told:
            session.handlers[f"Network.{event}"](data)
            await asyncio.sleep(0)
        await wire.finish(observed)
        return [entry for entry in session.added if isinstance(entry, RequestFailed)]

    return asyncio.run(gather())


def test_the_status_is_known_whichever_comes_first() -> None:
    ask, answer, block = (
        ("requestWillBeSent", REQUEST),
        ("responseReceivedExtraInfo", ANSWER),
        ("loadingFailed", BLOCKED),
    )
    for order in ([ask, answer, block], [ask, block, answer], [answer, ask, block]):
        assert [failed.status for failed in recorded_of(order)] == [500]


def test_a_request_that_was_never_made_has_no_status_to_wait_for() -> None:
    (failed,) = recorded_of([("requestWillBeSent", REQUEST), ("loadingFailed", REFUSED)])
    assert failed.status is None


@pytest.mark.browser
def test_without_devtools_a_hidden_error_is_named_beside_cors(tmp_path: Path) -> None:
    (named,) = select(["request/error-without-cors"])
    session_runner = SessionRunner("reference", tee=True)
    try:
        report = session_runner.diagnose(named, tmp_path)
    finally:
        session_runner.close()
    assert report.cause is not None
    assert (report.cause.id, report.cause.confidence) == ("cors-blocked", "likely")
    assert "500" in report.cause.why
