"""Generated dialogues: good turns of every item and update there is, and damage to them of every kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

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
from tests.differential.dialogue import Answer, Dialogue, Exchange

WORDS: Final = (
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "a",
    "lazy",
    "dog",
    "while",
    "wizards",
    "make",
)
ODD: Final[tuple[object, ...]] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    7,
    1.5,
    0.0,
    "",
    "x",
    "0",
    [],
    ["x"],
    [None],
    {},
    {"type": "x"},
)
RAW: Final = ("null", "[]", "7", '"text"', "[DONE]", "{", '{"type": "thread.item.done"', "")
ITEM_IDS: Final = ("a1", "a2", "u1", "u2", "x1", "x2")


class Maker:
    """What one dialogue is made with: every choice is hypothesis's."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._ids = 0

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def chance(self, percent: int) -> bool:
        return self.below(100) >= 100 - percent

    def one(self, choices: Any) -> Any:
        return choices[self.below(len(choices))]

    def text(self, most: int = 12) -> str:
        return " ".join(self.one(WORDS) for _ in range(1 + self.below(most)))

    def id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}{self._ids}"

    def pieces(self, text: str) -> list[str]:
        cuts = sorted(self.below(len(text) + 1) for _ in range(self.below(3)))
        return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _source(make: Maker) -> Event:
    url = {"type": "url", "title": "A page", "url": "https://www.example.test/page"}
    file = {"type": "file", "title": "A file", "filename": "a.pdf"}
    source: Event = make.one([url, file, {"type": "entity", "title": "One", "id": "e"}])
    return source


def _note(make: Maker) -> Event:
    return {"type": "annotation", "source": _source(make), "index": make.below(30)}


def assistant_message(make: Maker) -> list[Event]:
    name = make.id("a")
    texts = [make.text() for _ in range(1 + (make.below(4) == 3))]
    content: list[Event] = [{"type": "output_text", "text": text, "annotations": []} for text in texts]
    if make.chance(15):
        content[0]["annotations"] = [_note(make)]
    whole = done(reply(item_id=name, content=content))
    style = make.below(4)
    if style == 0:
        return [whole]
    if style == 1:
        return [added(reply(item_id=name, content=content)), *([whole] if make.chance(70) else [])]
    events = [added(reply(item_id=name, content=[]))]
    for index, text in enumerate(texts):
        events.append(part(name, index))
        events += [delta(piece, name, index) for piece in make.pieces(text)]
        if content[index]["annotations"]:
            kind = "assistant_message.content_part.annotation_added"
            note = content[index]["annotations"][0]
            place = {"content_index": index, "annotation_index": 0}
            events.append(updated({"type": kind, **place, "annotation": note}, name))
        if make.chance(70):
            events.append(part_done(text, name, index))
    return [*events, *([whole] if make.chance(80) else [])]


def _card(value: str) -> Event:
    return {"type": "Card", "children": [{"type": "Text", "id": "t", "value": value}]}


def widget(make: Maker) -> list[Event]:
    name, text = make.id("x"), make.text()
    component = make.one(
        [
            {"type": "Text", "id": "t", "value": text},
            {"type": "Markdown", "id": "t", "value": text},
            {"type": "Title", "id": "t", "value": text},
            {"type": "Caption", "id": "t", "value": text},
            {"type": "Badge", "id": "t", "label": text},
            {"type": "Button", "id": "t", "label": text},
            {"type": "Unheard", "id": "t", "value": text},
        ]
    )
    root = make.one(["Card", "Card", "Basic", "ListView"])
    inside: object = [component]
    if root == "ListView":
        inside = [{"type": "ListViewItem", "children": inside}]
    elif make.chance(30):
        inside = [{"type": make.one(["Row", "Col", "Box", "Form"]), "children": inside}]
    full = {"type": root, "children": inside}
    if root == "Card" and make.chance(20):
        full["status"] = {"text": make.text(3)}
    whole = done(item("widget", name, widget=full))
    if make.chance(50):
        return [whole]
    value = {"type": "widget.streaming_text.value_delta", "component_id": "t"}
    grows = [updated({**value, "delta": piece, "done": False}, name) for piece in make.pieces(text)]
    changes = [
        updated({"type": "widget.component.updated", "component_id": "t", "component": component}, name),
        updated({"type": "widget.root.updated", "widget": full}, name),
    ]
    end = [whole] if make.chance(80) else []
    return [added(item("widget", name, widget=_card(""))), *grows, *changes[make.below(3) :], *end]


