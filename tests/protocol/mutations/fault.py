"""Named faults, each put into a valid conversation in one place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from hypothesis import strategies as st

from tests.audits.protocol.cases import Sent
from tests.chatkit_events import Event
from tests.protocol.generated import BLOCKS, Turn, Turns

Broken = Sequence[Sequence[Sent]]
Mutate = Callable[[st.DrawFn, list[Turn]], Broken]

WORDS_ONLY: Final = ("assistant_message", "hidden_context_item")


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a conversation, and the cause by whose name it must be found."""

    cause: str
    name: str
    mutate: Mutate
    blocks: tuple[str, ...] = tuple(BLOCKS)
    """The items beside the reply that the conversation may hold."""
    at_least: int = 1
    """Turns it needs."""

    def of(self, draw: st.DrawFn, turns: Turns) -> Broken:
        """The conversation with this fault; the valid one stays as it is."""
        return self.mutate(draw, copy.deepcopy(list(turns)))


def fault(cause: str, **options: Any) -> Callable[[Mutate], Fault]:
    """Makes a fault of a mutation; it is called as the function is."""

    def made(mutate: Mutate) -> Fault:
        return Fault(cause, getattr(mutate, "__name__", "").replace("_", " "), mutate, **options)

    return made


def faults_of(*modules: ModuleType) -> list[Fault]:
    """All faults of some modules, in the order in which they stand there."""
    return [each for module in modules for each in vars(module).values() if isinstance(each, Fault)]


# What the mutations work with


def some_turn(draw: st.DrawFn, turns: list[Turn], first: int = 0) -> int:
    """Any turn, from one on."""
    return draw(st.integers(first, len(turns) - 1))


def kind_of(event: Event) -> str:
    """The type of the item an event carries."""
    return str(event.get("item", {}).get("type", ""))


def name_of(event: Event) -> object:
    """The id of the item an event is about."""
    return event.get("item", {}).get("id", event.get("item_id"))


def finals(turn: Turn, *kinds: str) -> list[Event]:
    """The events that finish items of these types."""
    return [e for e in turn if e["type"] == "thread.item.done" and kind_of(e) in kinds]


def a_reply(draw: st.DrawFn, turn: Turn) -> Event:
    """The event that finishes one of the replies."""
    return draw(st.sampled_from(finals(turn, "assistant_message")))


def renamed(events: Sequence[Event], old: object, new: object) -> Turn:
    """Events about another item, where they are about this one."""
    result: Turn = []
    for event in events:
        if name_of(event) == old and "item" in event:
            result.append({**event, "item": {**event["item"], "id": new}})
        elif name_of(event) == old:
            result.append({**event, "item_id": new})
        else:
            result.append(event)
    return result


def streamed_reply(turn: Turn, text: str = "Some words", name: str = "streamed") -> None:
    """Put one more reply at a turn's end, streamed in pieces whatever the others are."""
    final = copy.deepcopy(finals(turn, "assistant_message")[0])
    final["item"].update(id=name, content=[{"type": "output_text", "text": text, "annotations": []}])
    about = {"type": "thread.item.updated", "item_id": name}
    kind = "assistant_message.content_part"
    part = {"type": "output_text", "text": "", "annotations": []}
    turn += [
        {"type": "thread.item.added", "item": {**final["item"], "content": []}},
        {**about, "update": {"type": f"{kind}.added", "content_index": 0, "content": part}},
        {**about, "update": {"type": f"{kind}.text_delta", "content_index": 0, "delta": text[:4]}},
        {**about, "update": {"type": f"{kind}.text_delta", "content_index": 0, "delta": text[4:]}},
        final,
    ]


def raw(event: Event) -> str:
    """An event as it is written."""
    return f"data: {json.dumps(event)}\n\n"
