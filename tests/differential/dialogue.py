"""A dialogue between a user and a backend, and what is seen of it.

Plain values, so that one dialogue can be put to the simulator and, through a browser, to any component.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, Self

TYPED_OUT: Final = frozenset({"assistant-message", "workflow"})
"""Kinds of items whose text is revealed bit by bit, or fades into the next."""
Alert = tuple[str, str]
"""The kind of a banner, and what it says."""
Shown = tuple[str, str, str]
"""The turn and the kind of an item, and what it says."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one streaming request is answered with: the data of each event, and how the body ends."""

    events: tuple[str, ...] = ()
    end: Literal["finished", "cut"] = "finished"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message, and the answers to all requests that it leads to. Further ones get an empty stream."""

    message: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a user says, one message after the other, for as long as the component takes them."""

    exchanges: tuple[Exchange, ...]

    def plain(self) -> dict[str, Any]:
        """As it crosses to the page."""
        return asdict(self)

    @property
    def events(self) -> list[str]:
        """The data of all events, in order."""
        return [data for exchange in self.exchanges for answer in exchange.answers for data in answer.events]


@dataclass(frozen=True, slots=True)
class Look:
    """What is on the screen at one moment. Texts are without white space: it is the layout's."""

    view: str
    responding: bool | None
    items: tuple[Shown, ...]
    alerts: tuple[Alert, ...]

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> Self:
        """From what the script in the frame says."""
        items = ((item["turn"], item["kind"], item["text"]) for item in state["items"])
        return cls.of(
            state["view"], state["responding"], items, ((a["kind"], a["text"]) for a in state["alerts"])
        )

    @classmethod
    def of(cls, view: str, responding: bool | None, items: Any, alerts: Any) -> Self:
        """From the texts as they are on screen."""
        return cls(
            view,
            responding,
            tuple((turn, kind, _letters(text)) for turn, kind, text in items),
            tuple((kind, _letters(text)) for kind, text in alerts),
        )

    def without_motion(self) -> Look:
        """The same with the texts left out that change by themselves over time."""
        items = tuple((turn, kind, "" if kind in TYPED_OUT else text) for turn, kind, text in self.items)
        return Look(self.view, self.responding, items, self.alerts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one exchange came to: the requests it led to, a look after each event, and one at the end."""

    requests: tuple[str, ...]
    looks: tuple[Look, ...]
    final: Look


def difference(one: list[Outcome], other: list[Outcome]) -> str:
    """In what two plays of one dialogue differ, by kind; empty if in nothing."""
    for a, b in zip(one, other, strict=False):
        found = _in_requests(a, b) or _in_looks(a.final, b.final)
        # Two tools at a time are answered in two streams at a time: what comes first is chance.
        if not found and a.requests.count("threads.add_client_tool_output") < 2:
            pairs = zip(a.looks, b.looks, strict=False)
            found = next(
                (f"live: {d}" for x, y in pairs if (d := _in_looks(x.without_motion(), y.without_motion()))),
                "",
            )
        if found:
            return found
    return "" if len(one) == len(other) else "how many messages are taken"


def _in_requests(one: Outcome, other: Outcome) -> str:
    return "" if one.requests == other.requests else "the requests"


def _in_looks(one: Look, other: Look) -> str:
    if one.view != other.view:
        return f"the view: {one.view} or {other.view}"
    if one.responding != other.responding:
        return "whether it is responding"
    if [item[:2] for item in one.items] != [item[:2] for item in other.items]:
        kinds = sorted({kind for _, kind, _ in set(one.items) ^ set(other.items)})
        return f"which items are shown: {', '.join(kinds)}"
    for a, b in zip(one.items, other.items, strict=True):
        if a != b:
            return f"the text of {a[1]}"
    return "" if one.alerts == other.alerts else "the alerts"


def _letters(text: str) -> str:
    return "".join(text.split())
