"""Plays the steps of a scenario against its own backend over real sockets, as the component would."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from typing import Any, Final

import httpx

from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Reload, Send

RETRY_AT_MS: Final = (1_500.0, 5_000.0, 11_000.0, 20_000.0, 28_000.0)
"""When the component sends a request again, counted from the first (measured)."""
ANSWERED_AFTER_MS: Final = 50.0
"""Added to what an answer takes: the component draws a message before its answer is there, and here there is
nothing to draw. Without it, whether a frame falls between the two would depend on the machine.
"""
LONGEST_SILENCE_S: Final = 3.0
"""A stream that says nothing for so long is one that never ends."""
MOST_PAGES: Final = 20
"""The component asks on without end; this is enough to see that it would."""


def converse(host: Host, scenario: Scenario) -> Conversation:
    """The conversation that a scenario's steps lead to; the waits before retries are not waited."""
    with host.site(scenario, "") as site, httpx.Client(trust_env=False, timeout=LONGEST_SILENCE_S) as client:
        url = f"{host.origin}{site.api_url}"
        calls = list(_Player(client, url, scenario).calls())
    return Conversation("url", url, tuple(calls))


class _Player:
    def __init__(self, client: httpx.Client, url: str, scenario: Scenario) -> None:
        self._client = client
        self._url = url
        self._scenario = scenario
        self._begun = time.perf_counter()
        self._skipped_ms = 0.0
        """What would have been waited before retries and answers."""
        self._thread: str | None = None

    def calls(self) -> Iterator[Call]:
        """Every call, in order."""
        yield self._list(reload=False)
        for step in self._scenario.steps:
            match step:
                case Send():
                    done = yield from self._send(step.text)
                    if not done:
                        return  # Nobody can type while the component is responding.
                case Reload():
                    if self._scenario.page.remember_thread and self._thread is not None:
                        yield from self._read(self._thread)
                    yield self._list(reload=True)
                case _:
                    raise NotImplementedError(f"this client cannot {step!r}")

    def _now(self) -> float:
        return (time.perf_counter() - self._begun) * 1000 + self._skipped_ms

    def _list(self, *, reload: bool) -> Call:
        return self._post("threads.list", {"limit": 9999, "order": "desc"}, reload=reload)

    def _read(self, thread_id: str) -> Iterator[Call]:
        call = self._post("threads.get_by_id", {"thread_id": thread_id}, reload=True)
        yield call
        page = _document(call).get("items", {})
        for _ in range(MOST_PAGES):
            if not isinstance(page, dict) or not page.get("has_more"):
                return
            params = {"thread_id": thread_id, "limit": 9999, "order": "asc", "after": page.get("after")}
            call = self._post("items.list", params, reload=True)
            yield call
            page = _document(call)

    def _send(self, text: str) -> Generator[Call, None, bool]:
        """One turn; returns whether it ended."""
        input_ = {
            "content": [{"type": "input_text", "text": text}],
            "quoted_text": "",
            "attachments": [],
            "inference_options": {},
        }
        params: dict[str, Any] = {"input": input_}
        op = "threads.create"
        if self._thread is not None:
            op, params = "threads.add_user_message", params | {"thread_id": self._thread}
        begun = self._now()
        call = self._post(op, params)
        yield call
        for after_ms in RETRY_AT_MS:
            if not _is_sent_again(call):
                break
            if after_ms > self._scenario.limits.turn:
                return False
            self._skipped_ms += max(0.0, begun + after_ms - self._now())
            call = self._post(op, params)
            yield call
        self._thread = self._thread or _created(call)
        return call.how != "open"

    def _post(self, op: str, params: dict[str, Any], *, reload: bool = False) -> Call:
        body = json.dumps({"type": op, "params": params}).encode()
        headers = {"content-type": "application/json", "accept": "text/event-stream, */*"}
        sent, answered = self._now(), 0.0
        self._skipped_ms += ANSWERED_AFTER_MS
        chunks: list[Chunk] = []
        status, given, error = None, {}, ""
        how: BodyEnd = "open"
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as response:
                answered, status, given = self._now(), response.status_code, dict(response.headers)
                chunks += (Chunk(self._now(), data) for data in response.iter_bytes())
                how = "finished"
        except httpx.TimeoutException as reason:
            error = str(reason)
        except httpx.DecodingError as reason:
            how, error = "cut", f"net::ERR_CONTENT_DECODING_FAILED: {reason}"
        except httpx.HTTPError as reason:
            how, error = "cut", str(reason)
        return Call(
            op,
            self._url,
            sent,
            body,
            headers,
            status,
            given,
            answered,
            tuple(chunks),
            self._now(),
            how,
            error,
            reload=reload,
        )


def _is_sent_again(call: Call) -> bool:
    """After any answer that is not an event stream; only 4xx is an answer by itself (measured)."""
    if call.status is None or 400 <= call.status < 500:
        return False
    is_stream = call.headers.get("content-type", "").startswith("text/event-stream")
    return not (is_stream and 200 <= call.status < 300)


def _document(call: Call) -> dict[str, Any]:
    try:
        document = json.loads(call.body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _created(call: Call) -> str | None:
    """The thread that a stream announces, as far as it can be read."""
    for line in call.body.replace(b"\r", b"\n").split(b"\n"):
        field, _, data = line.partition(b":")
        if field.strip(b"\xef\xbb\xbf") != b"data" or b"thread.created" not in data:
            continue
        try:
            thread = json.loads(data).get("thread")
        except (ValueError, AttributeError):
            continue
        if isinstance(thread, dict) and thread.get("id") is not None:
            return str(thread["id"])
    return None
