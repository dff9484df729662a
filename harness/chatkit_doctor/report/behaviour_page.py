"""The page that says what ChatKit does with what it gets, written from the behaviour scenarios.

``python -m chatkit_doctor.report.behaviour_page`` writes ``docs/chatkit-behaviour.md``. Everything in its
tables comes from the scenarios and what they expect, and its streams come from the generator that the
scenarios use; both are run against the component, so that the page cannot say what is not so.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from chatkit_doctor.host.good_turn import good_turn
from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.frames import GoodTurn
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select
from chatkit_doctor.vocabulary import Verdict

GOOD_TURN: Final = "behaviour/order/good-turn"
"""The scenario that all others differ from in one thing."""

TOPICS: Final = {
    "order": "The order of events, and which are needed",
    "items": "Items",
    "widgets": "Widgets",
    "workflows": "Workflows and tasks",
    "questions": "Questions to the user",
    "errors": "Errors that the backend reports",
    "framing": "Framing: server-sent events",
    "transport": "Transport: status, headers and the end of the body",
    "turns": "Several turns",
    "page-fetch": "The page's own fetch",
    "options": "Options",
    "threads": "Threads: loading, switching, changing",
    "history": "The history",
    "methods": "Methods of the element",
    "text": "The text of a reply",
}
"""The folders below ``scenarios/behaviour`` in the order of the page, each with its heading."""

_EVENT_TOPICS: Final = ("order", "items")
_DELIVERY_TOPICS: Final = ("framing", "transport")
_CREATED_AT: Final = "2026-01-01T00:00:00"
_SYMPTOM_VIEWS: Final = {
    "stuck-responding": "responding forever",
    "start-screen-returned": "the start screen",
    "blank-panel": "an empty panel",
    "no-component": "nothing",
}
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]|~])")


def behaviour_page(scenarios: Sequence[NamedScenario]) -> str:
    """The whole page as Markdown. Every scenario needs an expectation; the good turn must be among them."""
    good = next(_expected(named) for named in scenarios if named.name == GOOD_TURN)
    parts = [_opening(), _must_send(), _tolerated(scenarios, good)]
    parts += (_topic(topic, list(group), good) for topic, group in groupby(_ordered(scenarios), _topic_of))
    return "\n".join(parts)


def page_path() -> Path:
    """Where the page is in a checkout."""
    return scenarios_dir().parent / "docs" / "chatkit-behaviour.md"


def _opening() -> str:
    return """\
# How ChatKit behaves

<!-- Written by `make docs` from scenarios/behaviour; do not edit it here. -->

Measured on the real component, one change at a time. Each row below is a scenario of `chatkit-doctor run
behaviour`. If OpenAI's script changes its behaviour, the run reports which rows no longer hold.
"""


def _must_send() -> str:
    return f"""\
## What a self-hosted backend must send

The component sends every operation as a `POST` with a JSON body to one URL. Answer streaming operations with
status 200, the content type `text/event-stream`, and one `data:` line followed by a blank line per event. No
`event:` or `id:` lines are needed, there is no end marker, and the body ends after the last event.

The first message arrives as `threads.create`. The response announces the thread, confirms the user's message
under an id chosen by the backend, streams the reply, and ends with the whole reply:

{_stream("threads.create", 1)}

Every later message arrives as `threads.add_user_message` with the `thread_id`. The response starts with the
user's message; its items have new ids:

