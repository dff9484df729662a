"""The ChatKit requests in a HAR, as Chrome, Firefox, Playwright and proxies write them.

Format: http://www.softwareishard.com/blog/har-12-spec/; names with a leading underscore are the writers' own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urldefrag

from chatkit_doctor.conversation.body_limits import MAX_BYTES, MAX_LINES, BodyLimits
from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation, Preflight
from chatkit_doctor.conversation.har_contents import contents
from chatkit_doctor.conversation.har_entry import (
    LONGEST_MS,
    answer_body,
    began,
    entries_of,
    failure_of,
    headers_of,
    is_passed_on,
    lacks_body,
    number,
    preflight_of,
    sent_body,
    status_of,
    text,
)
from chatkit_doctor.conversation.har_match import matching
from chatkit_doctor.conversation.har_reads import Reads
from chatkit_doctor.conversation.har_rewritten import Operations, Rewritten, rewritten
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import JsonObject, parse_json
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS

MAX_CALLS: Final = 500
"""ChatKit requests of one HAR that are examined: the first ones."""
_INSTANCE: Final = "chatkit-frame-instance-id"
"""A header that tells one life of the component from the next (measured)."""
_OPS: Final = STREAMING_OPS | JSON_OPS
_HINT: Final = (
    "Record with the network panel open and save “all as HAR with content”; in Playwright use "
    "record_har_content='embed'."
)


def read(
    document: object, source: str, folder: Path | None, *, op: str | None = None, match: str | None = None
) -> Conversation:
    """The conversation in a HAR. ``folder`` holds bodies that Playwright writes beside it.

    Where a page's fetch has rewritten the requests, they are known by the event streams that answer them, and
    ``op`` says which operation they stand for. ``match`` narrows down the requests by their URL. Raises
    RecordingError when there is nothing of ChatKit with an answer in it.
    """
    entries = entries_of(document)
    is_meant = matching(match)
    meant = [entry for entry in entries if is_meant(_url(entry))]
    asked = [_asked(entry, folder) for entry in meant]
    foreign = [entry for entry, own in zip(meant, asked, strict=True) if not own.op]
    pages = rewritten(
        foreign,
        folder,
        has_own_streams=any(own.op in STREAMING_OPS for own in asked),
        is_narrowed=match is not None,
    )
    reader = _Reader(folder, pages, Operations(op), Reads(folder))
    calls = list(reader.calls(list(zip(meant, asked, strict=True))))
    if not calls:
        raise _nothing(source, entries, meant, reader.bodiless, match)
    in_time = sorted(_reloads(calls), key=lambda call: call.t_ms)
    return Conversation("har", source, tuple(in_time), tuple(reader.notes(len(entries))), timed=False)


def _nothing(
    source: str, entries: Sequence[JsonObject], meant: Sequence[JsonObject], bodiless: int, match: str | None
) -> RecordingError:
    """Why there is no conversation in a HAR, by what it holds."""
    total = len(entries)
    if bodiless:
        what = (
            f"none of its {total} entries is a ChatKit request with its response: it was saved without "
            f"content, and {bodiless} response bodies are missing"
        )
        return RecordingError(what, where=source, hint=_HINT)
    if not total:
        return RecordingError("this HAR contains no request", where=source, hint=_HINT)
    if match is not None and not meant:
        what = f"none of its {total} requests matches --match {match}: {contents(entries)}"
        hint = "Pass a part of the URL, or the whole URL with * for any characters."
        return RecordingError(what, where=source, hint=hint)
    what = (
        f"none of its {total} entries is a ChatKit request or has an event stream as its response: "
        f"{contents(entries)}"
    )
    hint = "Use --match URL to name the URL your page sends its messages to."
    return RecordingError(what, where=source, hint=hint)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an entry asks: the operation, empty where it is not in ChatKit's words, and the body."""

    op: str
    body: bytes


def _asked(entry: JsonObject, folder: Path | None) -> _Asked:
    request = member(entry, "request")
    body = sent_body(request, folder) if text(request.get("method")).upper() == "POST" else b""
    return _Asked(_operation(body), body)


def _url(entry: JsonObject) -> str:
    return urldefrag(text(member(entry, "request").get("url"))).url


