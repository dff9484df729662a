"""What the component writes for each item of a thread: the text that a person would read.

The rules are measured, and those of ``static/reference/frame/items.js``. What the component cannot draw is
judged by ``component.strictness``, not here; every function takes whatever it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.component.rendered_text import rendered
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.thread import PROGRESS, Item
from chatkit_doctor.protocol.events import SHOWN_REPLY_ITEMS, member, type_of
from chatkit_doctor.protocol.payload import JsonObject

TEXTS: Final = RULES.texts
SHOWN: Final = SHOWN_REPLY_ITEMS | {"user_message", PROGRESS}
"""Items that have an element of their own."""
_DEEPEST: Final = 50
"""Levels of a widget that are followed."""


def words_of(item: Item, *, streaming: bool, is_last: bool) -> str:
    """The text of an item; ``is_last`` in its turn, ``streaming`` while the component is responding."""
    if item.kind == "assistant_message":
        return "\n".join(_reply_parts(item, streaming=streaming))
    if item.kind == "workflow":
        return _workflow(item, is_open=streaming and is_last and not item.done)
    if item.kind == "structured_input":
        return _questions(item.value, is_last=is_last)
    return _PLAIN.get(item.kind, _nothing)(item.value)


def _objects(value: object) -> Iterator[JsonObject]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, Mapping))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _reply_parts(item: Item, *, streaming: bool) -> Iterator[str]:
    for index, part in enumerate(item.parts):
        if not isinstance(part, Mapping) or part.get("type") != "output_text":
            continue
        whole = _text(part.get("text"))
        if item.live and not (item.done or index in item.finished_parts):
            whole = _revealed(whole)
            if streaming:
                # As written: to render each of many growing texts would cost the square of their length.
                yield whole
                continue
        yield rendered(_cited(whole, part)).strip()


def _revealed(text: str) -> str:
    """Word by word, until no more than a few characters stay back."""
    held_back = RULES.smoothing.held_back
    if len(text) <= held_back:
        return ""
    end = len(text) - held_back
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[:end]


def _cited(text: str, part: JsonObject) -> str:
    """The text with the names of its sources where they are cited."""
    cited = [
        (index if isinstance(index := each.get("index"), int) else 0, _host(member(each, "source")))
        for each in _objects(part.get("annotations"))
    ]
    for index, host in sorted(cited, reverse=True):
        if host and 0 <= index <= len(text):
            text = f"{text[:index]} {host}{text[index:]}"
    return text


def _host(source: JsonObject) -> str:
    try:
        return (urlsplit(_text(source.get("url"))).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _user_message(value: JsonObject) -> str:
    files = [_text(file.get("name")) for file in _objects(value.get("attachments"))]
    quoted = _text(value.get("quoted_text"))
    said = "".join(
        f"@{_text(part.get('text'))}" if part.get("type") == "input_tag" else _text(part.get("text"))
        for part in _objects(value.get("content"))
        if type_of(part) in {"input_text", "input_tag"}
    )
    return "\n".join(part for part in (*files, f"“{quoted}”" if quoted else "", said) if part)


def _workflow(item: Item, *, is_open: bool) -> str:
    workflow = member(item.value, "workflow")
    summary = member(workflow, "summary")
    tasks = list(_objects(workflow.get("tasks")))
    if title := _text(summary.get("title")):
        return title
    if is_open:
        return _text(tasks[-1].get("title")) if tasks else ""
    seconds = summary.get("duration")
    time = TEXTS.some_time if seconds is None else TEXTS.seconds.format(n=seconds)
    return (TEXTS.thought if workflow.get("type") == "reasoning" else TEXTS.worked).format(time=time)


def _questions(value: JsonObject, *, is_last: bool) -> str:
    asked = list(_objects(value.get("inputs")))
    plural = "" if len(asked) == 1 else "s"
    if value.get("status") == "pending":
        return TEXTS.waiting.format(s=plural)
    skipped = value.get("status") == "skipped"
    title = TEXTS.skipped if skipped else TEXTS.asked.format(n=len(asked), s=plural)
    answered = [each for each in asked if isinstance(each.get("answer"), Mapping)] if is_last else []
    return "\n".join([title, *(f"{_text(each.get('question'))}\n{_answer(each)}" for each in answered)])


def _answer(question: JsonObject) -> str:
    answer = member(question, "answer")
    values = answer.get("values")
    if answer.get("skipped"):
        return "Skipped"
    return ", ".join(map(str, values)) if isinstance(values, list) else ""


def _widget(value: JsonObject) -> str:
    return "\n".join(text for text in _widget_texts(value.get("widget"), 0) if text)


def is_drawn(item: Item) -> bool:
    """Whether an item without words shows a picture or a control."""
    return item.kind == "widget" and _holds_wordless(item.value.get("widget"), 0)


def _holds_wordless(node: object, depth: int) -> bool:
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return False
    kind = type_of(node)
    if kind in RULES.widgets.wordless:
        return True
    children = node.get("children") if kind in RULES.widgets.boxes | RULES.widgets.roots else None
    inner = children if isinstance(children, list) else [children]
    return any(_holds_wordless(child, depth + 1) for child in inner)


def _widget_texts(node: object, depth: int) -> Iterator[str]:
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return
    kind = type_of(node)
    if kind == "Markdown":
        yield rendered(_text(node.get("value"))).strip()
    elif (held_in := RULES.widgets.words.get(kind)) is not None:
        yield str(node.get(held_in) or "")
    elif kind not in RULES.widgets.boxes | RULES.widgets.roots:
        return  # A component that does not exist shows nothing, whatever it holds.
    if kind == "Card":
        yield _text(member(node, "status").get("text"))
    children = node.get("children")
    for child in children if isinstance(children, list) else [children]:
        yield from _widget_texts(child, depth + 1)
    if kind == "Card":
        yield from (_text(member(node, key).get("label")) for key in ("confirm", "cancel"))


def _nothing(_value: JsonObject) -> str:
    return ""


_PLAIN: Final[Mapping[str, Callable[[JsonObject], str]]] = {
    "user_message": _user_message,
    "widget": _widget,
    "task": lambda value: _text(member(value, "task").get("title")),
    "generated_image": lambda value: TEXTS.image_ready if value.get("image") else TEXTS.image_pending,
    PROGRESS: lambda value: _text(value.get("text")),
}
