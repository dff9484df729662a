"""Small recordings made in memory: entries in words, numbered in the order in which they are given.

An entry needs only what a test is about; the rest of it is as it should be: empty, nothing, the first of the
enumerated words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, cast

import msgspec

from chatkit_doctor.recording.entries import KINDS, AnyEntry, Entry
from chatkit_doctor.recording.header import Footer, Header
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Layer
from tests.journals import HEADER

URL = "http://localhost:1/chatkit"
SCRIPT = "https://cdn.test/chatkit/chatkit.js"


@dataclass(frozen=True, slots=True)
class Made:
    """An entry that has no number yet. ``bodies``: what is next to the journal, by its file."""

    t: float
    data: AnyEntry
    bodies: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def layer(self) -> Layer:
        """Where it is seen."""
        return self.data.layer


Part = Made | Sequence["Part"]
"""An entry, or several."""


def recording(*parts: Part, finished: bool = True, header: Header = HEADER) -> Recording:
    """A recording of these entries; without a footer when it is not ``finished``."""
    made = flat(parts)
    entries = tuple(Entry(n=n, t=m.t, data=m.data) for n, m in enumerate(made, start=1))
    end = max((m.t for m in made), default=0.0)
    footer = Footer(t=end + 300, entries=len(entries)) if finished else None
    return Recording(header, entries, footer)


def entry(t: float, layer: Layer | str, kind: str, **data: object) -> Made:
    """Any entry. Raises ValidationError for a field or a value that its type does not know."""
    assert KINDS[kind].layer == layer
    return Made(t, cast("AnyEntry", msgspec.convert({**_neutral(kind), **data, "kind": kind}, KINDS[kind])))


def flat(parts: Iterable[Part]) -> list[Made]:
    """The entries of some parts, in their order."""
    return [made for part in parts for made in ([part] if isinstance(part, Made) else flat(part))]


_ORDINARY: Final[Mapping[str, Mapping[str, object]]] = {
    "paint.box": {
        "at": "settled",
        "width": 420,
        "height": 640,
        "in_viewport": True,
        "display": "block",
        "visibility": "visible",
        "opacity": 1,
    },
    "page.inventory": {"secure_context": True},
}
"""What is as it should be, where nothing would be a fault."""


@cache
def _neutral(kind: str) -> dict[str, object]:
    """A value for each field that must be there."""
    info = msgspec.inspect.type_info(KINDS[kind])
    assert isinstance(info, msgspec.inspect.StructType)
    nothing = {each.name: _nothing(each.type) for each in info.fields if each.required}
    return {**nothing, **_ORDINARY.get(kind, {})}


def _nothing(type_: msgspec.inspect.Type) -> object:  # noqa: PLR0911 - a line for each type
    match type_:
        case msgspec.inspect.UnionType() if type_.includes_none:
            return None
        case msgspec.inspect.StrType():
            return ""
        case msgspec.inspect.BoolType():
            return False
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            return 0
        case msgspec.inspect.LiteralType():
            return type_.values[0]
        case msgspec.inspect.DictType():
            return {}
        case msgspec.inspect.VarTupleType():
            return ()
        case msgspec.inspect.StructType():
            return {each.name: _nothing(each.type) for each in type_.fields if each.required}
        case _:
            return None


# Steps


def step(
    t: float, do: str, *, index: int, until: float | None, limit: str = "", **data: object
) -> list[Made]:
    """A step from ``t`` on; it ends at ``until``, or never."""
    parts = [entry(t, "page", "step.begin", index=index, do=do, **data)]
    if until is not None:
        end = {"outcome": "limit" if limit else "settled", "limit": limit or None, "waited_ms": until - t}
        parts.append(entry(until, "page", "step.end", index=index, do=do, turn=data.get("turn"), **end))
    return parts


def opened(t: float = 0.0, *, until: float | None = 90.0) -> list[Made]:
    """A page that was opened and shows the start screen."""
    return [
        *step(t, "open", index=0, until=until, url="http://localhost:1/"),
        entry(t + 5, "page", "page.document", url="http://localhost:1/", status=200),
        entry(t + 8, "page", "page.script", src=SCRIPT, state="requested", status=None, reason=""),
        entry(t + 9, "page", "page.script", src=SCRIPT, state="loaded", status=200, reason="text/javascript"),
        entry(t + 10, "page", "page.element", state="defined", count=1),
        entry(t + 10, "page", "page.element", state="connected", count=1),
        entry(t + 11, "page", "page.options", options={"api": {"url": URL, "domainKey": "key"}}, threw=None),
        entry(
            t + 20, "frame", "frame.document", url="https://cdn.test/chatkit/index.html", status=200, error=""
        ),
        *asked(t + 30, "threads.list", {"limit": 9999, "order": "desc"}, nonce="list"),
        state(t + 40, view="blank"),
        state(t + 50, view="start"),
        entry(t + 55, "component", "component.event", name="ready", detail=None),
    ]


def send(t: float, text: str, *, turn: int = 1, until: float | None = None, limit: str = "") -> list[Made]:
    """The step that sends a message."""
    return step(t, "send", index=turn * 10, until=until, limit=limit, turn=turn, text=text)


# What is on screen


def item(
    key: int, kind: str, text: str = "", *, turn: str | None = None, shown: bool = True
) -> dict[str, Any]:
    """One item of the transcript; ``turn`` follows the kind unless given."""
    side = turn or ("user" if kind == "user-message" else "assistant")
    return {"key": str(key), "turn": side, "kind": kind, "shown": shown, "text": {"keep": 0, "add": text}}


def user(key: int, text: str, *, shown: bool = True) -> dict[str, Any]:
    """The user's message."""
    return item(key, "user-message", text, shown=shown)


