"""Recorded exchanges made in memory, bodies included: what the component asks, and how it is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.entries import BodyReference
from chatkit_doctor.recording.reader import Recording
from tests.event_stream import dispatched
from tests.recordings import URL, Made, Part, entry, flat, recording

STREAM = "text/event-stream"
AS_IT_CAME = "as it came"
"""The content type of the wire, passed on."""


@dataclass(frozen=True, eq=False)
class InMemory(Recording):
    """A recording whose bodies are kept in memory, by their file."""

    bodies: Mapping[str, bytes] = field(default_factory=dict)

    def body(self, reference: BodyReference) -> bytes:
        """The bytes of a file."""
        return self.bodies.get(reference.file, b"")


def recorded(*parts: Part, finished: bool = True) -> Recording:
    """A recording of these entries with their bodies."""
    made = recording(*parts, finished=finished)
    bodies = {name: data for each in flat(parts) for name, data in each.bodies.items()}
    return InMemory(made.header, made.entries, made.footer, bodies=bodies)


def written(events: Sequence[Mapping[str, Any] | str]) -> bytes:
    """Events as a server writes them; text is put in as it is."""
    return b"".join(
        e.encode() if isinstance(e, str) else f"data: {json.dumps(e)}\n\n".encode() for e in events
    )


@dataclass(frozen=True, slots=True)
class Handed:
    """What the page's own fetch made of an answer."""

    body: bytes | None = None
    """Other bytes than the wire's."""
    mime: str | None = AS_IT_CAME
    status: int | None = None
    """Another status than the wire's."""
    what: str = "response"
    body_used: bool = False
    threw: str = ""
    at: Sequence[float] = ()
    """When the pieces were handed over, in ms after the request; else with the wire's."""


def exchange(
    t: float,
    op: str = "threads.create",
    body: bytes | Sequence[Mapping[str, Any] | str] | object = (),
    *,
    status: int = 200,
    mime: str | None = STREAM,
    headers: Mapping[str, str] | None = None,
    how: str = "finished",
    error: str | None = None,
    params: Mapping[str, Any] | None = None,
    sent: Mapping[str, Any] | None = None,
    at: Sequence[float] = (10.0,),
    end: float | None = None,
    custom: Handed | None = None,
    network: bool = True,
    observed: bool = True,
    attempts: int = 1,
    name: str = "",
) -> list[Part]:
    """One request with its answer.

    ``body`` is bytes, a list of events, or anything else as JSON. ``at``: when its pieces come, in ms after
    ``t``. ``sent`` changes the request that leaves. ``observed=False``: the component itself is not seen.
    ``network=False``: the page's fetch makes the answer up.
    """
    name = name or f"{op}-{t:.0f}"
    data = body if isinstance(body, bytes) else _bytes(body, mime)
    asked = {"url": URL, "op": op, "body": {"type": op, "params": dict(params or {})}}
    via = "fetchEventSource" if mime == STREAM or op.startswith("threads.add") else "fetch"
    parts: list[Part] = []
    if observed:
        parts.append(entry(t, "request", "request.asked", nonce=name, via=via, headers={}, **asked))
    if custom is not None:
        parts.append(
            entry(t + 1, "fetch", "fetch.call", call=f"c-{name}", custom=True, method="POST", **asked)
        )
    leaves = {**asked, **(sent or {})}
    for number in range(attempts if network else 0):
        began = t + 2 + 1500 * number
        request = f"{name}.{number}"
        call = {"call": f"g-{request}"}
        called = {k: v for k, v in leaves.items() if k != "auth"}
        parts.append(entry(began, "fetch", "fetch.call", **call, **{"method": "POST", **called}))
        about = {"id": request, "op": leaves["op"], "url": leaves["url"]}
        request_data = {"method": "POST", "headers": {}, "auth": {}, "body": leaves["body"], **about}
        request_data |= {k: v for k, v in (sent or {}).items() if k in {"method", "auth"}}
        parts.append(entry(began + 1, "request", "request.sent", **request_data))
        parts += _answer(began + 1, about, _Wire(data, status, mime, headers or {}, how, error, at, end))
    if custom is not None:
        custom = _resolved(custom, status, mime)
        parts += _handed(t, name, custom, data, at)
    given = data if custom is None or custom.body is None else custom.body
    shown_mime = mime if custom is None else custom.mime
    reads = custom is None or (custom.what == "response" and not custom.body_used and not custom.threw)
    if observed and status == 200 and shown_mime == STREAM and reads:
        moments = custom.at if custom is not None and custom.at else at
        parts += _posted(t, name, given, moments)
    return parts


