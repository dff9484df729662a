"""What the component writes for each item of a thread: the text that a user would read.

The rules are measured, and those of ``static/reference/frame/items.js``. Where the component cannot draw what
it is given, neither can these functions: they raise ThrownError, and its turn shows the fallback.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.component.citations import CitedText, cited
from chatkit_doctor.component.item import Item
from chatkit_doctor.component.javascript import (
    HOLE,
    UNDEFINED,
    ThrownError,
    child,
    get,
    is_nullish,
    number,
    string,
    truthy,
    units,
)
from chatkit_doctor.component.question_text import question_text
from chatkit_doctor.component.rendered_text import rendered
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.widget_text import widget_text
from chatkit_doctor.component.workflow_text import task_text, workflow_text


@dataclass(frozen=True, slots=True)
class Place:
    """How an item stands. ``streaming``: the component is responding; ``is_last``: nothing comes after it;
    ``ends_turn``: nothing of its turn does; ``is_over``: nor will anything; ``is_last_said``: whatever comes
    after it says nothing.
    """

    streaming: bool
    is_last: bool
    ends_turn: bool = True
    is_over: bool = False
    is_last_said: bool = True


def item_text(item: Item, place: Place) -> str:
    """The text of an item. Raises ThrownError where it cannot be drawn."""
    _check_id(item, place)
    draw = _DRAWN.get(item.kind)
    return draw(item, place) if draw is not None else ""


def _check_id(item: Item, place: Place) -> None:
    """Items are told apart by their ids: one without cannot be drawn before others of its turn, and one
    whose id is an empty list nowhere.
    """
    item_id = item.value.get("id", UNDEFINED)
    has_none = item_id is UNDEFINED or string(item_id) == ""
    if has_none and item.kind != "user_message" and (isinstance(item_id, list) or not place.ends_turn):
        raise ThrownError("Error: an item without an id")


def _reply(item: Item, place: Place) -> str:
    content = item.value.get("content")
    if not isinstance(content, list):
        raise ThrownError(f"TypeError: {string(content)} is not iterable")
    texts = []
    for at, part in enumerate(item.parts):
        if part is HOLE and (place.streaming or not place.is_last):
            continue  # What was skipped is missed once nothing more can fill it, and only in what is last.
        if get(part, "type") == "output_text":
            texts.append(_part(part, is_growing=at in item.growing_parts, streaming=place.streaming))
    return "\n".join(texts)


def _part(part: object, *, is_growing: bool, streaming: bool) -> str:
    text = get(part, "text")
    if not isinstance(text, str | list):
        raise ThrownError("TypeError: text.slice is not a function")
    marked = cited(string(text), get(part, "annotations"))
    shown = _revealed(marked) if is_growing else marked.text
    # As written while it grows: to render each of many growing texts would cost the square of their length.
    return shown if is_growing and streaming else rendered(shown).strip()


def _revealed(marked: CitedText) -> str:
    """Word by word, until no more than a few characters stay back; a source's name counts for more."""
    text, ends = marked.text, {end for _, end in marked.names}
    end, left = len(text), RULES.smoothing.held_back
    while end > 0 and left >= 0 and end not in ends:
        end -= 1
        left -= units(text[end])
    if end == 0 and left >= 0:
        return ""
    end += left < 0
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[:end]


def _user_message(item: Item, _place: Place) -> str:
    quoted = item.value.get("quoted_text")
    attachments = item.value.get("attachments")
    if not isinstance(attachments, list):
        raise ThrownError("TypeError: item.attachments.filter is not a function")
    files = [text for file in attachments for text in _attachment(file)]
    said = "".join(map(_said, _content(item.value.get("content"))))
    quote = f"“{child(quoted)}”" if truthy(quoted) else ""
    return "\n".join(text for text in [quote, *files, said] if text)


def _attachment(file: object) -> tuple[str, ...]:
    """A file's name and kind; of a picture there is only the picture."""
    if get(file, "type") == "image":
        return ()
    mime = get(file, "mime_type")
    named = RULES.files.by_type.get(mime) if isinstance(mime, str) else None
    is_image = isinstance(mime, str) and mime.startswith("image/")
    return child(get(file, "name")), named or (RULES.files.image if is_image else RULES.files.other)


def _content(content: object) -> list[object]:
    if is_nullish(content):
        return []
    if not isinstance(content, list):
        raise ThrownError("TypeError: item.content.map is not a function")
    return content


def _said(part: object) -> str:
    kind, text = get(part, "type"), get(part, "text")
    if kind not in ("input_text", "input_tag"):
        return ""
    if not isinstance(text, str):
        raise ThrownError("TypeError: text.split is not a function")
    return f"@{text}" if kind == "input_tag" and text else text


def _image(item: Item, _place: Place) -> str:
    is_made = truthy(item.value.get("image")) if item.progress is None else item.progress >= 1
    return RULES.texts.image_ready if is_made else RULES.texts.image_pending


def _task(task: object, place: Place) -> str:
    is_open = place.streaming and place.is_last and not place.is_over
    return task_text(task, is_open=is_open and get(task, "status_indicator") != "complete")


def _progress(item: Item, _place: Place) -> str:
    icon = item.value.get("icon")
    if truthy(icon) and not isinstance(icon, str):
        raise ThrownError("TypeError: icon.startsWith is not a function")
    return f"{child(icon) if number(icon) is not None else ''}{child(item.value.get('text'))}"


_DRAWN: Final[Mapping[str, Callable[[Item, Place], str]]] = {
    "user_message": _user_message,
    "assistant_message": _reply,
    "widget": lambda item, _: widget_text(item.value.get("widget"), is_done=item.done),
    "workflow": lambda item, place: workflow_text(
        item.value.get("workflow"), is_open=place.streaming and place.is_last and not item.done
    ),
    "task": lambda item, place: _task(item.value.get("task"), place),
    "generated_image": _image,
    "structured_input": lambda item, place: question_text(
        item.value, is_open=place.is_last_said and "id" in item.value and not item.was_asked
    ),
    "progress_update": _progress,
}
