"""No false alarm: what the component tolerates is never the cause of anything, at most a warning.

The variations are those of which it was measured that everything is shown as it should be.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import pytest

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from tests.audits.protocol.cases import Sent
from tests.chatkit_events import (
    ANSWER,
    HELLO,
    Event,
    added,
    created,
    delta,
    done,
    good,
    item,
    part_done,
    removed,
    reply,
    streamed,
    updated,
    user,
    without,
)
from tests.conversations import written
from tests.screens import Body, seen

FIRST: Final[list[Event]] = [created(), done(user())]
SECOND: Final[list[Event]] = good("It is still so.", HELLO, turn=2)
LINES: Final = written(good())
BARE_THREAD: Final[Event] = {"type": "thread.created", "thread": {"id": "thr_1"}}
NOTICE: Final[Event] = {"type": "notice", "level": "warning", "message": "Mind the gap"}
PROGRESS: Final[Event] = {"type": "progress_update", "text": "Looking"}
OPTIONS: Final[Event] = {"type": "stream_options", "stream_options": {"allow_cancel": True}}
CARD: Final[Event] = item(
    "widget", "w", widget={"type": "Card", "children": [{"type": "Text", "value": "x"}]}
)


NO_TEXT: Final[Event] = updated(
    {"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": None}
)


def framed(before: str, *, after: str = "") -> bytes:
    """A good turn with lines before and behind the data of each event."""
    return b"".join(f"{before}data: {json.dumps(event)}\n{after}\n".encode() for event in good())


def over_lines(event: Event) -> str:
    """An event whose JSON stands on several data lines."""
    return "".join(f"data: {line}\n" for line in json.dumps(event, indent=1).split("\n")) + "\n"


def of_items(**values: object) -> list[Event]:
    """A good turn whose items have other values."""
    return [{**e, "item": {**e["item"], **values}} if "item" in e else e for e in good()]


def lacking(*keys: str) -> list[Event]:
    """A good turn whose items lack some keys."""
    return [{**e, "item": without(e["item"], *keys)} if "item" in e else e for e in good()]


EVENTS: Final[dict[str, list[Sequence[Sent]]]] = {
    "a thread that is only an id": [[BARE_THREAD, *good()[1:]]],
    "a thread without items": [
        [{"type": "thread.created", "thread": without(created()["thread"], "items")}, *good()[1:]]
    ],
    "an integer created_at": [[created(created_at=1_700_000_000), *of_items(created_at=1_700_000_000)[1:]]],
    "another thread_id in the items": [of_items(thread_id="thr_other")],
    "no thread_id in the items": [lacking("thread_id")],
    "no created_at in the items": [lacking("created_at")],
    "no inference options": [lacking("inference_options")],
    "keys nobody knows": [of_items(role="assistant", status="completed")],
    "a thread id that is a number": [[created(223), *good()[1:]]],
    "the message only added": [[created(), added(user()), *streamed()]],
    "the message added and done": [[created(), added(user()), done(user()), *streamed()]],
    "the message behind the reply": [[created(), *streamed(), done(user())]],
    "the message in other words": [[created(), done(user("Hello there, friend")), *streamed()]],
    "a reply that was never added": [[*FIRST, done(reply())]],
    "a reply that is done twice": [[*FIRST, done(reply()), done(reply())]],
    "no content part added": [[*FIRST, *(e for e in streamed() if "part.added" not in json.dumps(e))]],
    "no content part done": [[*FIRST, *(e for e in streamed() if "part.done" not in json.dumps(e))]],
    "a text delta of nothing": [[*good()[:6], NO_TEXT, *good()[6:]]],
    "a content index in quotation marks": [
        [
            *good()[:5],
            *(delta(word, index="0") for word in (ANSWER[:5], ANSWER[5:])),
            part_done(),
            done(reply()),
        ]
    ],
    "no stream options": [[*FIRST, *streamed()]],
    "stream options first": [[OPTIONS, *FIRST, *streamed()]],
    "an unknown event": [[*good()[:4], {"type": "heartbeat", "at": 5}, *good()[4:]]],
    "an event without a type": [[*good()[:4], {"ping": True}, *good()[4:]]],
    "an event that is null": [[*good()[:4], "data: null\n\n", *good()[4:]]],
    "an event without data": [[*good(), "data:\n\n"]],
    "an aside of broken JSON": [[*good()[:2], 'data: {"type": "progress_upd\n\n', *good()[2:]]],
    "an aside that is encoded twice": [
        [*good()[:2], f"data: {json.dumps(json.dumps(PROGRESS))}\n\n", *good()[2:]]
    ],
    "a done marker": [[*good(), "data: [DONE]\n\n"]],
    "two replies": [[*good(), *streamed("And one more thing.", "a2")]],
    "a reply in two parts": [
        [
            *FIRST,
            done(
                reply(
                    content=[{"type": "output_text", "text": t, "annotations": []} for t in ("One.", "Two.")]
                )
            ),
        ]
    ],
    "a notice": [[*good()[:2], NOTICE, *good()[2:]]],
    "progress": [[*good()[:2], PROGRESS, *good()[2:]]],
    "progress before the thread": [[PROGRESS, *good()]],
    "a thread that is updated": [
        [*good(), {"type": "thread.updated", "thread": {"id": "thr_1", "title": "x"}}]
    ],
    "an effect": [[*good(), {"type": "client_effect", "name": "x", "data": {}}]],
    "the end of the turn": [[*good(), done(item("end_of_turn", "e"))]],
    "context that nobody sees": [[*FIRST, done(item("hidden_context_item", "h", content="x")), *streamed()]],
    "an item of unknown type": [[*good(), done(item("my_own", "m", content="x"))]],
    "a widget beside the reply": [[*good(), done(CARD)]],
    "an item that is replaced": [
        [*FIRST, done(reply("Draft.")), {"type": "thread.item.replaced", "item": reply()}]
    ],
    "the removal of nobody": [[*good(), removed("nobody")]],
    "a placeholder that is removed": [
        [*FIRST, added(item("task", "t", task={"type": "custom"})), removed("t"), *streamed()]
    ],
    "thread.created once more in a later turn": [good(), [created(), *SECOND]],
    "ids that are numbers": [[created(), done(user(item_id=1)), *streamed(item_id=2)]],
}
"""Events beside what the SDK sends, by what is other about them."""

FRAMINGS: Final[dict[str, bytes]] = {
    "event names": framed("event: message\n"),
    "ids": framed("id: 7\n"),
    "retry": framed("retry: 3000\n"),
    "comments": framed(": ping\n"),
    "comments between": framed(": ping\n\n"),
    "comments behind": framed("", after=": pong\n"),
    "unknown fields": framed("x-trace: 5\n"),
    "CRLF": LINES.replace(b"\n", b"\r\n"),
    "CR": LINES.replace(b"\n", b"\r"),
    "several data lines": written([over_lines(event) for event in good()]),
    "no space behind the colon": LINES.replace(b"data: ", b"data:"),
    "a byte order mark": b"\xef\xbb\xbf" + LINES,
    "no blank line after the last event": LINES.rstrip(b"\n"),
    "many blank lines": LINES.replace(b"\n\n", b"\n\n\n\n"),
    "characters cut in the middle": written(
        [f"data: {json.dumps(e, ensure_ascii=False)}\n\n" for e in good("👋 Grüße, 👩‍👩‍👧!")]
    ),
}
"""Ways to write the same events."""

BODIES: Final[dict[str, Sequence[Body]]] = {**EVENTS, **{name: [body] for name, body in FRAMINGS.items()}}

WARNINGS: Final = {
    "an aside of broken JSON": "sse-bad-json",
    "an aside that is encoded twice": "sse-double-encoded",
    "a done marker": "sse-done-marker",
    "an item of unknown type": "invalid-event",
}
"""What is worth a warning although it does no harm."""


@pytest.mark.parametrize("name", BODIES)
def test_what_is_tolerated_is_never_a_cause(name: str) -> None:
    recording = seen(*BODIES[name])
    diagnosis = diagnose(recording, examine(recording))
    found: list[Any] = [symptom.id for symptom in diagnosis.symptoms]
    assert (diagnosis.verdict, found, diagnosis.cause) == ("pass", [], None), diagnosis.reason
    assert [warning.id for warning in diagnosis.warnings] == ([WARNINGS[name]] if name in WARNINGS else [])