def generated_image(make: Maker) -> list[Event]:
    name = make.id("x")
    picture = {"id": "i", "url": "data:image/png;base64,aGVsbG8="}
    whole = item("generated_image", name, image=picture)
    focus = updated({"type": "generated_image.updated", "image": picture, "progress": 0.5}, name)
    live = [focus] if make.chance(50) else []
    return [added({**whole, "image": None}), *live, *([done(whole)] if make.chance(70) else [])]


def structured_input(make: Maker) -> list[Event]:
    choice = {"type": "multiple_choice", "id": "q1", "question": make.text(4), "options": [{"value": "a"}]}
    free = {"type": "freeform", "id": "q2", "question": make.text(4)}
    choices: list[list[Event]] = [[choice, free], [choice], [free]]
    inputs = choices[make.below(3)]
    status = make.one(["answered", "answered", "skipped", "pending"])
    if status == "answered":
        inputs = [{**each, "answer": {"values": ["a"], "skipped": False}} for each in inputs]
    return [done(item("structured_input", make.id("x"), status=status, inputs=inputs))]


def workflow(make: Maker) -> list[Event]:
    name = make.id("x")
    kind = make.one(["custom", "reasoning"])
    task = make.one(
        [
            {"type": "custom", "title": make.text(4)},
            {"type": "thought", "title": make.text(4), "content": make.text()},
            {"type": "web_search", "title": make.text(4), "queries": ["x"], "sources": []},
        ]
    )
    ended = {**task, "status_indicator": "complete"}
    summary = make.one([{"title": make.text(4)}, {"duration": 1 + make.below(9)}, None])
    tasks = [
        updated({"type": "workflow.task.added", "task_index": 0, "task": task}, name),
        updated({"type": "workflow.task.updated", "task_index": 0, "task": ended}, name),
    ]
    flow = {"type": kind, "tasks": [ended], "summary": summary, "expanded": False}
    whole = done(item("workflow", name, workflow=flow))
    begun = added(item("workflow", name, workflow={"type": kind, "tasks": [], "expanded": False}))
    return [begun, *tasks[: make.below(3)], *([whole] if make.chance(80) else [])]


def task(make: Maker) -> list[Event]:
    name = make.id("x")
    one = item("task", name, task={"type": "custom", "title": make.text(4)})
    other = item("task", name, task={"type": "custom", "title": make.text(4)})
    after = [[], [], [{"type": "thread.item.replaced", "item": other}], [removed(name)]][make.below(4)]
    return [done(one), *after]


def client_tool_call(make: Maker) -> list[Event]:
    status = make.one(["completed", "pending", "pending"])
    call = {"call_id": make.id("call"), "name": "look", "arguments": {}, "status": status}
    return [done(item("client_tool_call", make.id("x"), **call))]


def end_of_turn(make: Maker) -> list[Event]:
    return [done(item("end_of_turn", make.id("x")))]


def hidden(make: Maker) -> list[Event]:
    return [done(item(make.one(["hidden_context_item", "sdk_hidden_context"]), make.id("x"), content="x"))]


def aside(make: Maker) -> list[Event]:
    return [
        make.one(
            [
                {"type": "progress_update", "text": make.text(4)},
                {"type": "progress_update", "icon": "search", "text": make.text(4)},
                {"type": "notice", "level": make.one(["info", "warning", "danger"]), "message": make.text(4)},
                {"type": "notice", "level": "info", "title": make.text(2), "message": make.text(4)},
                {"type": "client_effect", "name": "confetti", "data": {}},
                {"type": "thread.updated", "thread": {**created()["thread"], "title": make.text(3)}},
                {"type": "error", "code": "custom", "message": make.text(4), "allow_retry": make.chance(50)},
                {"type": "error", "code": "stream.error", "allow_retry": make.chance(50)},
                {"type": "stream_options", "stream_options": {"allow_cancel": make.chance(50)}},
                {"type": "made.up", "item": {"id": "a1"}},
                created(make.one(["thr_1", "thr_2"])),
            ]
        )
    ]


BLOCKS: Final[tuple[Callable[[Maker], list[Event]], ...]] = (
    assistant_message,
    assistant_message,
    assistant_message,
    assistant_message,
    widget,
    generated_image,
    structured_input,
    workflow,
    task,
    client_tool_call,
    end_of_turn,
    hidden,
    aside,
    aside,
    aside,
)


