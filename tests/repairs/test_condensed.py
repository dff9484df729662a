"""A long conversation in fewer events: what they say stays the same, in whatever protocol."""

from __future__ import annotations

import json
from itertools import islice

import pytest

from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.correction import corrected
from chatkit_doctor.protocol.events import delta_of
from chatkit_doctor.repairs.condensed import MOST_EVENTS, condensed
from chatkit_doctor.repairs.streams import events_of
from tests.chatkit_events import Event, created, done, reply, streamed, user
from tests.conversation.made import conversation, first
from tests.protocol.dialect_streams import DIALECT_STREAMS, Sent

PIECES = [f"w{number} " for number in range(1_000)]
REQUEST = {"params": {"input": {"content": [{"type": "input_text", "text": "Hello"}]}}}
BY_DELTAS = [
    name for name, sent in DIALECT_STREAMS.items() if name != "plain-text" and '"One "' in json.dumps(sent)
]


def line(sent: Sent) -> str:
    """One event as it goes over the wire."""
    if isinstance(sent, tuple):
        name, data = sent
        return f"event: {name}\ndata: {data if isinstance(data, str) else json.dumps(data)}\n\n"
    return f"data: {sent if isinstance(sent, str) else json.dumps(sent)}\n\n"


def long(dialect: str) -> Conversation:
    """The dialect's stream with a thousand pieces of text in place of the first one."""
    lines = []
    for written in map(line, DIALECT_STREAMS[dialect]):
        if '"One "' in written:
            lines += [written.replace('"One "', json.dumps(piece)) for piece in PIECES]
        else:
            lines.append(written.replace("One ", "".join(PIECES)))
    return conversation(first("".join(lines).encode()))


def text_of(call: Call) -> str:
    """The text of the reply that a stream was meant to bring."""
    frames = [event.frame for event in events_of(call)]
    return "".join(map(delta_of, corrected(frames, op=call.op, request=REQUEST)))


def size_of(call: Call) -> int:
    """How many events there are."""
    return call.body.count(b"\n\n")


@pytest.mark.parametrize("dialect", BY_DELTAS)
def test_text_in_any_protocol_is_joined_and_says_the_same(dialect: str) -> None:
    made = long(dialect)
    (call,), (short,) = made.calls, condensed(made).calls
    assert size_of(call) > len(PIECES)
    assert size_of(short) < MOST_EVENTS
    assert text_of(short) == text_of(call) == "".join(PIECES) + "two"


def test_most_protocols_bring_their_text_in_pieces() -> None:
    assert len(BY_DELTAS) >= 8


def test_plain_text_is_joined() -> None:
    body = "".join(f"data: {piece}\n\n" for piece in PIECES).encode()
    (short,) = condensed(conversation(first(body))).calls
    assert size_of(short) < MOST_EVENTS
    assert text_of(short) == text_of(first(body))


def test_text_of_two_messages_is_not_joined() -> None:
    pieces = [
        {"type": "response.output_text.delta", "item_id": f"i{number % 2}", "delta": piece}
        for number, piece in enumerate(PIECES)
    ]
    made = conversation(first(pieces))
    assert condensed(made) is made


def test_a_text_that_stands_in_two_places_is_joined_in_the_one_that_is_read() -> None:
    pieces = [
        {
            "type": "response.output_text.delta",
            "obfuscation": piece,
            "item_id": "i",
            "content_index": 0,
            "delta": piece,
        }
        for piece in PIECES
    ]
    (short,) = condensed(conversation(first(pieces))).calls
    assert size_of(short) < MOST_EVENTS
    assert "".join(str(event.value["delta"]) for event in events_of(short)) == "".join(PIECES)


def test_pieces_of_chatkit_come_when_their_last_part_came() -> None:
    events: list[Event] = [created(), done(user()), *streamed("word " * 500, pieces=500), done(reply())]
    (call,), (short,) = (made := conversation(first(events))).calls, condensed(made).calls
    assert size_of(short) < MOST_EVENTS
    texts = [delta_of(event.value) for event in events_of(call)]
    grown = {"".join(islice(texts, number)): None for number in range(len(texts) + 1)}
    so_far = ""
    for event in events_of(short):
        so_far += delta_of(event.value)
        assert so_far in grown