def reply(key: int, text: str, *, shown: bool = True) -> dict[str, Any]:
    """The assistant's message."""
    return item(key, "assistant-message", text, shown=shown)


def state(
    t: float,
    *items: Mapping[str, Any],
    by: str = "frame",
    view: str = "thread",
    responding: bool | None = None,
    alerts: Sequence[tuple[str, str]] = (),
) -> Made:
    """What is on screen from ``t`` on."""
    banners = [{"kind": kind, "text": text} for kind, text in alerts]
    data = {"by": by, "view": view, "responding": responding, "items": items, "alerts": banners}
    return entry(t, "dom", "dom.state", **data, composer=True)


def box(t: float, **data: object) -> Made:
    """The element's box after a turn: in plain sight but for what is said."""
    return entry(t, "paint", "paint.box", **data)


# What crossed the wire


def asked(t: float, op: str, params: Mapping[str, Any] | None = None, *, nonce: str) -> list[Made]:
    """The component asks for an operation."""
    via = "fetch" if op == "threads.list" else "fetchEventSource"
    body = {"type": op, "params": dict(params or {})}
    return [entry(t, "request", "request.asked", nonce=nonce, via=via, url=URL, op=op, body=body, headers={})]


def stream(
    t: float,
    events: Sequence[tuple[float, Mapping[str, Any]]],
    *,
    turn: int = 1,
    op: str = "",
    posted_at: float | None = None,
) -> list[Made]:
    """One streaming exchange: each event with the ms after ``t`` at which it arrives.

    The component gets each event as it arrives, or all of them at ``posted_at``.
    """
    op = op or ("threads.create" if turn == 1 else "threads.add_user_message")
    request, nonce = f"r{turn}", f"n{turn}"
    about = {"id": request, "op": op, "url": URL}
    body = {"type": op, "params": {"turn": turn}}
    head = {"content-type": "text/event-stream"}
    parts = [
        *asked(t, op, {"turn": turn}, nonce=nonce),
        entry(t + 1, "request", "request.sent", **about, method="POST", body=body, headers={}, auth={}),
        entry(t + 5, "wire", "wire.response", **about, status=200, headers=head, mime="text/event-stream"),
    ]
    offset = 0
    for index, (after, event) in enumerate(events):
        data = json.dumps(event)
        size = len(f"data: {data}\n\n".encode())
        at = t + after
        parts += [
            entry(at, "wire", "wire.chunk", id=request, size=size, at=offset),
            entry(at, "sse", "sse.parsed", id=request, index=index, event="", data=data, at=offset),
            entry(at + 1 if posted_at is None else posted_at, "sse", "sse.posted", nonce=nonce, data=data),
        ]
        offset += size
    end = t + (events[-1][0] if events else 6) + 2
    ended = {"id": request, "op": op, "how": "finished", "size": offset}
    return [*parts, entry(end, "wire", "wire.end", **ended)]


