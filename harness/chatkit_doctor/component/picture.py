"""What a person sees of the component's state: one value for each moment."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from chatkit_doctor.component.item_text import SHOWN, is_drawn, words_of
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.component.thread import ALERT, Item, Thread, Turn
from chatkit_doctor.protocol.events import type_of

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
    """What the component shows of its state."""
    toasts = (Alert("error", toast),) if toast else ()
    if thread is None:
        return Picture("start", alerts=toasts)
    drawn = list(_drawn(thread, responding=responding))
    if not drawn:
        return Picture("blank", responding, alerts=toasts)
    elements = tuple(element for turn in drawn for element in turn.elements)
    alerts = tuple(alert for turn in drawn for alert in turn.alerts)
    return Picture("thread", responding, elements, alerts + toasts)


@dataclass(frozen=True, slots=True)
class _DrawnTurn:
    elements: tuple[Element, ...] = ()
    alerts: tuple[Alert, ...] = ()


_CRASHED: Final = _DrawnTurn(alerts=(Alert("crash", RULES.texts.crashed),))


def _drawn(thread: Thread, *, responding: bool) -> Iterator[_DrawnTurn]:
    """Each turn that has an element of its own. The one that is waited for has, be it empty."""
    for turn in thread.turns:
        streaming = responding and turn is thread.turns[-1]
        items = [(key, thread.items[key]) for key in turn.keys]
        if streaming or any(item.kind not in RULES.items.silent for _, item in items):
            yield _CRASHED if turn.crashed else _turn(turn, items, responding, streaming)
    if responding and (not thread.turns or thread.turns[-1].role != "assistant"):
        yield _DrawnTurn()


def _turn(turn: Turn, items: list[tuple[Hashable, Item]], responding: bool, streaming: bool) -> _DrawnTurn:
    visible = [(key, item) for key, item in items if item.kind in SHOWN]
    elements = tuple(
        _element(turn, key, item, words_of(item, streaming=responding, is_last=(key, item) == visible[-1]))
        for key, item in visible
    )
    alerts = [item for _, item in items if item.kind == ALERT and not streaming]
    return _DrawnTurn(elements, tuple(_alert(item) for item in alerts[:1]))


def _element(turn: Turn, key: Hashable, item: Item, words: str) -> Element:
    name, kind = f"{turn.number}/{item.kind}/{key!r}", item.kind.replace("_", "-")
    return Element(name, turn.role, kind, words, drawn=not words and is_drawn(item))


def _alert(item: Item) -> Alert:
    value = item.value
    if type_of(value) == "notice":
        return Alert("notice", "\n".join(str(value[key]) for key in ("title", "message") if value.get(key)))
    retry = f" {RULES.texts.retry}" if value.get("retry") else ""
    return Alert("error", f"{value['message']}{retry}")
