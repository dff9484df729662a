"""What a user sees of the component's state: one value for each moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from chatkit_doctor.component.item import Item
from chatkit_doctor.component.item_text import Place, item_text
from chatkit_doctor.component.javascript import HOLE, ThrownError, child, get, truthy
from chatkit_doctor.component.question_text import check_form
from chatkit_doctor.component.rendered_text import rendered
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.thread_state import Thread, Turn
from chatkit_doctor.component.widget_text import shows_wordless
from chatkit_doctor.component.workflow_text import label

AlertKind = Literal["error", "notice", "crash"]


@dataclass(frozen=True, slots=True)
class Element:
    """An item on the screen. ``key`` names it for as long as it lives."""

    key: str
    turn: Literal["user", "assistant"]
    kind: str
    text: str
    drawn: bool = False
    """Whether it has no words, and shows a picture or a control."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A banner. ``crash`` is the component's fallback in place of a turn."""

    kind: AlertKind
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is on the screen at one moment."""

    view: Literal["blank", "start", "thread"]
    responding: bool | None = None
    elements: tuple[Element, ...] = ()
    alerts: tuple[Alert, ...] = ()


BLANK: Final = Picture("blank")
START: Final = Picture("start")


def picture_of(thread: Thread | None, *, responding: bool, toast: str) -> Picture:
    """What the component shows of its state. A turn that cannot be drawn is marked as crashed.

    Raises ThrownError where something outside the turns cannot be drawn: nothing is left of the panel.
    """
    toasts = (Alert("error", toast),) if toast else ()
    if thread is None:
        return Picture("start", alerts=toasts)
    if truthy(thread.title):
        label(thread.title)
    if responding:
        _check_last(thread)
    alert = () if responding else _alert(thread)
    drawn = [_drawn(thread, turn, responding=responding) for turn in _turns(thread, responding=responding)]
    if not (drawn or alert or responding):
        return Picture("blank", responding, alerts=toasts)
    elements = tuple(element for turn in drawn for element in turn.elements)
    alerts = tuple(alert for turn in drawn for alert in turn.alerts)
    return Picture("thread", responding, elements, alerts + alert + toasts)


@dataclass(frozen=True, slots=True)
class _DrawnTurn:
    elements: tuple[Element, ...] = ()
    alerts: tuple[Alert, ...] = ()


_CRASHED: Final = _DrawnTurn(alerts=(Alert("crash", RULES.texts.crashed),))


def _turns(thread: Thread, *, responding: bool) -> Iterator[Turn]:
    """Each turn that has an element of its own. The one that is waited for has, be it empty."""
    for turn in thread.turns:
        if turn.crashed or thread.visible(turn) or (responding and turn is thread.turns[-1]):
            yield turn


def _drawn(thread: Thread, turn: Turn, *, responding: bool) -> _DrawnTurn:
    if not turn.crashed:
        try:
            return _DrawnTurn(tuple(_elements(thread, turn, responding=responding)))
        except (ThrownError, RecursionError):
            turn.crashed = True
    return _CRASHED


def _elements(thread: Thread, turn: Turn, *, responding: bool) -> Iterator[Element]:
    last, last_said = thread.last_visible, thread.last_said
    keys = thread.visible(turn)
    for key in keys:
        item = thread.items[key]
        text = item_text(item, Place(responding, key == last, key == keys[-1], turn.closed, key == last_said))
        name, kind = f"{turn.number}/{item.kind}/{key}", item.kind.replace("_", "-")
        is_drawn = not text and item.kind == "widget" and shows_wordless(item.value.get("widget"))
        yield Element(name, turn.role, kind, text, is_drawn)


def _check_last(thread: Thread) -> None:
    """What is examined outside the turns while there is something to wait for."""
    key = thread.last_visible
    item = thread.items[key] if key is not None else None
    if item is not None and item.kind == "assistant_message":
        _check_blank(item)
    if (asked := thread.asked) is not None:
        check_form(asked.value)


def _check_blank(item: Item) -> None:
    """Whether a reply has any text yet."""
    content = item.value.get("content")
    if truthy(content) and not isinstance(content, list):
        raise ThrownError("TypeError: content.every is not a function")
    for part in item.parts:
        text = get(part, "text") if part is not HOLE else None
        if truthy(text) and not isinstance(text, str):
            raise ThrownError("TypeError: text.trim is not a function")
        if isinstance(text, str) and text.strip():
            return


def _alert(thread: Thread) -> tuple[Alert, ...]:
    """A notice stands below an item of the assistant's; an error wherever the thread ends."""
    value = thread.alert
    last = thread.turns[-1] if thread.turns else None
    is_open = last is not None and last.role == "assistant" and not last.closed
    if value is None or (last is not None and last.crashed and is_open):
        return ()
    try:
        if value.get("type") != "notice":
            return (_error(value),) if truthy(value["message"]) else ()
        return tuple(_notice(value)) if last is not None and is_open and thread.visible(last) else ()
    except ThrownError:
        if last is None or last.role == "user":
            # It would have begun a turn of the assistant's.
            last = Turn(last.number + 1 if last is not None else 1, "assistant")
            thread.turns.append(last)
        last.crashed = True
        return ()


def _error(value: dict[str, Any]) -> Alert:
    retry = RULES.texts.retry if value.get("retry") else ""
    return Alert("error", " ".join(filter(None, [child(value["message"]), retry])))


def _notice(value: dict[str, Any]) -> Iterator[Alert]:
    message = value.get("message")
    body = rendered(message).strip() if isinstance(message, str) else ""
    title = child(value.get("title"))
    if text := "\n".join(filter(None, [title, body])):
        yield Alert("notice", text)
