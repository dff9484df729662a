"""Plays the component's part against a live backend: messages, a reload, and a few probes.

The requests, their bodies, headers, order and repetitions are those of the real component (measured). What it
would not send is marked as a probe.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from chatkit_doctor.client.http import Answer, Bounds, Client, Page, opened
from chatkit_doctor.client.listening import is_deserted
from chatkit_doctor.client.probes import DOES, READING, Probe
from chatkit_doctor.component.retry import mean_waits_ms
from chatkit_doctor.conversation.answers import UnreadableError, document_of, is_retriable
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.errors import UsageError
from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import JsonObject, as_object
from chatkit_doctor.scenario.check import http_parts, require_reachable
from chatkit_doctor.vocabulary import STREAMING_OPS

MESSAGES: Final = ("Hello", "And a second message")
MOST_TOOL_CALLS: Final = 8
"""Calls of client tools that are answered in one turn."""
MOST_PAGES: Final = 50
"""Pages of items that are read of one thread."""
PROBE_LIMIT_S: Final = 10.0
UNKNOWN_THREAD: Final = "thr_that_does_not_exist"
PROBE_TITLE: Final = "Checked by chatkit-doctor"

NO_ORIGIN: Final = "CORS was not checked: pass your page's origin with --origin"


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How to talk to a backend.

    ``headers`` are added to every request; ``origin`` is that of the page which would hold the component:
    the backend's own where none is given, so that no rule of CORS applies. ``probes`` are what may be tried.
    ``longest_wait_s`` cuts the waits before retries short: how often it asks matters more than when.
    """

    messages: tuple[str, ...] = MESSAGES
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    origin: str = ""
    probes: frozenset[Probe] = READING
    turn_limit_s: float = 60.0
    max_events: int = 15_000
    max_bytes: int = 16 * 1024 * 1024
    """Of all bodies together."""
    longest_wait_s: float = 2.0


async def converse(
    url: str, options: LiveOptions, *, waiting: Callable[[], None] = lambda: None
) -> Conversation:
    """The conversation of a whole session: opened, each message sent, reloaded, probed.

    ``waiting`` is called when the first message is about to be sent: from then on the backend has the word,
    and there is time for other things.

    Raises UsageError for what is no HTTP URL, and TargetError when nothing answers there.
    """
    check_url(url)
    page = Page(_origin(options.origin or url), options.headers)
    await asyncio.to_thread(require_reachable, url)
    async with opened(
        url, page, Bounds(options.turn_limit_s, options.max_events, options.max_bytes)
    ) as client:
        session = _Session(client, options, waiting)
        await session.run()
    calls = sorted(session.calls, key=lambda call: call.t_ms)
    notes = [*client.ledger.notes, *([] if options.origin else [NO_ORIGIN])]
    return Conversation("url", url, tuple(calls), tuple(notes))


def check_url(url: str) -> None:
    """Raises UsageError for what is no http(s) URL, or holds a name or a password."""
    parts = http_parts(url)
    if parts is None:
        hint = "For example http://localhost:8000/chatkit"
        raise UsageError("this is not an http(s) URL", where=url, hint=hint)
    if parts.username is not None or parts.password is not None:
        where = f"{parts.scheme}://…@{parts.hostname}"
        hint = "Browsers do not send such a request. Use --header 'Authorization: Basic …'."
        raise UsageError("the URL contains a user name or a password", where=where, hint=hint)


def _origin(given: str) -> str:
    """An origin as a browser writes it. Raises UsageError for what has none."""
    parts = http_parts(given)
    if parts is None or parts.port == 0:
        hint = "For example http://localhost:3000"
        raise UsageError("this is not an origin of a page", where=f"--origin {given}", hint=hint)
    return f"{parts.scheme}://{parts.netloc.lower()}"


