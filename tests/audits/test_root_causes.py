"""Every cause of a stream is the root cause of at least two broken ones, and not of their good relatives."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pytest

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.vocabulary import CAUSES, Layer
from tests.audits.protocol.test_wrong_dialect import ATTEMPT_1, ATTEMPT_2, ATTEMPT_3
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
    part,
    part_done,
    removed,
    reply,
    streamed,
    user,
    without,
)
from tests.conversations import written
from tests.screens import Body, seen

FIRST: Final[list[Event]] = [created(), done(user())]
SECOND: Final[list[Event]] = good("It is still so.", HELLO, turn=2)
LINES: Final = written(good())
ONLY_WARNED_OF: Final = {"error-told-as-reply"}
"""What no person sees as a fault: the words are shown as they were sent."""
OF_NO_STREAM: Final = {"invalid-answer"}
"""What is wrong with a document: tests/audits/test_single_answers.py."""
BANNER: Final = [("error", "There was an error. Retry")]


@dataclass(frozen=True, slots=True)
class Case:
    """Streams that are broken in one place, and the same ones without the fault."""

    cause: str
    name: str
    broken: Sequence[Body]
    good: Sequence[Body] = (good(),)
    alerts: Sequence[tuple[str, str]] = ()
    """What the component shows beside it."""
    stored: Sequence[Event] = ()
    """What a reload brings back of the broken conversation."""


def twice(event: Event) -> str:
    """An event that is encoded twice."""
    return f"data: {json.dumps(json.dumps(event))}\n\n"


def workflow(status: str) -> Event:
    """A workflow of one task."""
    task = {"type": "thought", "content": "hm", "status_indicator": status}
    return item("workflow", "w", workflow={"type": "reasoning", "tasks": [task]})


def shaped(**parts: object) -> list[Event]:
    """A turn whose reply has another content."""
    part_of_it = {"type": "output_text", "text": ANSWER, "annotations": [], **parts}
    return [*FIRST, done(reply(content=[part_of_it]))]


BARE = item("widget", "w", widget={"type": "Card", "children": [{"type": "Text", "value": "Card"}]})
CUT = f"data: {json.dumps(good()[-1])[:-20]}\n\n"
WORKING = [*FIRST, added(workflow("loading")), done(workflow("complete")), *streamed()]
STORED = [user(), reply("Something else was said.")]
ERROR = {"type": "error", "code": "stream.error"}

CASES: Final = [
    Case("sse-bad-framing", "one newline in place of two", [LINES.replace(b"\n\n", b"\n")]),
    Case("sse-bad-framing", "lines of JSON", [LINES.replace(b"data: ", b"")]),
    Case("sse-bad-framing", "framed twice", [LINES.replace(b"data: ", b"data: data: ")]),
    Case(
        "sse-bad-framing", "a last event that lacks its blank line", [written([*FIRST, done(reply())])[:-1]]
    ),
    Case("sse-bad-json", "the last event breaks off", [[*FIRST, CUT]]),
    Case("sse-bad-json", "Python's own text of a dict", [[*FIRST, f"data: {done(reply())}\n\n"]]),
    Case("sse-double-encoded", "every event", [[twice(event) for event in good()]]),
    Case("sse-double-encoded", "the reply", [[*FIRST, twice(done(reply()))]]),
    Case("sse-done-marker", "at the end", [[*good(), "data: [DONE]\n\n"]], alerts=BANNER),
    Case(
        "sse-done-marker",
        "in a later turn",
        [good(), [*SECOND, "data: [DONE]\n\n"]],
        [good(), SECOND],
        alerts=BANNER,
    ),
    Case("wrong-dialect", "names that look like ChatKit's", [ATTEMPT_1]),
    Case("wrong-dialect", "Assistants", [ATTEMPT_2]),
    Case("wrong-dialect", "Responses behind the thread", [ATTEMPT_3]),
    Case(
        "unknown-event",
        "the end under another name",
        [[*FIRST, {"type": "thread.item.complete", "item": reply()}]],
    ),
    Case("unknown-event", "an item without a type around it", [[created(), {"item": user()}, *streamed()]]),
    Case("unknown-event", "a reply without a type around it", [[*FIRST, {"item": reply()}]]),
    Case(
        "unknown-event",
        "in a later turn",
        [good(), [SECOND[0], {"type": "threadItemDone", "item": reply("x", "a2")}]],
        [good(), SECOND],
    ),
    Case(
        "unknown-event",
        "a streamed reply whose end has another name",
        [[*good()[:-2], {"type": "thread.item.complete", "item": reply()}]],
    ),
    Case("thread-created-missing", "a whole reply", [good()[1:]]),
    Case("thread-created-missing", "only the end of a reply", [[done(user()), done(reply())]]),
    Case("thread-created-late", "behind the message", [[done(user()), created(), *streamed()]]),
    Case("thread-created-late", "at the very end", [[*good()[1:], created()]]),
    Case("thread-created-late", "twice", [[*good()[:5], created(), *good()[5:]]]),
    Case("user-item-missing", "in the first turn", [[created(), *streamed()]]),
    Case("user-item-missing", "in a later turn", [good(), streamed("Yes.", "a2")], [good(), SECOND]),
    Case("reply-item-missing", "nothing but the message", [FIRST]),
    Case("reply-item-missing", "progress only", [[*FIRST, {"type": "progress_update", "text": "Looking"}]]),
    Case("reply-item-missing", "in a later turn", [good(), SECOND[:1]], [good(), SECOND]),
    Case("item-not-wrapped", "both messages", [[created(), user(), reply()]]),
    Case("item-not-wrapped", "a reply", [[*FIRST, reply()]]),
    Case("item-not-wrapped", "a widget", [[*FIRST, BARE]], [[*FIRST, done(BARE)]]),
    Case("item-never-done", "a reply that was streamed", [good()[:-2]]),
    Case(
        "item-never-done",
        "the first of two replies",
        [[*FIRST, *streamed()[:-2], *streamed("And more.", "a2")]],
    ),
    Case("item-removed", "the reply", [[*good(), removed("a1")]]),
    Case("item-removed", "the message", [[*good(), removed("u1")]]),
    Case(
        "item-removed",
        "the reply of the turn before",
        [good(), [SECOND[0], removed("a1"), *SECOND[1:]]],
        [good(), SECOND],
    ),
    Case(
        "item-id-collision",
        "message and reply share one",
        [[created(), done(user(item_id="x")), done(reply(item_id="x"))]],
    ),
    Case(
        "item-id-collision",
        "a reply of two turns",
        [good(), [SECOND[0], *streamed("It is still so.", "a1")]],
        [good(), SECOND],
    ),
    Case(
        "item-id-collision",
        "a message of two turns",
        [good(), [done(user(HELLO, "u1")), *SECOND[1:]]],
        [good(), SECOND],
    ),
    Case(
        "item-id-collision",
        "the fake id of the Agents SDK",
        [
            [*FIRST, *streamed(ANSWER, "__fake_id__")],
            [SECOND[0], *streamed("It is still so.", "__fake_id__")],
        ],
        [good(), SECOND],
    ),
    Case(
        "item-id-mismatch",
        "deltas for an item that was never added",
        [[*FIRST, part("x"), delta(ANSWER, "x"), part_done(ANSWER, "x")]],
    ),
    Case(
        "item-id-mismatch",
        "ids mapped on the beginning and not on the end",
        [[*FIRST, *streamed()[:-1], done(reply(item_id="other"))]],
    ),
    Case("thread-id-mismatch", "another one in the same stream", [[*FIRST, created("thr_2"), *streamed()]]),
    Case("thread-id-mismatch", "another one at the end", [[*good(), created("thr_2")]]),
    Case("invalid-event", "a part of type text", [shaped(type="text")]),
    Case("invalid-event", "a part without annotations", [shaped(annotations=None)]),
    Case("invalid-event", "content that is a text", [[*FIRST, done(reply(content=ANSWER))]]),
    Case(
        "invalid-event",
        "a message without attachments",
        [[created(), done(without(user(), "attachments")), *streamed()]],
    ),
    Case(
        "invalid-event", "a thread without an id", [[{"type": "thread.created", "thread": {}}, *good()[1:]]]
    ),
    Case(
        "invalid-event",
        "an unknown widget",
        [[*FIRST, done({**BARE, "widget": {"type": "Nope"}})]],
        [[*FIRST, done(BARE)]],
    ),
    Case("empty-reply", "no content", [[*FIRST, done(reply(content=[]))]]),
    Case(
        "empty-reply", "content that wipes what was streamed", [[*FIRST, *streamed()[:-1], done(reply(""))]]
    ),
    # As measured on both components: where the text comes back in the end, nothing is missed.
    Case(
        "empty-reply",
        "ends that wipe it again and again",
        [[*FIRST, *streamed()[:-1], *[done(reply(""))] * 3]],
        [[*FIRST, *streamed()[:-1], *[done(reply(""))] * 3, done(reply())]],
    ),
    Case("markup-in-reply", "a citation's marker", [good("Gate 22【4:0†flights.pdf】.")]),
    Case("markup-in-reply", "a widget's JSON", [good('{"type": "Card", "children": []}')]),
    Case("backend-error-event", "in place of a reply", [[*FIRST, ERROR]]),
    Case("backend-error-event", "in mid-reply", [[*good()[:6], ERROR]]),
    Case("backend-error-event", "before the thread", [[ERROR]]),
    Case("first-message-ignored", "a thread", [[created()]]),
    Case(
        "first-message-ignored",
        "a thread and its options",
        [[created(), {"type": "stream_options", "stream_options": {"allow_cancel": True}}]],
    ),
    Case(
        "workflow-left-open",
        "never finished",
        [[event for event in WORKING if event != done(workflow("complete"))]],
        [WORKING],
        stored=STORED,
    ),
    Case(
        "workflow-left-open",
        "finished while loading",
        [[*WORKING, done(workflow("loading"))]],
        [WORKING],
        stored=STORED,
    ),
]


def root(*bodies: Body, alerts: Sequence[tuple[str, str]] = (), stored: Sequence[Event] = ()) -> str | None:
    """The root cause of a conversation; None where it has none. Symptoms without a cause fail the test."""
    recording = seen(*bodies, alerts=alerts, stored=stored)
    diagnosis = diagnose(recording, examine(recording))
    assert diagnosis.verdict != "inconclusive", diagnosis.reason
    return diagnosis.cause.id if diagnosis.cause else None


def test_every_cause_of_a_stream_has_two_broken_ones_at_least() -> None:
    mine = {cause for cause, (layer, _) in CAUSES.items() if layer in {Layer.SSE, Layer.PROTOCOL}}
    mine -= ONLY_WARNED_OF | OF_NO_STREAM
    cases = Counter(case.cause for case in CASES)
    assert {cause: cases[cause] for cause in mine if cases[cause] < 2} == {}
    assert set(cases) <= mine


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.cause}: {case.name}")
def test_the_root_cause_is_found(case: Case) -> None:
    assert root(*case.broken, alerts=case.alerts, stored=case.stored) == case.cause


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.cause}: {case.name}")
def test_the_good_relative_has_none(case: Case) -> None:
    assert root(*case.good) is None
