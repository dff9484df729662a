"""Dialogues that were once played differently by the simulator and a component: one for each rule fixed."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.chatkit_events import Event, added, created, done, item, reply, updated, user
from tests.differential.dialogue import Answer, Dialogue, Exchange

_PROGRESS: Final = {"type": "progress_update", "text": "Looking"}
_PICTURE: Final = {"id": "i", "url": "data:image/png;base64,aGVsbG8="}
_TITLES: Final[tuple[Any, ...]] = ([], ["A"], [[]], [[], []], [None], {}, 0)
_CODES: Final[tuple[Any, ...]] = ("stream.error", "custom", "rate_limit_exceeded", "1", "", None, 5)
_UPDATES: Final[tuple[Event, ...]] = (
    {"image": 0, "progress": 1},
    {"image": "", "progress": "0.5"},
    {"image": _PICTURE, "progress": 0.5},
    {"image": _PICTURE, "progress": None},
    {"image": None, "progress": 1},
)


def _replaced(new: Event) -> Event:
    return {"type": "thread.item.replaced", "item": new}


def _image(image: object, **more: object) -> Event:
    return item("generated_image", "p1", image=image, **more)


def _renamed(title: object) -> Event:
    return {"type": "thread.updated", "thread": {**created()["thread"], "title": title}}


_STREAMS: Final[tuple[list[Event], ...]] = (
    # An item of a kind that is not shown, in another's place or in nothing's.
    [_PROGRESS, _replaced(item("end_of_turn", "x1"))],
    [_PROGRESS, _replaced(item("end_of_turn", "x1")), done(reply("Words.", "x1"))],
    [done(reply("Words.", "x1")), _replaced(item("end_of_turn", "x1")), _PROGRESS],
    [done(reply("Words.", "x1")), _replaced(item("unheard_of", "x1")), done(reply("More.", "x2"))],
    # How far a picture is.
    *([added(_image(image, progress=progress))] for image in (0, None, _PICTURE) for progress in (0.5, 1)),
    *(
        [added(_image(before)), updated({"type": "generated_image.updated", **update}, "p1")]
        for before in (None, _PICTURE)
        for update in _UPDATES
    ),
    # An error that has no message, by its code.
    *([{"type": "error", "code": code, "allow_retry": True}] for code in _CODES),
    # A title that is not a text.
    *([done(reply()), _renamed(title)] for title in _TITLES),
)

ONCE_DIFFERENT: Final = tuple(
    Dialogue(
        (Exchange("Hello", (Answer(tuple(map(json.dumps, [created(), done(user()), *events]))),)),),
    )
    for events in _STREAMS
)