class _Session:
    def __init__(self, client: Client, options: LiveOptions, waiting: Callable[[], None]) -> None:
        self.calls: list[Call] = []
        self._client = client
        self._options = options
        self._waiting = waiting
        self._thread_id: object = None
        self._is_deserted = False
        """Whether nobody listens any more at the backend's address."""

    async def run(self) -> None:
        """The session from its beginning to its end."""
        await self._call("threads.list", {"limit": 9999, "order": "desc"})
        self._waiting()
        for number, message in enumerate(self._options.messages, start=1):
            if not await self._turn(message):
                if number < len(self._options.messages):
                    note = f"message {number} led to no finished turn, so later messages were not sent"
                    self._client.ledger.note(note)
                break
        else:
            if self._thread_id is not None:
                await self._reload(self._thread_id)
        await self._probe()

    # What the component sends

    async def _call(self, op: str, params: Mapping[str, object], *, reload: bool = False) -> Answer:
        return await self._noted(await self._client.call(op, params, reload=reload))

    async def _noted(self, answer: Answer) -> Answer:
        """The answer, kept, with what became of a server that left without one."""
        call = answer.call
        is_left = call.how == "cut" and not refusal(call)
        patience_s = 0.0
        if call.probe == Probe.ABORTED_STREAM:
            # It finds out that nobody reads any more when it writes on.
            is_left, patience_s = True, min(self._longest_stream_s() + 0.5, PROBE_LIMIT_S)
        if is_left and await is_deserted(call.url, patience_s) and not self._is_deserted:
            self._is_deserted = True
            answer = replace(answer, call=replace(call, died=True))
        self.calls.append(answer.call)
        return answer

    def _longest_stream_s(self) -> float:
        streams = (call for call in self.calls if call.op in STREAMING_OPS)
        return max(((call.ended_ms - call.t_ms) / 1000 for call in streams), default=0.0)

    async def _turn(self, message: str) -> bool:
        """One message; returns whether another one could be sent after it."""
        op, params = "threads.create", _input(message)
        if self._thread_id is not None:
            op, params = "threads.add_user_message", params | {"thread_id": self._thread_id}
        answer = await self._streamed(op, params)
        if op == "threads.create":
            self._thread_id = answer.seen.thread_id
        for _ in range(MOST_TOOL_CALLS):
            if not answer.seen.calls_tool or self._thread_id is None:
                break
            # What the page's tool would return is not known; an object is what most of them do.
            output = {"thread_id": self._thread_id, "result": {}}
            answer = await self._streamed("threads.add_client_tool_output", output)
        if answer.seen.calls_tool:
            self._client.ledger.note(
                f"a client tool was not answered: the limit of {MOST_TOOL_CALLS} calls in one turn"
            )
            return False
        call = answer.call
        is_refused = call.status is None or bool(refusal(call))
        return call.how != "open" and not is_refused and not is_retriable(call)

    async def _streamed(self, op: str, params: Mapping[str, object]) -> Answer:
        """A streaming operation, sent again as often as the component sends it."""
        answer = await self._call(op, params)
        for wait_ms in mean_waits_ms():
            if not is_retriable(answer.call) or self._client.is_spent:
                break
            await asyncio.sleep(min(wait_ms / 1000, self._options.longest_wait_s))
            answer = await self._call(op, params)
        return answer

    async def _reload(self, thread_id: object) -> None:
        # The component sends both at once; one by one, a server's death can be laid to one of them.
        await self._read(thread_id)
        if not self._is_deserted:
            await self._call("threads.list", {"limit": 9999, "order": "desc"}, reload=True)

    async def _read(self, thread_id: object) -> None:
        """The thread, and the items that do not fit into its own page."""
        answer = await self._call("threads.get_by_id", {"thread_id": thread_id}, reload=True)
        page = member(_document(answer.call), "items")
        for _ in range(MOST_PAGES):
            if page.get("has_more") is not True:
                return
            params = {"thread_id": thread_id, "limit": 9999, "order": "asc", "after": _cursor(page)}
            answer = await self._call("items.list", params, reload=True)
            page = _document(answer.call)
        if page.get("has_more") is True:
            self._client.ledger.note(f"a thread was not read completely: the limit of {MOST_PAGES} pages")

    # What it would not send

    async def _probe(self) -> None:
        """Requests whose answers are only reported, one by one: of several at once, none could be blamed."""
        if any(map(refusal, self.calls)):
            return
        for probe in DOES:
            if probe in self._options.probes and not self._client.is_spent and not self._is_deserted:
                await self._try(probe)

    async def _try(self, probe: Probe) -> None:
        own = {"thread_id": self._thread_id}
        match probe:
            case Probe.UNKNOWN_THREAD:
                await self._tried(probe, "threads.get_by_id", {"thread_id": UNKNOWN_THREAD})
            case Probe.EMPTY_BODY:
                await self._tried(probe, "", None)
            case _ if self._thread_id is None:
                pass
            case Probe.LIST_ITEMS:
                await self._tried(probe, "items.list", own | {"limit": 9999, "order": "asc", "after": None})
            case Probe.RENAME_THREAD:
                await self._tried(probe, "threads.update", own | {"title": PROBE_TITLE})
            case Probe.ABORTED_STREAM:
                await self._tried(probe, "threads.create", _input(self._options.messages[0]), 1)

    async def _tried(
        self, probe: Probe, op: str, params: Mapping[str, object] | None, stop_after: int | None = None
    ) -> None:
        limit_s = min(PROBE_LIMIT_S, self._options.turn_limit_s)
        await self._noted(
            await self._client.call(op, params, probe=probe, stop_after=stop_after, limit_s=limit_s)
        )


def _input(message: str) -> dict[str, object]:
    """The parameters that carry a message, as the component writes them (measured)."""
    content = [{"type": "input_text", "text": message}]
    return {"input": {"content": content, "quoted_text": "", "attachments": [], "inference_options": {}}}


def _document(call: Call) -> JsonObject:
    try:
        return as_object(document_of(call))
    except UnreadableError:
        return {}


def _cursor(page: JsonObject) -> object:
    """Where the next page begins: the backend's own mark, or its last item."""
    if page.get("after") is not None:
        return page["after"]
    data = page.get("data")
    return as_object(data[-1]).get("id") if isinstance(data, list) and data else None
