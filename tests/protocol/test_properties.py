"""Whatever a backend sends, nothing crashes; however it is split, nothing changes; what is valid is clean."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.audits.registry import audits
from chatkit_doctor.component.transcript import Playback, transcript
from chatkit_doctor.protocol.dialects import Frame, recognise, recognise_lines
from chatkit_doctor.protocol.events import EVENT_TYPES, ITEM_TYPES, UPDATE_TYPES
from chatkit_doctor.protocol.intended_replies import intended_replies
from chatkit_doctor.protocol.payload import parse_json, read_payload
from chatkit_doctor.protocol.schema import MAX_PROBLEMS, check_event, check_page, check_thread
from chatkit_doctor.protocol.sse import SseEvent, SseParser, parse
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Layer
from tests.audits.asking import ask
from tests.audits.protocol.cases import answered
from tests.chatkit_events import Event, created, delta, done, good, part, reply, streamed, user
from tests.examples import FEW, MANY, examples
from tests.protocol.generated import Turns, body, conversations

STREAM_AUDITS = [a for a in audits() if a.layer in {Layer.SSE, Layer.PROTOCOL} and not a.is_symptom]
"""The audits of what a stream says."""
NAMES = sorted(EVENT_TYPES | ITEM_TYPES | UPDATE_TYPES | {"output_text", "input_text"})
KEYS = [
    "type", "item", "item_id", "id", "update", "thread", "content", "content_index", "text", "delta",
    "annotations", "attachments", "workflow", "tasks", "widget", "children", "inputs", "task", "message",
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.sampled_from([*NAMES, "", "a1", "__fake_id__"])
    | st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
ODD_EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(NAMES) | LEAVES},
    optional={"item": VALUES, "update": VALUES, "item_id": VALUES, "thread": VALUES, "message": VALUES},
)
"""Events that have the right words in the wrong places."""


@st.composite
def damaged(draw: st.DrawFn) -> list[Event]:
    """A valid turn with one place in some of its events replaced by something else, or removed."""
    (turn, *_) = draw(conversations(turns=1))
    events: list[Any] = copy.deepcopy(turn)
    for _ in range(draw(st.integers(1, 3))):
        place: Any = draw(st.sampled_from(events))
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = draw(st.sampled_from(keys)) if keys else None
            inner = place[key] if key is not None else None
            if isinstance(inner, dict | list) and inner and draw(st.booleans()):
                place = inner
                continue
            break
        if key is not None and draw(st.booleans()):
            place[key] = draw(VALUES)
        elif key is not None:
            del place[key]
    return events


LINES = st.sampled_from(
    [
        "data: {}",
        "data:",
        "data: [DONE]",
        "event: x",
        "id: \0",
        "retry: 9",
        ": c",
        "",
        "",
        "{}",
        "<html>",
        "x",
    ]
)
BYTES = (
    st.binary(max_size=60)
    | st.lists(LINES, max_size=8).map(lambda lines: "\n".join(lines).encode())
    | ODD_EVENTS.map(lambda event: body([event]))
)
BODIES = st.lists(BYTES, max_size=5).map(b"".join)
"""Bodies of anything."""


def read(data: bytes, cuts: Sequence[int] = ()) -> tuple[object, ...]:
    """All that the parser says of a body that comes in these pieces."""
    parser = SseParser()
    events: list[SseEvent] = []
    for start, stop in zip([0, *cuts], [*cuts, len(data)], strict=True):
        events += parser.feed(data[start:stop])
    events += parser.close()
    return events, parser.problems, parser.problem_counts, parser.size


def judged(recording: Recording) -> list[str]:
    """The ids of the failed audits of both layers; none may have failed itself."""
    findings = [ask(audit, recording) for audit in STREAM_AUDITS]
    assert [f"{f.audit.id}: {f.note}" for f in findings if f.status is Status.ERROR] == []
    return [finding.audit.id for finding in findings if finding.status is Status.FAILED]


# Nothing crashes


@MANY
@given(BODIES)
def test_any_bytes_can_be_read(data: bytes) -> None:
    events, problems = parse(data)
    assert all(0 <= event.at <= event.end <= len(data) for event in events)
    assert all(0 <= problem.at <= len(data) for problem in problems)
    for event in events:
        read_payload(event.data)
        recognise_lines(event.data)


@MANY
@given(st.text(max_size=60) | VALUES.map(json.dumps) | VALUES.map(lambda v: json.dumps(v)[:-1]))
def test_any_data_has_a_kind(data: str) -> None:
    payload = read_payload(data)
    assert all(isinstance(value, dict) for value in payload.values)


@MANY
@given(ODD_EVENTS | damaged().map(lambda events: events[0]) | st.dictionaries(st.text(max_size=5), VALUES))
def test_any_event_can_be_checked(event: Event) -> None:
    problems = check_event(event)
    assert len(problems) <= MAX_PROBLEMS
    assert len({problem.path for problem in problems}) == len(problems)
    check_thread(event)
    check_page(event)
    recognise([Frame("", json.dumps(event), event)])


@MANY
@given(st.lists(ODD_EVENTS, max_size=6) | damaged(), st.booleans())
def test_any_events_have_a_transcript(events: list[Event], new_thread: bool) -> None:
    playback = Playback()
    playback.begin(new_thread=new_thread)
    for event in events:
        playback.apply(event)
    before = playback.transcript()
    assert before == transcript([events], new_thread=new_thread)
    assert all(intended_replies(events))


@FEW
@given(damaged())
def test_no_audit_fails_itself_on_a_damaged_turn(events: list[Event]) -> None:
    judged(answered(events, good(turn=2)))


@FEW
@given(st.lists(ODD_EVENTS, max_size=4), st.lists(BYTES, max_size=3))
def test_no_audit_fails_itself_on_anything(events: list[Event], pieces: list[bytes]) -> None:
    bodies: list[Event | str] = [*good()[:3], *events, *(piece.decode(errors="replace") for piece in pieces)]
    judged(answered(bodies, good(turn=2)))


@pytest.mark.parametrize("depth", [50, 200, 900, 5_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("key", ["item", "update", "thread", "item_id", "type"])
def test_nested_deeply_is_no_trouble(depth: int, opening: str, closing: str, key: str) -> None:
    deep = f"{opening * depth}1{closing * depth}"
    kind = "" if key == "type" else '"type": "thread.item.updated", '
    judged(answered([*good()[:3], f'data: {{{kind}"{key}": {deep}}}\n\n', *good()[3:]]))


# Nothing hangs


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([created(), *streamed()[:2], *[delta("word ")] * 20_000], id="deltas"),
        pytest.param([created(), *(done(reply(str(n), f"a{n}")) for n in range(3_000))], id="items"),
        pytest.param([created(), *(part(index=n) for n in range(0, 10**9, 10**6))], id="indexes"),
        pytest.param(
            [created(), done(user())]
            + [e for n in range(1_000) for e in streamed(str(n), f"a{n}", pieces=1)[:-1]],
            id="items that are never done",
        ),
        pytest.param([{"type": f"thread.item.{n}"} for n in range(2_000)], id="names"),
    ],
)
def test_a_long_stream_takes_no_more_than_its_length(events: list[Event]) -> None:
    made = answered(events)
    begun = time.process_time()
    transcript([events])
    intended_replies(events)
    for audit in STREAM_AUDITS:
        assert ask(audit, made).status is not Status.ERROR
    # A few seconds are plenty for what is linear, and nothing for what is not.
    assert time.process_time() - begun < 5


# However the bytes are split


@MANY
@given(conversations(turns=1), st.booleans(), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.data())
def test_splitting_a_stream_differently_changes_nothing(
    turns: Turns, ascii_only: bool, end: bytes, data: st.DataObject
) -> None:
    stream = body(turns[0], ascii_only=ascii_only).replace(b"\n", end)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    assert read(stream, cuts) == read(stream)


@MANY
@given(BODIES, st.data())
def test_splitting_anything_differently_changes_nothing(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    assert read(stream, cuts) == read(stream)
    assert read(stream, range(1, len(stream))) == read(stream)


@MANY
@given(conversations(), st.booleans())
def test_what_is_written_is_what_is_read(turns: Turns, ascii_only: bool) -> None:
    for turn in turns:
        stream = body(turn, ascii_only=ascii_only)
        events, problems = parse(stream)
        assert problems == []
        assert [read_payload(event.data).value for event in events] == turn
        assert all(parse_json(stream[e.at + 6 : e.end].decode()) for e in events)


# What is valid is clean


def test_every_type_of_item_event_and_update_is_generated() -> None:
    missing = (EVENT_TYPES | ITEM_TYPES | UPDATE_TYPES) - {"error"}

    def was_the_last(turns: Turns) -> bool:
        nonlocal missing
        for event in (event for turn in turns for event in turn):
            missing -= {event["type"], event.get("item", {}).get("type"), event.get("update", {}).get("type")}
        return not missing

    with suppress(NoSuchExample):
        find(conversations(), was_the_last, settings=settings(examples(1_000), phases=[Phase.generate]))
    assert sorted(missing) == []


@MANY
@given(conversations())
def test_a_valid_conversation_has_no_problems(turns: Turns) -> None:
    assert [p for turn in turns for event in turn for p in check_event(event)] == []


@FEW
@given(conversations())
def test_a_valid_conversation_is_blamed_for_nothing(turns: Turns) -> None:
    assert judged(answered(*turns)) == []


@MANY
@given(conversations())
def test_the_transcript_of_a_valid_conversation_is_what_was_finished(turns: Turns) -> None:
    said = [
        "\n".join(p["text"] for p in event["item"]["content"] if p["text"])
        for turn in turns
        for event in turn
        if event["type"] == "thread.item.done" and event["item"]["type"] == "assistant_message"
    ]
    assert transcript(turns).texts("assistant") == said
    assert [text for turn in turns for text in intended_replies(turn)] == said
