"""Whatever a backend sends, the simulated component goes on, and every audit has an answer."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.chatkit_events import Event, good, item
from tests.conversation.made import conversation, first, judged, later, read_back, sse
from tests.examples import examples

ITEMS = (
    item("widget", widget={"type": "Card", "children": [{"type": "Text", "value": "Hi"}]}),
    item("workflow", workflow={"type": "custom", "tasks": [{"type": "custom", "title": "One"}]}),
    item("task", task={"type": "custom", "title": "One"}),
    item("structured_input", status="pending", inputs=[{"id": "q", "question": "Which?"}]),
    item("generated_image", image={"id": "i", "url": "http://localhost/i.png"}),
)
EVENTS = [
    *good(),
    *({"type": "thread.item.done", "item": each} for each in ITEMS),
    {"type": "progress_update", "text": "Looking"},
    {"type": "notice", "level": "info", "message": "Mind the gap"},
    {"type": "error", "code": "stream.error"},
]
ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.none(), max_size=2)


@st.composite
def damaged(draw: st.DrawFn) -> list[Event]:
    """Events of which some hold something odd in some place, in some order."""
    events: list[Event] = []
    for event in draw(st.lists(st.sampled_from(EVENTS), max_size=8)):
        own = json.loads(json.dumps(event))
        place = own
        for _ in range(draw(st.integers(0, 5))):
            keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
            key = draw(st.sampled_from(keys)) if keys else None
            if key is None:
                break
            if draw(st.booleans()) or not isinstance(place[key], dict | list):
                place[key] = draw(ODD)
                break
            place = place[key]
        events.append(own)
    return events


@examples(30)
@given(events=damaged(), again=damaged(), stored=damaged())
def test_odd_events_break_nothing(
    events: list[Event], again: list[Event], stored: list[Event], tmp_path: Path
) -> None:
    turns = [first([good()[0], *events]), later(again, t=1_000)]
    made = conversation(*turns, read_back([event.get("item") or {} for event in stored]))
    assert judged(made, tmp_path).verdict in {"pass", "fail", "inconclusive"}


@examples(30)
@given(body=st.binary(max_size=200), cut=st.integers(0, 2_000))
def test_any_bytes_break_nothing(body: bytes, cut: int, tmp_path: Path) -> None:
    whole = b"".join(sse(good()))
    made = conversation(first(whole[:cut] + body + whole[cut:]), later(body), timed=False)
    assert judged(made, tmp_path).verdict in {"pass", "fail", "inconclusive"}
