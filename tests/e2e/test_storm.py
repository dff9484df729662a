"""What is requested without end is slowed until the page is reloaded: the browser goes on answering."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.browser.storm import LATENCY_MS
from chatkit_doctor.browser.target import Address
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.gather.repeated_requests import WITHOUT_END
from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.recording.entries import RequestSent, SessionSlowed, StepBegin, StepEnd, WireResponse
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.scenario.read import scenario_from
from tests.own_pages import Respond, own_pages
from tests.session_runner import SessionRunner

pytestmark = pytest.mark.browser


def turning_back(*, until_asked: int | None = None) -> Respond:
    """A good backend that takes no notice of where a page of items begins, until asked for so often."""
    answer = ControlBackend(SdkBackend(stream_ms=50)).answer
    pages = 0

    async def respond(asked: Any) -> Response:
        nonlocal pages
        pages += asked["type"] == "items.list"
        if not until_asked or pages <= until_asked:
            asked.get("params", {}).pop("after", None)
        response = await answer(asked)
        if asked["type"] not in {"threads.get_by_id", "items.list"} or (until_asked and pages > until_asked):
            return response
        body = json.loads(bytes(response.body))
        items = body.get("items", body)
        items |= {"has_more": True, "after": items["data"][-1]["id"]}
        return JSONResponse(body)

    return respond


def visited(
    session_runner: SessionRunner, folder: Path, page: str, respond: Respond, *more: Any
) -> Recording:
    scenario = scenario_from({"title": "a storm", "steps": [{"send": "Hello"}, {"reload": {}}, *more]})
    with own_pages(respond=respond) as pages:
        return session_runner.record(scenario, folder, target=Address(f"{pages.url}/{page}"))


def pages_asked(recording: Recording, since_ms: float = 0.0) -> list[float]:
    """When each page of items was requested (ms)."""
    return [e.t for e in recording.of(RequestSent) if e.data.op == "items.list" and e.t > since_ms]


@pytest.mark.parametrize("name", ["plain", "framed-from-another-site"])
def test_a_storm_is_slowed_and_the_session_comes_to_its_end(
    name: str, session_runner: SessionRunner, tmp_path: Path
) -> None:
    recording = visited(session_runner, tmp_path, name, turning_back(), {"send": "And now?"})
    found = diagnose(recording, examine(recording))
    assert (recording.finished, found.verdict) == (True, "fail")
    assert "request-storm" in {symptom.id for symptom in found.symptoms}
    (slowed,) = recording.of(SessionSlowed)
    assert (slowed.data.op, slowed.data.latency_ms) == ("items.list", LATENCY_MS)
    asked = pages_asked(recording)
    assert len([t for t in asked if t <= slowed.t]) >= WITHOUT_END
    # Some are under way when the storm is noticed.
    watched_ms = recording.of(StepEnd)[-1].t - slowed.t - LATENCY_MS / 4
    late = pages_asked(recording, slowed.t + LATENCY_MS / 4)
    assert watched_ms > LATENCY_MS / 2
    assert len(late) <= 1 + watched_ms / LATENCY_MS


def test_a_page_that_is_loaded_anew_is_slowed_no_longer(
    session_runner: SessionRunner, tmp_path: Path
) -> None:
    # The storm goes on until it has been noticed: the next load finds a backend that knows its last page.
    respond = turning_back(until_asked=WITHOUT_END)
    recording = visited(session_runner, tmp_path, "plain", respond, {"reload": {}})
    assert recording.finished
    (slowed,) = recording.of(SessionSlowed)
    reloads = [e for e in recording.of(StepBegin) if e.data.do == "reload"]
    assert reloads[0].t < slowed.t < reloads[1].t
    sent = {e.data.id: e.t for e in recording.of(RequestSent) if e.t > reloads[1].t}
    answered = [e.t - sent[e.data.id] for e in recording.of(WireResponse) if e.data.id in sent]
    assert min(answered) < LATENCY_MS / 2, answered
