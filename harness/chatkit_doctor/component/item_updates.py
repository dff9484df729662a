"""What ``thread.item.updated`` makes of an item of the component's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from chatkit_doctor.component.item import Item
from chatkit_doctor.component.javascript import (
    UNDEFINED,
    ThrownError,
    elements,
    get,
    index,
    is_nullish,
    number,
    put,
    string,
)
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.protocol.events import type_of

_MOST_PARTS: Final = 1000
"""Places of a list that are followed: a bound against absurd indexes."""


def updated(item: Item, update: object) -> bool:
    """Apply an update; returns whether it is one for such an item. Raises ThrownError, changing nothing."""
    kind = get(update, "type")
    change = _UPDATES[item.kind].get(kind) if item.kind in _UPDATES and isinstance(kind, str) else None
    if change is not None:
        change(item, update)
    return change is not None


def _place(update: object, name: str) -> int | None:
    at = index(get(update, name))
    return at if at is not None and at < _MOST_PARTS else None


def _has_parts(item: Item) -> None:
    if not isinstance(item.value.get("content"), list):
        raise ThrownError("TypeError: item.content is not iterable")


def _part_added(item: Item, update: object) -> None:
    part = get(update, "content")
    get(part, "type")  # Throws where there is none.
    _set_part(item, update, part, growing=True)


def _part_done(item: Item, update: object) -> None:
    _set_part(item, update, get(update, "content"), growing=False)


def _set_part(item: Item, update: object, part: object, *, growing: bool) -> None:
    _has_parts(item)
    at = _place(update, "content_index")
    if at is not None:
        item.set_part(at, part, growing=growing)


def _text_part(item: Item, update: object) -> int:
    """The place of the text part that an update is for."""
    _has_parts(item)
    at = _place(update, "content_index")
    part = item.part(at)
    found = part.get("type", UNDEFINED) if part is not None else UNDEFINED
    if at is None or found != "output_text":
        raise ThrownError(f"Error: Expected {string(found)} to be output_text")
    return at


def _text_delta(item: Item, update: object) -> None:
    item.grow(_text_part(item, update), get(update, "delta"))


def _annotation_added(item: Item, update: object) -> None:
    at = _text_part(item, update)
    part: Mapping[str, Any] = item.part(at) or {}
    annotations = list(elements(part.get("annotations", UNDEFINED)))
    place = _place(update, "annotation_index")
    if place is not None:
        put(annotations, place, get(update, "annotation"))
    item.value["content"][at] = {**part, "annotations": annotations}


def _task(item: Item, update: object) -> None:
    workflow = item.value.get("workflow", UNDEFINED)
    tasks = list(elements(get(workflow, "tasks")))
    place = _place(update, "task_index")
    if place is not None:
        put(tasks, place, get(update, "task"))
    item.value["workflow"] = {**(workflow if isinstance(workflow, Mapping) else {}), "tasks": tasks}


def _image(item: Item, update: object) -> None:
    """An update without a picture changes nothing, and one without a number is of a whole one (measured)."""
    image, progress = get(update, "image"), number(get(update, "progress"))
    if not is_nullish(image):
        item.value["image"] = image
        item.progress = 1 if progress is None else progress


def _root(item: Item, update: object) -> None:
    root = get(update, "widget")
    if isinstance(root, Mapping) and type_of(root) in RULES.widgets.roots:
        item.value["widget"] = root
    item.done = False


def _component(change: Callable[[Mapping[str, Any], object], object]) -> Callable[[Item, object], None]:
    """An update of the components of a widget that have the id it names."""

    def update_widget(item: Item, update: object) -> None:
        wanted = get(update, "component_id")

        def walk(node: object) -> object:
            if isinstance(node, list):
                return [walk(child) for child in node]
            if not isinstance(node, Mapping):
                return node
            if not is_nullish(wanted) and node.get("id", UNDEFINED) == wanted:
                return change(node, update)
            return {**node, "children": walk(node["children"])} if "children" in node else node

        item.value["widget"] = walk(item.value.get("widget"))
        item.done = False

    return update_widget


def _streamed(node: Mapping[str, Any], update: object) -> object:
    """Only texts that stream grow."""
    if type_of(node) not in RULES.widgets.growing:
        return node
    return {**node, "value": string(node.get("value", UNDEFINED)) + string(get(update, "delta"))}


_UPDATES: Final[Mapping[str, Mapping[str, Callable[[Item, object], None]]]] = {
    "assistant_message": {
        "assistant_message.content_part.added": _part_added,
        "assistant_message.content_part.text_delta": _text_delta,
        "assistant_message.content_part.annotation_added": _annotation_added,
        "assistant_message.content_part.done": _part_done,
    },
    "workflow": {"workflow.task.added": _task, "workflow.task.updated": _task},
    "widget": {
        "widget.root.updated": _root,
        "widget.component.updated": _component(lambda _node, update: get(update, "component")),
        "widget.streaming_text.value_delta": _component(_streamed),
    },
    "generated_image": {"generated_image.updated": _image},
}