@dataclass(slots=True)
class _Reader:
    folder: Path | None
    pages: Rewritten
    """Where the page asks in its own words."""
    operations: Operations
    reads: Reads
    """Where the page reads in its own words."""
    bodiless: int = 0
    """Answers that had a body which the HAR does not hold."""
    rebuilt: int = 0
    taken: int = 0
    """Entries that went into the conversation, preflights among them."""
    foreign: int = 0
    """Those of them whose request is not in ChatKit's words."""
    beyond: int = 0
    """ChatKit requests beyond the limit of their number or of their bodies."""
    _limits: BodyLimits = field(default_factory=BodyLimits)
    _lives: dict[str, str] = field(default_factory=dict)
    """By the document that a request belongs to, the latest life of the component in it."""
    _preflights: dict[str, Preflight] = field(default_factory=dict)

    def calls(self, entries: Sequence[tuple[JsonObject, _Asked]]) -> Iterator[tuple[str, Call]]:
        """Each request that is meant, with the name of the component's life it belongs to."""
        begin = min((moment for entry, _ in entries if (moment := began(entry))), default=0.0)
        found = 0
        for entry, asked in entries:
            url = _url(entry)
            if text(member(entry, "request").get("method")).upper() == "OPTIONS":
                self._preflights[url] = preflight_of(entry)
            if is_passed_on(entry):
                continue
            is_foreign = not asked.op and self.pages.has(entry)
            own_words = self.reads.of(entry, asked.body) if not (asked.op or is_foreign) else None
            if not (asked.op or is_foreign or own_words):
                continue
            found += 1
            if found > MAX_CALLS:
                self.beyond += 1
                continue
            t_ms = min(max(0.0, began(entry) - begin), LONGEST_MS)
            headers = headers_of(member(entry, "request"))
            answered = self._answered(entry, Call(asked.op, url, t_ms, asked.body, headers))
            if answered is None:
                self.bodiless += 1
                continue
            answered = self._limited(answered)
            if answered.unread and asked.op in JSON_OPS:
                # Half a document would be judged as a broken one.
                self.beyond += 1
                continue
            if is_foreign:
                self.foreign += 1
                op = self.operations.of(asked.body, answered.body)
                answered = replace(answered, op=op, rewritten=asked.body)
            elif asked.op == "threads.get_by_id":
                self.operations.opened(member(_object(asked.body), "params").get("thread_id"))
            elif own_words is not None:
                mine = own_words
                answered = replace(answered, op=mine.op, request=mine.request, rewritten=mine.rewritten)
            if answered.op in STREAMING_OPS:
                self.reads.streamed(answered.body)
            preflight = self._preflights.pop(url, None)
            self.taken += 1 if preflight is None else 2
            yield (
                self._life(entry, answered, is_read=own_words is not None),
                replace(answered, preflight=preflight),
            )

    def _life(self, entry: JsonObject, call: Call, *, is_read: bool) -> str:
        """The name of the component's life that a call belongs to."""
        document = text(entry.get("pageref"))
        life = call.request_headers.get(_INSTANCE, "")
        if is_read:
            # A page that reads in its own words may not pass on by which the component is known.
            return life or self._lives.get(document, document)
        self._lives[document] = life or document
        return self._lives[document]

    def notes(self, total: int) -> Iterator[str]:
        """What of the HAR is not in the conversation, or not there as ChatKit asks for it."""
        if left := total - self.taken - self.bodiless - self.beyond:
            yield f"{left} of {total} entries are not answered ChatKit requests and were ignored"
        if told := self.pages.note(self.foreign):
            yield told
        if told := self.reads.note():
            yield told
        if self.bodiless:
            yield (
                f"{self.bodiless} ChatKit requests were ignored: their responses are not in the HAR. {_HINT}"
            )
        if self.beyond:
            yield (
                f"{self.beyond} ChatKit requests were ignored: the limit of {MAX_CALLS:,} requests and of "
                f"{MAX_BYTES // 1024 // 1024} MB and {MAX_LINES:,} lines in the bodies of one HAR"
            )
        if self.rebuilt:
            yield (
                f"the bodies of {self.rebuilt} streams are not in the HAR: they were rebuilt from the "
                "events that the browser logged, so their framing is unknown"
            )
        yield "a HAR has no timing within a body: how it arrived is unknown"

    def _limited(self, call: Call) -> Call:
        """The call with as much of its body as is examined."""
        body, why = self._limits.take(call.body)
        if not why:
            return call
        chunks = (Chunk(call.ended_ms, body),) if body else ()
        return replace(call, chunks=chunks, how="open", unread=why)

    def _answered(self, entry: JsonObject, call: Call) -> Call | None:
        """The call with its answer; None where it had one that the HAR does not hold."""
        response = member(entry, "response")
        status = status_of(response)
        total = number(entry.get("time"))
        receive = min(total, number(member(entry, "timings").get("receive")))
        answered, ended = call.t_ms + total - receive, call.t_ms + total
        error = failure_of(response)
        if not status:
            error = error or "there was no response"
            return replace(call, ended_ms=ended, how="cut", error=error)
        found = answer_body(entry, self.folder)
        if lacks_body(entry, found):
            return None
        self.rebuilt += found.is_rebuilt
        body = found.data
        how: BodyEnd = "finished" if not error else "aborted" if "ABORTED" in error.upper() else "cut"
        return replace(
            call,
            status=status,
            headers=headers_of(response),
            answered_ms=answered,
            chunks=(Chunk(ended, body),) if body else (),
            ended_ms=ended,
            how=how,
            error=error,
        )


def _reloads(calls: list[tuple[str, Call]]) -> Iterator[Call]:
    """The calls, marked where a new life of the component reads a thread that an earlier one streamed."""
    streamed: list[Call] = []
    lives: dict[str, list[Call]] = {}
    for life, call in calls:
        lives.setdefault(life, []).append(call)
    for own in lives.values():
        streams = [at for at, call in enumerate(own) if call.op in STREAMING_OPS]
        opening = streams[0] if streams else len(own)
        is_reload = any(
            call.op == "threads.get_by_id" and _concerns(call, streamed) for call in own[:opening]
        )
        for at, call in enumerate(own):
            yield replace(call, reload=is_reload and at < opening)
        streamed += [own[at] for at in streams]


def _concerns(read: Call, streamed: list[Call]) -> bool:
    """Whether a read asks for a thread of which one of these streams speaks."""
    id_ = member(_object(read.request), "params").get("thread_id")
    if not isinstance(id_, str):
        return False
    written = json.dumps(id_).encode()
    return any(written in call.body or written in call.request for call in streamed)


def _operation(body: bytes) -> str:
    op = type_of(_object(body)) if body.lstrip().startswith(b"{") else ""
    return op if op in _OPS else ""


def _object(body: bytes) -> JsonObject:
    try:
        value = parse_json(body.decode(errors="replace"))
    except ValueError:
        return {}
    return value if isinstance(value, Mapping) else {}