def failed(
    t: float,
    op: str = "threads.create",
    *,
    error: str,
    blocked: str = "",
    cors: str = "",
    hidden: int | None = None,
    **preflight: object,
) -> list[Part]:
    """A request that never got an answer, or a ``hidden`` status that the page could not see."""
    asked = {"url": URL, "op": op, "body": {"type": op, "params": {}}}
    name = f"{op}-{t:.0f}"
    parts: list[Part] = [
        entry(t, "request", "request.asked", nonce=name, via="fetchEventSource", headers={}, **asked),
        entry(t + 3, "request", "request.sent", id=name, method="POST", headers={}, auth={}, **asked),
    ]
    if preflight:
        parts.append(entry(t + 4, "request", "request.preflight", url=URL, **preflight))
    about = {"id": name, "url": URL, "op": op, "error": error, "blocked": blocked, "cors": cors}
    return [*parts, entry(t + 5, "request", "request.failed", **about, status=hidden)]


def _bytes(body: object, mime: str | None) -> bytes:
    if isinstance(body, list | tuple) and (mime == STREAM or mime is None or "json" not in mime):
        return written(body)
    return json.dumps(body).encode()


@dataclass(frozen=True, slots=True)
class _Wire:
    data: bytes
    status: int
    mime: str | None
    headers: Mapping[str, str]
    how: str
    error: str | None
    at: Sequence[float]
    end: float | None


def _answer(t: float, about: Mapping[str, Any], wire: _Wire) -> list[Made]:
    head = {**({"content-type": wire.mime} if wire.mime else {}), **wire.headers}
    first, last = (wire.at[0], wire.at[-1]) if wire.at else (5.0, 5.0)
    answered = {"status": wire.status, "headers": head, "mime": wire.mime or ""}
    parts = [entry(t + first - 1, "wire", "wire.response", **about, **answered)]
    size = -(-len(wire.data) // max(1, len(wire.at)))
    for index, moment in enumerate(wire.at if wire.data else ()):
        piece = wire.data[index * size : (index + 1) * size]
        parts.append(
            entry(t + moment, "wire", "wire.chunk", id=about["id"], size=len(piece), at=index * size)
        )
    events = parse(wire.data)[0] if wire.mime == STREAM else []
    for index, event in enumerate(events):
        moment = wire.at[min(len(wire.at) - 1, index * len(wire.at) // len(events))]
        known = {"id": about["id"], "index": index, "at": event.at, "terminated": event.terminated}
        parts.append(entry(t + moment, "sse", "sse.parsed", **known, event=event.event, data=event.data))
    ended = {"id": about["id"], "op": about["op"], "how": wire.how, "error": wire.error}
    over = t + (last + 1 if wire.end is None else wire.end)
    return [*parts, _end(over, "wire", "wire.end", f"wire-{about['id']}", wire.data, **ended)]


def _end(t: float, layer: str, kind: str, file: str, data: bytes, **ended: object) -> Made:
    """The end of a body that is in a file."""
    body = {"file": file, "bytes": len(data), "truncated": False}
    return replace(entry(t, layer, kind, size=len(data), body=body, **ended), bodies={file: data})


def _resolved(custom: Handed, status: int, mime: str | None) -> Handed:
    passed_on = mime if custom.mime == AS_IT_CAME else custom.mime
    return replace(custom, mime=passed_on, status=custom.status or status)


def _handed(t: float, name: str, custom: Handed, data: bytes, at: Sequence[float]) -> list[Made]:
    call = {"call": f"c-{name}"}
    moments = custom.at or at
    if custom.threw:
        return [entry(t + moments[0] + 1, "fetch", "fetch.threw", **call, error=custom.threw)]
    is_response = custom.what == "response"
    shape = {
        "what": custom.what,
        "status": custom.status if is_response else None,
        "content_type": custom.mime if is_response else None,
        "body_used": custom.body_used if is_response else None,
    }
    parts = [entry(t + moments[0] + 1, "fetch", "fetch.returned", **call, **shape, url=URL)]
    if not is_response or custom.body_used:
        return parts
    given = data if custom.body is None else custom.body
    size = -(-len(given) // len(moments))
    for index, moment in enumerate(moments):
        piece = given[index * size : (index + 1) * size]
        parts.append(entry(t + moment + 2, "fetch", "fetch.chunk", **call, size=len(piece)))
    over = t + moments[-1] + 3
    return [*parts, _end(over, "fetch", "fetch.end", f"fetch-{name}", given, **call, how="finished")]


def _posted(t: float, name: str, data: bytes, at: Sequence[float]) -> list[Made]:
    posted = dispatched(data)
    return [
        entry(
            t + at[min(len(at) - 1, index * len(at) // len(posted))] + 3,
            "sse",
            "sse.posted",
            nonce=name,
            data=event,
        )
        for index, event in enumerate(posted)
    ]
