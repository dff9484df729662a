"""The wire as the page itself sees it: which bytes belong to which request."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chatkit_doctor.recording.entries import RequestSent, WireEnd
from chatkit_doctor.recording.reader import load
from chatkit_doctor.scenario.read import scenario_from
from tests.client.backends import served
from tests.session_runner import SessionRunner
from tests.watched_page import watched_page

WITHOUT_CHAT = scenario_from({"title": "x", "page": {"script": {"load": "never"}}})
ASK = """async (url) => {
  const ask = (type, thread_id) => {
    const body = JSON.stringify({type, params: {thread_id}});
    return fetch(url, {method: "POST", body}).then((response) => response.text());
  };
  const waiting = [ask("threads.list", "waits, too"), ask("threads.get_by_id", "waits")];
  await ask("threads.get_by_id", "second");
  await ask("threads.get_by_id", "third");
  await fetch(url, {method: "POST", body: "go on"});
  await Promise.all(waiting);
}"""


@pytest.mark.browser
def test_answers_that_come_in_another_order_belong_to_their_own_requests(tmp_path: Path) -> None:
    async def answer(request: Request) -> Response:
        asked = (await request.body()).decode()
        if asked == "go on":
            may_go_on.set()
        elif "waits" in asked:
            await may_go_on.wait()
        return PlainTextResponse(asked, headers={"access-control-allow-origin": "*"})

    async def ask() -> None:
        async with watched_page(session_runner, tmp_path, WITHOUT_CHAT) as (page, _):
            await page.evaluate(ASK, url)

    may_go_on = asyncio.Event()
    session_runner = SessionRunner("reference", tee=True)
    try:
        with served(answer) as url:
            session_runner.run(ask())
    finally:
        session_runner.close()
    recording = load(tmp_path)
    sent = {entry.data.id: entry.data.body for entry in recording.of(RequestSent)}
    answers = [
        (sent[entry.data.id], json.loads(recording.body(entry.data.body))) for entry in recording.of(WireEnd)
    ]
    assert len(answers) == 4
    assert all(asked == answer for asked, answer in answers)
