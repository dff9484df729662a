"""The kinds of difference between the simulated component and one in a browser that stay, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chatkit_doctor.protocol.events import item_of, member, type_of
from chatkit_doctor.protocol.payload import JsonObject, read_payload
from tests.differential.dialogue import Dialogue

Events = Sequence[JsonObject]


@dataclass(frozen=True, slots=True)
class Known:
    """A kind of difference. ``pattern`` matches all of its name, ``bears`` a dialogue that can lead to it."""

    pattern: str
    runtimes: frozenset[str]
    bears: Callable[[Events], bool]
    reason: str


def _types(events: Events) -> list[str]:
    return [type_of(event) for event in events]


def _items(events: Events) -> set[str]:
    return {type_of(item_of(event) or {}) for event in events}


def _icon_is_no_text(events: Events) -> bool:
    icons: list[Any] = [event.get("icon") for event in events if type_of(event) == "progress_update"]
    return any(icon is not None and not isinstance(icon, str) for icon in icons)


def _can_be_stopped(events: Events) -> bool:
    ids = [member(event, "thread").get("id") for event in events if type_of(event) == "thread.created"]
    return "stream_options" in _types(events) and any(not isinstance(each, str) for each in ids)


def _calls_a_tool_elsewhere(events: Events) -> bool:
    return _types(events).count("thread.created") > 1 and "client_tool_call" in _items(events)


def _announced_without_an_id(events: Events) -> bool:
    ids = [member(event, "thread").get("id") for event in events if type_of(event) == "thread.created"]
    return len(ids) > 1 and None in ids


def _searches(events: Events) -> bool:
    return any('"web_search"' in json.dumps(event) for event in events)


def _shows_markdown(events: Events) -> bool:
    return any('"Markdown"' in json.dumps(event) for event in events)


def _repeats_progress(events: Events) -> bool:
    told = [(event.get("icon"), event.get("text")) for event in events if type_of(event) == "progress_update"]
    return any(told.count(each) > 1 for each in told)


def _calls_two_tools(events: Events) -> bool:
    return sum(type_of(item_of(event) or {}) == "client_tool_call" for event in events) > 1


def _thinks(events: Events) -> bool:
    return any('"thought"' in json.dumps(event) for event in events)


def _takes_a_users_id(events: Events) -> bool:
    items = [item for event in events if (item := item_of(event)) is not None]
    ids = [
        {str(item.get("id")) for item in items if (type_of(item) == "user_message") is is_user}
        for is_user in (True, False)
    ]
    return bool(set.intersection(*ids))


def _uses_a_users_id_again(events: Events) -> bool:
    items = [item for event in events if (item := item_of(event)) is not None]
    said = [item for item in items if type_of(item) == "user_message"]
    ids = [str(item.get("id")) for item in said]
    return _takes_a_users_id(events) or (len(set(ids)) > 1 and any(ids.count(each) > 1 for each in ids))


def _has_a_workflow(events: Events) -> bool:
    return "workflow" in _items(events)


def _skips_a_part(events: Events) -> bool:
    indices = [member(event, "update").get("content_index") for event in events]
    return any(isinstance(index, int) and index > 0 for index in indices)


def _names_no_text(events: Events) -> bool:
    return any(not isinstance((item_of(event) or {}).get("id", ""), str) for event in events)


def _adds_a_part_again(events: Events) -> bool:
    updates = [type_of(member(event, "update")) for event in events]
    part = "assistant_message.content_part"
    is_done = f"{part}.done" in updates or "thread.item.done" in _types(events)
    return is_done and f"{part}.added" in updates


_SNAPSHOT: Final = frozenset({"snapshot"})
_REFERENCE: Final = frozenset({"reference"})
_BOTH: Final = frozenset({"reference", "snapshot"})

KNOWN: Final = (
    Known(
        "the text of workflow",
        _SNAPSHOT,
        _has_a_workflow,
        "One that stays open shows what its last task says; the simulator only where it is expanded.",
    ),
    Known(
        "the text of assistant-message",
        _SNAPSHOT,
        _adds_a_part_again,
        "A part that was complete, is added again and grows lacks its last words, or all of them.",
    ),
    Known(
        "the alerts",
        _SNAPSHOT,
        _announced_without_an_id,
        "An error in a thread that was announced again, and once without an id, is told nowhere.",
    ),
    Known(
        "which items are shown: .*",
        _SNAPSHOT,
        _uses_a_users_id_again,
        "A second message of the user's in a turn is not shown, nor is what comes under its id later.",
    ),
    Known(
        "which items are shown: .*",
        _SNAPSHOT,
        _searches,
        "What a search has found is drawn, too, and crashes the turn where it is no list.",
    ),
    Known(
        "which items are shown: .*",
        _SNAPSHOT,
        _thinks,
        "What is thought is drawn, too, and crashes the turn where it is no text.",
    ),
    Known(
        "which items are shown: .*",
        _SNAPSHOT,
        _shows_markdown,
        "A Markdown text that is a list is nothing, and no fault, where it takes another component's place.",
    ),
    Known(
        "which items are shown: .*",
        _SNAPSHOT,
        _skips_a_part,
        "A part that was skipped fails what stands below a reply once it is over; where that is not drawn, "
        "as below an alert, it does no harm, which the simulator does not follow.",
    ),
    Known(
        "(live: )?the view: thread or blank",
        _REFERENCE,
        _names_no_text,
        "A turn that crashed over an id that is no text is not shown any more once the thread restarts.",
    ),
    Known(
        "the alerts",
        _BOTH,
        _calls_two_tools,
        "Two tools are answered in two streams at a time: which one an error or a cut finds is chance.",
    ),
    Known(
        "the text of assistant-message",
        _REFERENCE,
        _takes_a_users_id,
        "A reply under the id of the user's message is shown whole; the real one keeps its last words back.",
    ),
    Known(
        "(live: )?(which items are shown: .*|the view: .*)",
        _REFERENCE,
        _repeats_progress,
        "Progress that is told again in the same words moves to the end; in the real one it stays.",
    ),
    Known(
        "(live: )?(which items are shown: .*|the text of progress-update|the alerts)",
        _REFERENCE,
        _icon_is_no_text,
        "Icons are not drawn, so that one which is no text does no harm.",
    ),
    Known(
        "(live: )?the view: thread or blank|(live: )?the view: blank or thread",
        _REFERENCE,
        _can_be_stopped,
        "A response that can be stopped, in a thread whose id is no text, leaves the panel as it is.",
    ),
    Known(
        "the requests",
        _BOTH,
        _calls_a_tool_elsewhere,
        "The thread is announced a second time without an id, or under another one, and a tool is called: "
        "how often it is then asked for is not followed.",
    ),
)


def reason(kind: str, runtime: str, dialogue: Dialogue) -> str:
    """Why a dialogue may be played differently in this way; empty where it may not."""
    events = [value for data in dialogue.events if (value := read_payload(data).value) is not None]
    fits = (known for known in KNOWN if runtime in known.runtimes and re.fullmatch(known.pattern, kind))
    return next((known.reason for known in fits if known.bears(events)), "")


def stale(kinds: Iterable[str], runtime: str) -> list[Known]:
    """What is listed for a runtime and is not among the kinds found."""
    found = list(kinds)
    ours = (known for known in KNOWN if runtime in known.runtimes)
    return [known for known in ours if not any(re.fullmatch(known.pattern, kind) for kind in found)]
