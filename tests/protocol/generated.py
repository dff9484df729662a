"""Valid conversations, generated: several turns, every item, event and update there is, any text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from hypothesis import strategies as st

from tests.chatkit_events import (
    Event,
    added,
    created,
    delta,
    done,
    item,
    part,
    part_done,
    removed,
    reply,
    updated,
    user,
)

Turn = list[Event]
Turns = tuple[Turn, ...]

ODD_TEXTS: Final = (
    "👋 Grüße",
    "👩‍👩‍👧",
    "\u2028x\u2029",
    "a\r\nb",
    'say "x": {}',
    "data: x\n\n",
    "\ufeffx",
    "[DONE]",
    "مرحبا",
)
TEXTS: Final = st.sampled_from(ODD_TEXTS) | st.text(
    st.characters(codec="utf-8"), min_size=1, max_size=24
).filter(str.strip)


@dataclass(frozen=True, slots=True)
class Maker:
    """What the parts of one conversation are made with."""

    draw: st.DrawFn
    numbers: Iterator[int]
    said: set[str] = field(default_factory=set)

    def name(self, kind: str) -> str:
        """An id that no other item has."""
        return f"{kind}_{next(self.numbers)}"

    def text(self) -> str:
        """Some text."""
        return self.draw(TEXTS)

    def new_text(self) -> str:
        """Some text in other letters than any reply's so far: who reads one twice takes it for a mistake."""
        text = self.draw(TEXTS.filter(lambda text: _letters(text) not in self.said))
        self.said.add(_letters(text))
        return text

    def pieces(self, text: str) -> list[str]:
        """A text cut anywhere, also nowhere or into nothing."""
        cuts = sorted(self.draw(st.lists(st.integers(0, len(text)), max_size=3)))
        return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    def one(self, *choices: str) -> str:
        """One of some words."""
        return self.draw(st.sampled_from(choices))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


# Items of the assistant, each with all the events that belong to it


def assistant_message(make: Maker) -> Turn:
    """A reply of one to three parts: streamed in pieces, or finished at once."""
    name = make.name("assistant_message")
    texts = [make.new_text() for _ in range(int(make.one("1", "1", "2", "3")))]
    noted = [[_note(make)] if make.one("no", "no", "yes") == "yes" else [] for _ in texts]
    parts = [
        {"type": "output_text", "text": text, "annotations": notes}
        for text, notes in zip(texts, noted, strict=True)
    ]
    whole = done(reply(item_id=name, content=parts))
    if make.one("streamed", "streamed", "at once") == "at once":
        return [whole]
    events = [added(reply(item_id=name, content=[]))]
    for index, (text, notes) in enumerate(zip(texts, noted, strict=True)):
        events.append(part(name, index))
        events += [delta(piece, name, index) for piece in make.pieces(text)]
        for number, note in enumerate(notes):
            kind = "assistant_message.content_part.annotation_added"
            place = {"content_index": index, "annotation_index": number}
            events.append(updated({"type": kind, **place, "annotation": note}, name))
        events.append(part_done(text, name, index))
    return [*events, whole]


def _note(make: Maker) -> Event:
    sources: list[Event] = [
        {"type": "url", "title": make.text(), "url": "https://example.test"},
        {"type": "file", "title": make.text(), "filename": "a.pdf"},
        {"type": "entity", "title": make.text(), "id": "e"},
    ]
    return {"type": "annotation", "source": make.draw(st.sampled_from(sources)), "index": 0}


def widget(make: Maker) -> Turn:
    """A widget, at once or with text that grows."""
    name = make.name("widget")
    text = make.text()

    def card(value: str) -> Event:
        return {"type": "Card", "children": [{"type": "Text", "id": "t", "value": value}]}

    whole = done(item("widget", name, widget=card(text)))
    if make.one("at once", "growing") == "at once":
        return [whole]
    value = {"type": "widget.streaming_text.value_delta", "component_id": "t"}
    grows = [updated({**value, "delta": piece, "done": False}, name) for piece in make.pieces(text)]
    component = {"type": "Text", "id": "t", "value": text}
    changes = [
        updated({"type": "widget.component.updated", "component_id": "t", "component": component}, name),
        updated({"type": "widget.root.updated", "widget": card(text)}, name),
    ]
    return [added(item("widget", name, widget=card(""))), *grows, *changes, whole]


def generated_image(make: Maker) -> Turn:
    """An image that comes into focus."""
    name = make.name("generated_image")
    picture = {"id": "i", "url": "data:image/png;base64,aGVsbG8="}
    focus = updated({"type": "generated_image.updated", "image": picture, "progress": 0.5}, name)
    whole = item("generated_image", name, image=picture)
    return [added({**whole, "image": None}), focus, done(whole)]


def structured_input(make: Maker) -> Turn:
    """Questions to the user."""
    choice = {"type": "multiple_choice", "id": "q1", "question": make.text(), "options": [{"value": "a"}]}
    free = {"type": "freeform", "id": "q2", "question": make.text()}
    return [done(item("structured_input", make.name("structured_input"), inputs=[choice, free]))]