def _question(make: Maker) -> Event:
    content: list[Event] = [{"type": "input_text", "text": make.text()}]
    if make.chance(15):
        content.append({"type": "input_tag", "id": "t", "text": make.text(2), "data": {}})
    file = {"type": "file", "id": "f", "name": "a.pdf", "mime_type": "application/pdf"}
    files = [file] if make.chance(10) else []
    more = {"quoted_text": make.text(3)} if make.chance(10) else {}
    return user(item_id=make.id("u"), content=content, attachments=files, **more)


def _good(make: Maker, *, first: bool, is_message: bool) -> list[Event]:
    events = [created()] if first else []
    if is_message:
        events.append(done(_question(make)))
    for _ in range(1 + make.below(3)):
        events += make.one(BLOCKS)(make)
    return events


# Damage


def _drop(make: Maker, events: list[Any]) -> None:
    if events:
        del events[make.below(len(events))]


def _twice(make: Maker, events: list[Any]) -> None:
    if events:
        at = make.below(len(events))
        events.insert(at + make.below(len(events) - at) + 1, json.loads(json.dumps(events[at])))


def _move(make: Maker, events: list[Any]) -> None:
    if events:
        event = events.pop(make.below(len(events)))
        events.insert(make.below(len(events) + 1), event)


def _insert(make: Maker, events: list[Any]) -> None:
    events[(at := make.below(len(events) + 1)) : at] = make.one((aside, _more_user, _raw))(make)


def _more_user(make: Maker) -> list[Any]:
    return [make.one((done, added))(_question(make))]


def _raw(make: Maker) -> list[Any]:
    return [make.one(RAW)]


def _rename(make: Maker, events: list[Any]) -> None:
    """Another id: of the thread, of an item, or the one that an update names."""
    names = {"item", "item_id", "thread"}
    found = [event for event in events if isinstance(event, dict) and names & event.keys()]
    if not found:
        return
    event = make.one(found)
    name = make.one((*ITEM_IDS, 5, None))
    if "item_id" in event:
        event["item_id"] = name
    elif isinstance(inner := event.get("item") or event.get("thread"), dict):
        if make.chance(30):
            inner.pop("id", None)
        else:
            inner["id"] = name


def _retype(make: Maker, events: list[Any]) -> None:
    found = [event for event in events if isinstance(event, dict) and isinstance(event.get("item"), dict)]
    if found:
        ends = ("added", "done", "replaced", "removed", "strange")
        make.one(found)["type"] = f"thread.item.{make.one(ends)}"


def _reshape(make: Maker, events: list[Any]) -> None:
    """Something else, or nothing, in some place of an event."""
    found = [event for event in events if isinstance(event, dict)]
    if not found:
        return
    place: Any = make.one(found)
    for _ in range(6):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = make.one(keys)
        if isinstance(place[key], dict | list) and place[key] and make.chance(70):
            place = place[key]
        elif make.chance(40):
            del place[key]
            return
        else:
            place[key] = make.one(ODD)
            return


DAMAGE: Final[tuple[Callable[[Maker, list[Any]], None], ...]] = (
    _drop,
    _twice,
    _move,
    _insert,
    _rename,
    _retype,
    _reshape,
    _reshape,
)


@st.composite
def dialogues(draw: st.DrawFn) -> Dialogue:
    """One to three exchanges, of which about two in three are damaged."""
    make = Maker(draw(st.randoms(use_true_random=True)))
    exchanges = []
    for number in range(1 + make.below(3)):
        answers = [_answer(make, first=number == 0, is_message=True)]
        if make.chance(30):
            answers.append(_answer(make, first=False, is_message=False))
        exchanges.append(Exchange(f"Message {number + 1}", tuple(answers)))
    return Dialogue(tuple(exchanges))


def _answer(make: Maker, *, first: bool, is_message: bool) -> Answer:
    if make.chance(4):
        return Answer(status=make.one((400, 401, 404, 429)))
    events: list[Any] = json.loads(json.dumps(_good(make, first=first, is_message=is_message)))
    for _ in range(make.below(4)):
        make.one(DAMAGE)(make, events)
    data = tuple(event if isinstance(event, str) else json.dumps(event) for event in events)
    return Answer(data, "cut" if make.chance(6) else "finished")
