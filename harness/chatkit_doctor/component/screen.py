"""What a person would see of the simulated component, written as ``dom.state`` entries.

A state that no animation frame catches is recorded as one that nobody saw, as the probe in the real
component's frame does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from chatkit_doctor.component.item_text import SHOWN, words_of
from chatkit_doctor.component.thread import ALERT, Item, Thread, Turn
from chatkit_doctor.protocol.events import type_of

FRAME_MS: Final = 16.0
"""The time between two animation frames."""
CRASHED: Final = "Something went wrong. Please try again later."
"""The component's own fallback in place of a turn (measured)."""

_SILENT: Final = frozenset({"client_tool_call", "end_of_turn"})
"""Items that leave a turn without an element of its own."""


class Sink(Protocol):
    """Where entries go: a journal, with the time on the model's clock."""

    def add(self, layer: str, kind: str, data: dict[str, Any], *, t: float) -> int:
        """Write one entry."""
        ...


@dataclass(frozen=True, slots=True)
class Element:
    """An item on the screen. ``key`` names it for as long as it lives."""

    key: str
    turn: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is on the screen at one moment."""

    view: Literal["blank", "start", "thread"]
    responding: bool | None = None
    elements: tuple[Element, ...] = ()
    alerts: tuple[tuple[str, str], ...] = ()
    """Kind and text of each banner."""


BLANK: Final = Picture("blank")
START: Final = Picture("start")


def picture_of(thread: Thread | None, *, responding: bool, toast: str) -> Picture:
    """What the component shows of its state."""
    toasts = (("error", toast),) if toast else ()
    if thread is None:
        return Picture("start", alerts=toasts)
    drawn = list(_drawn(thread, responding=responding))
    if not drawn:
        return Picture("blank", responding, alerts=toasts)
    elements = tuple(element for elements, _ in drawn for element in elements)
    alerts = tuple(alert for _, alerts in drawn for alert in alerts)
    return Picture("thread", responding, elements, alerts + toasts)


Drawn = tuple[tuple[Element, ...], tuple[tuple[str, str], ...]]
"""The elements and the alerts of one turn."""


def _drawn(thread: Thread, *, responding: bool) -> Iterator[Drawn]:
    """Each turn that has an element of its own. The one that is waited for has, be it empty."""
    for turn in thread.turns:
        streaming = responding and turn is thread.turns[-1]
        items = [(key, thread.items[key]) for key in turn.keys]
        if streaming or any(item.kind not in _SILENT for _, item in items):
            yield ((), (("crash", CRASHED),)) if turn.crashed else _turn(turn, items, responding, streaming)
    if responding and (not thread.turns or thread.turns[-1].role != "assistant"):
        yield (), ()


def _turn(turn: Turn, items: list[tuple[Any, Item]], responding: bool, streaming: bool) -> Drawn:
    visible = [(key, item) for key, item in items if item.kind in SHOWN]
    elements = tuple(
        Element(
            f"{turn.number}/{item.kind}/{key!r}",
            turn.role,
            item.kind.replace("_", "-"),
            words_of(item, streaming=responding, is_last=(key, item) == visible[-1]),
        )
        for key, item in visible
    )
    alerts = [item for _, item in items if item.kind == ALERT and not streaming]
    return elements, tuple(_alert(item) for item in alerts[:1])


def _alert(item: Item) -> tuple[str, str]:
    value = item.value
    if type_of(value) == "notice":
        return "notice", "\n".join(str(value[key]) for key in ("title", "message") if value.get(key))
    return "error", f"{value['message']}{' Retry' if value.get('retry') else ''}"


@dataclass(slots=True)
class Screen:
    """Writes pictures, each where it differs from the one before."""

    sink: Sink
    _pending: tuple[float, Picture] | None = None
    _written: Picture | None = None
    _texts: dict[str, str] = field(default_factory=dict)

    def show(self, picture: Picture, t: float) -> None:
        """From this moment (ms) on the screen looks like this."""
        if self._pending is not None:
            since, before = self._pending
            if picture == before:
                return
            if (frame := _next_frame(since)) < t:
                self._write(before, frame, seen=True)
            elif not _only_says_more(before, picture):
                self._write(before, since, seen=False)
        self._pending = (t, picture)

    def rest(self) -> Picture | None:
        """Nothing changes for a while: what is there is seen. Returns it."""
        if self._pending is None:
            return None
        since, picture = self._pending
        self._write(picture, _next_frame(since), seen=True)
        return picture

    def _write(self, picture: Picture, t: float, *, seen: bool) -> None:
        if picture == self._written:
            return
        if seen:
            self._written = picture
        state = {
            "by": "frame" if seen else "mutation",
            "view": picture.view,
            "responding": picture.responding,
            "items": [self._item(element) for element in picture.elements],
            "alerts": [{"kind": kind, "text": text} for kind, text in picture.alerts],
            "composer": picture.view != "blank" or picture.responding is not None,
        }
        self._texts = {element.key: element.text for element in picture.elements}
        self.sink.add("dom", "dom.state", state, t=t)

    def _item(self, element: Element) -> dict[str, Any]:
        item: dict[str, Any] = {"key": element.key, "turn": element.turn, "kind": element.kind, "shown": True}
        before = self._texts.get(element.key)
        if before != element.text:
            keep = len(before) if before is not None and element.text.startswith(before) else 0
            # The reader counts UTF-16 units, as strings do in the browser.
            units = len(element.text[:keep].encode("utf-16-le", "surrogatepass")) // 2
            item["text"] = {"keep": units, "add": element.text[keep:]}
        return item


def _next_frame(t: float) -> float:
    """The first animation frame from a moment on."""
    return math.ceil(t / FRAME_MS) * FRAME_MS


def _only_says_more(before: Picture, after: Picture) -> bool:
    """Whether only texts differ: what lies between two frames of a growing text is not worth an entry."""
    same = (before.view, before.responding, before.alerts) == (after.view, after.responding, after.alerts)
    keys = [element.key for element in before.elements]
    return same and keys == [element.key for element in after.elements]