def workflow(make: Maker) -> Turn:
    """A workflow whose tasks are added and finished."""
    name = make.name("workflow")
    tasks: list[Event] = [
        {"type": "thought", "content": make.text()},
        {"type": "custom", "title": make.text()},
        {"type": "web_search", "queries": ["x"], "sources": []},
        {"type": "file", "sources": [{"type": "file", "title": "a", "filename": "a"}]},
        {"type": "image", "title": "i"},
    ]
    task = {**make.draw(st.sampled_from(tasks)), "status_indicator": "loading"}
    ended = {**task, "status_indicator": "complete"}
    kind = make.one("custom", "reasoning")
    summary = make.draw(st.sampled_from([{"title": "Done"}, {"duration": 3}]))
    return [
        added(item("workflow", name, workflow={"type": kind, "tasks": []})),
        updated({"type": "workflow.task.added", "task_index": 0, "task": task}, name),
        updated({"type": "workflow.task.updated", "task_index": 0, "task": ended}, name),
        done(item("workflow", name, workflow={"type": kind, "tasks": [ended], "summary": summary})),
    ]


def task(make: Maker) -> Turn:
    """A task by itself, which may be replaced or taken back."""
    name = make.name("task")
    one = item("task", name, task={"type": "custom", "title": make.text()})
    later = {
        "done": [],
        "replaced": [{"type": "thread.item.replaced", "item": one}],
        "removed": [removed(name)],
    }
    return [done(one), *later[make.one(*later)]]


def client_tool_call(make: Maker) -> Turn:
    """A call that the page has answered."""
    call = {"call_id": make.name("call"), "name": "look", "arguments": {"where": make.text()}}
    return [done(item("client_tool_call", make.name("tool"), status="completed", output={"ok": 1}, **call))]


def end_of_turn(make: Maker) -> Turn:
    """The mark at a turn's end."""
    return [done(item("end_of_turn", make.name("end")))]


def hidden_context_item(make: Maker) -> Turn:
    """Context that nobody sees."""
    return [done(item("hidden_context_item", make.name("hidden"), content={"x": make.text()}))]


def sdk_hidden_context(make: Maker) -> Turn:
    """The SDK's own context that nobody sees."""
    return [done(item("sdk_hidden_context", make.name("hidden"), content=make.text()))]


def aside(make: Maker) -> Turn:
    """One event that brings no item."""
    events: list[Event] = [
        {"type": "progress_update", "text": make.text()},
        {"type": "progress_update", "icon": "search", "text": make.text()},
        {"type": "notice", "level": "info", "message": make.text()},
        {"type": "client_effect", "name": "confetti", "data": {"much": True}},
        {"type": "thread.updated", "thread": {**created()["thread"], "title": make.text()}},
    ]
    return [events[int(make.one(*(str(number) for number in range(len(events)))))]]


BLOCKS: Final[dict[str, Callable[[Maker], Turn]]] = {
    "assistant_message": assistant_message,
    "widget": widget,
    "generated_image": generated_image,
    "structured_input": structured_input,
    "workflow": workflow,
    "task": task,
    "client_tool_call": client_tool_call,
    "end_of_turn": end_of_turn,
    "hidden_context_item": hidden_context_item,
    "sdk_hidden_context": sdk_hidden_context,
}
"""By the type of item they bring; the user's own stands at the beginning of each turn."""


def _question(make: Maker) -> Event:
    text: Event = {"type": "input_text", "text": make.text()}
    tag = {"type": "input_tag", "id": "t", "text": make.text(), "data": {"a": 1}}
    file = {"type": "file", "id": "f", "name": "a.pdf", "mime_type": "application/pdf"}
    image = {
        "type": "image",
        "id": "i",
        "name": "i.png",
        "mime_type": "image/png",
        "preview_url": "https://x.test",
    }
    content = make.draw(st.sampled_from([[text], [text], [text, tag], [tag], [text, text]]))
    attached = make.draw(st.sampled_from([[], [], [file], [file, image]]))
    return user(item_id=make.name("user_message"), content=content, attachments=attached)


@st.composite
def conversations(
    draw: st.DrawFn, blocks: Sequence[str] = tuple(BLOCKS), turns: int = 3, at_least: int = 1
) -> Turns:
    """Turns of a new thread, each with one reply in words at least, and with these other items."""
    make = Maker(draw, count(1))
    return tuple(
        _turn(make, blocks, first=number == 0) for number in range(draw(st.integers(at_least, turns)))
    )


def _turn(make: Maker, blocks: Sequence[str], *, first: bool) -> Turn:
    kinds = make.draw(st.lists(st.sampled_from([*blocks, "aside"]), max_size=3))
    place = make.draw(st.integers(0, len(kinds)))
    kinds[place:place] = ["assistant_message"]
    options = {"type": "stream_options", "stream_options": {"allow_cancel": True}}
    events = [*([created()] if first else []), done(_question(make)), options]
    for kind in kinds:
        events += (aside if kind == "aside" else BLOCKS[kind])(make)
    return events


def body(events: Sequence[Event], *, ascii_only: bool = False) -> bytes:
    """A stream as a server writes it, its text as UTF-8 unless told otherwise."""
    return b"".join(f"data: {json.dumps(e, ensure_ascii=ascii_only)}\n\n".encode() for e in events)