{_stream("threads.add_user_message", 2)}
"""


def _stream(op: str, number: int) -> str:
    turn = GoodTurn(reply="Here is the answer.", stream_ms=0)
    message = "Hello" if number == 1 else "Tell me more"
    events = good_turn(turn, op=op, thread_id="thr_1", number=number, message=message)
    lines = (f"data: {json.dumps(_dated(event), ensure_ascii=False)}\n" for _, event in events)
    return "```text\n" + "\n".join(lines) + "\n```"


def _dated(value: Any) -> Any:
    """The same with one date for all, so that the page does not depend on when it is written."""
    if isinstance(value, dict):
        return {k: _CREATED_AT if k == "created_at" else _dated(v) for k, v in value.items()}
    return [_dated(item) for item in value] if isinstance(value, list) else value


def _tolerated(scenarios: Sequence[NamedScenario], good: Expect) -> str:
    lines = ["## What is tolerated", "", "None of these changes what the user sees:", ""]
    lines += (f"- {_link(named)}" for named in _ordered(scenarios) if _is_tolerated(named, good))
    return "\n".join([*lines, ""])


def _is_tolerated(named: NamedScenario, good: Expect) -> bool:
    expect, topic = _expected(named), _topic_of(named)
    if named.name == GOOD_TURN or expect.verdict != Verdict.PASS:
        return False
    # How events are delivered decides nothing about what they say; other events may well say something else.
    return topic in _DELIVERY_TOPICS or (topic in _EVENT_TOPICS and expect.transcript == good.transcript)


def _topic(topic: str, scenarios: Sequence[NamedScenario], good: Expect) -> str:
    lines = [
        f"## {TOPICS.get(topic, topic.capitalize())}",
        "",
        "| What ChatKit does | What the user sees at the end | What the component reports | Diagnosis |",
        "| --- | --- | --- | --- |",
    ]
    for named in scenarios:
        expect = _expected(named)
        cells = (_link(named), _seen(expect), _reported(expect, good), _diagnosis(expect))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _seen(expect: Expect) -> str:
    said = [
        f"You: {_text(line.user)}" if line.user is not None else f"Reply: {_text(line.assistant or '')}"
        for line in expect.transcript or ()
    ]
    views = [view for symptom, view in _SYMPTOM_VIEWS.items() if symptom in expect.symptoms]
    seen = [*said, *(_text(alert) for alert in expect.alerts or ()), *views]
    return "<br>".join(seen) or "no messages"


def _reported(expect: Expect, good: Expect) -> str:
    parts = []
    if expect.events is not None:
        same = expect.events == good.events
        parts.append("as in a good turn" if same else ", ".join(f"`{event}`" for event in expect.events))
    if expect.requests is not None and expect.requests != good.requests:
        parts.append(f"requests: {', '.join(_counted(expect.requests))}")
    if expect.errors:
        parts.append(f"console: {', '.join(_text(error) for error in expect.errors)}")
    return "<br>".join(parts) or "nothing"


def _counted(requests: Sequence[str]) -> Iterator[str]:
    for op, times in Counter(requests).items():
        yield f"`{op}`" if times == 1 else f"`{op}` {times} times"


def _diagnosis(expect: Expect) -> str:
    ids = [*([expect.cause] if expect.cause else []), *expect.symptoms]
    possible = f"perhaps {' or '.join(f'`{symptom}`' for symptom in expect.symptoms_may)}"
    named = [f"`{known}`" for known in ids] + ([possible] if expect.symptoms_may else [])
    return "<br>".join([f"**{expect.verdict}**", *named])


def _ordered(scenarios: Sequence[NamedScenario]) -> list[NamedScenario]:
    place = {topic: index for index, topic in enumerate(TOPICS)}
    return sorted(scenarios, key=lambda n: (place.get(_topic_of(n), len(place)), n.name != GOOD_TURN, n.name))


def _topic_of(named: NamedScenario) -> str:
    return named.name.split("/")[1]


def _expected(named: NamedScenario) -> Expect:
    if named.scenario.expect is None:
        raise ValueError(f"{named.name} does not state its expected outcome")
    return named.scenario.expect


def _link(named: NamedScenario) -> str:
    return f"[{_text(named.scenario.title)}](../scenarios/{named.name}.yaml)"


def _text(text: str) -> str:
    """Text of a scenario as it stands: no Markdown, no HTML, one line."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


if __name__ == "__main__":
    page_path().write_text(behaviour_page(select(["behaviour"])), encoding="utf-8")