def good_events(
    message: str, text: str, *, turn: int = 1, span: float = 200.0
) -> list[tuple[float, dict[str, Any]]]:
    """A good turn's events as openai-chatkit sends them, the text in words over ``span`` ms."""
    at = "2026-01-01T00:00:00"
    mine: dict[str, Any] = {"type": "user_message", "id": f"u{turn}", "thread_id": "thr", "created_at": at}
    mine |= {"content": [{"type": "input_text", "text": message}], "attachments": [], "inference_options": {}}
    full = {"type": "output_text", "text": text, "annotations": []}
    theirs = {"type": "assistant_message", "id": f"a{turn}", "thread_id": "thr", "created_at": at}
    update = {"type": "thread.item.updated", "item_id": f"a{turn}"}
    part = "assistant_message.content_part"
    words = [word + " " for word in text.split(" ")]
    words[-1] = words[-1].rstrip()
    pause = span / max(1, len(words) - 1)
    thread = {
        "id": "thr",
        "created_at": at,
        "status": {"type": "active"},
        "items": {"data": [], "has_more": False},
    }
    begin: list[dict[str, Any]] = [{"type": "thread.created", "thread": thread}] if turn == 1 else []
    begin += [
        {"type": "thread.item.done", "item": mine},
        {"type": "thread.item.added", "item": {**theirs, "content": []}},
        {**update, "update": {"type": f"{part}.added", "content_index": 0, "content": {**full, "text": ""}}},
    ]
    deltas = [
        (
            10 + n * pause,
            {**update, "update": {"type": f"{part}.text_delta", "content_index": 0, "delta": word}},
        )
        for n, word in enumerate(words)
    ]
    end: list[dict[str, Any]] = [
        {**update, "update": {"type": f"{part}.done", "content_index": 0, "content": full}},
        {"type": "thread.item.done", "item": {**theirs, "content": [full]}},
    ]
    return [*((8.0, e) for e in begin), *deltas, *((10 + span, e) for e in end)]


def good_turn(
    t: float, message: str, text: str, *, turn: int = 1, before: Sequence[Mapping[str, Any]] = ()
) -> list[Part]:
    """A turn in which everything goes well: two words are shown early, all of them at the end."""
    mine, key = user(10 * turn, message), 10 * turn + 1
    early = " ".join(text.split(" ")[:2])
    return [
        send(t, message, turn=turn, until=t + 850),
        entry(t + 20, "component", "component.event", name="response.start", detail=None),
        stream(t + 20, good_events(message, text, turn=turn), turn=turn),
        state(t + 25, *before, {**mine, "shown": False}, by="mutation", responding=True),
        state(t + 40, *before, mine, responding=True),
        state(t + 60, *before, mine, reply(key, ""), responding=True),
        state(t + 120, *before, mine, reply(key, early), responding=True),
        state(t + 280, *before, mine, reply(key, text), responding=False),
        entry(t + 285, "component", "component.event", name="response.end", detail=None),
        box(t + 800),
    ]


def reloaded(t: float, *items: Mapping[str, Any], index: int = 90, until: float | None = None) -> list[Part]:
    """A reload after which these items are shown; without any, the start screen."""
    return [
        step(t, "reload", index=index, until=t + 300 if until is None else until),
        entry(t + 10, "page", "page.document", url="http://localhost:1/", status=200),
        state(t + 60, view="blank"),
        state(t + 120, *items, view="thread" if items else "start", responding=False if items else None),
    ]
