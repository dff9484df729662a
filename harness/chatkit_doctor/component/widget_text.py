"""What the component writes of a widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatkit_doctor.component.javascript import UNDEFINED, ThrownError, child, get, is_nullish, string, truthy
from chatkit_doctor.component.rendered_text import rendered
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.workflow_text import label
from chatkit_doctor.protocol.events import type_of

_DEEPEST = 50
"""Levels of a widget that are followed."""


def widget_text(root: object, *, is_done: bool) -> str:
    """All its texts, one per line. The buttons of a card are there once the widget is done.

    Raises ThrownError where it cannot be drawn.
    """
    kind = get(root, "type")
    if not isinstance(kind, str) or kind not in RULES.widgets.roots:
        raise ThrownError(f"Error: {string(kind)} is no widget")
    status = get(root, "status")
    texts = [label(get(status, "text"))] if truthy(status) else []
    return "\n".join(text for text in [*texts, *_texts(root, 0, is_done=is_done)] if text)


def shows_wordless(root: object, depth: int = 0) -> bool:
    """Whether a widget shows something without words: a picture or a control."""
    if not isinstance(root, Mapping) or depth > _DEEPEST:
        return False
    kind = type_of(root)
    if kind in RULES.widgets.wordless:
        return True
    children = root.get("children") if kind in RULES.widgets.boxes | RULES.widgets.roots else None
    return any(shows_wordless(child, depth + 1) for child in _children(children))


def _texts(node: object, depth: int, *, is_done: bool) -> Iterator[str]:
    kind = get(node, "type")
    if not isinstance(kind, str) or depth > _DEEPEST:
        return
    if kind == "Chart":
        _check_chart(get(node, "series"))
    elif kind == "Markdown":
        yield _markdown(get(node, "value"))
    elif kind == "RadioGroup":
        for option in _children(get(node, "options")):
            yield child(get(option, "label"))
    elif (held_in := RULES.widgets.words.get(kind)) is not None:
        yield child(get(node, held_in))
    elif kind in RULES.widgets.boxes | RULES.widgets.roots:
        for each in _children(get(node, "children")):
            yield from _texts(each, depth + 1, is_done=is_done)
        if kind == "Card" and is_done:
            buttons = (get(node, name) for name in ("confirm", "cancel"))
            yield "".join(child(get(button, "label")) for button in buttons if truthy(button))


def _children(children: object) -> list[object]:
    if isinstance(children, list):
        return children
    return [] if is_nullish(children) else [children]


def _check_chart(series: object) -> None:
    """Raises ThrownError for a chart without a series: its colours are looked for."""
    first = series[0] if isinstance(series, list) and series else UNDEFINED
    get(first, "color")


def _markdown(value: object) -> str:
    if truthy(value) and not isinstance(value, str):
        raise ThrownError("TypeError: value.split is not a function")
    return rendered(value).strip() if isinstance(value, str) else ""
