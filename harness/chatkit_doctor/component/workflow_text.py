"""What the component writes of a workflow and its tasks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from chatkit_doctor.component.javascript import (
    ThrownError,
    child,
    get,
    is_nullish,
    number,
    string,
    truthy,
)
from chatkit_doctor.component.rendered_text import rendered
from chatkit_doctor.component.rules import RULES


def workflow_text(workflow: object, *, is_open: bool) -> str:
    """Its headline, and its tasks where it is expanded. Raises ThrownError where it cannot be drawn."""
    summary, tasks = get(workflow, "summary"), get(workflow, "tasks")
    get(tasks, "length")
    if truthy(summary) and not isinstance(summary, Mapping | list):
        raise ThrownError(f"TypeError: Cannot use 'in' operator to search for 'title' in {string(summary)}")
    title = summary.get("title") if isinstance(summary, Mapping) else None
    if truthy(title):
        headline = label(title)
    elif is_open:
        last = tasks[-1] if isinstance(tasks, list) and tasks else None
        headline = task_text(last, is_open=True) if isinstance(last, Mapping) else ""
    else:
        duration = summary.get("duration") if isinstance(summary, Mapping) else None
        is_own = get(workflow, "type") == "custom"
        headline = (RULES.texts.worked if is_own else RULES.texts.thought).format(time=time_text(duration))
    details = list(_details(tasks, is_open=is_open)) if truthy(get(workflow, "expanded")) else []
    last = RULES.texts.workflow_done if details and not is_open else ""
    return "\n".join([headline, *(text for text in [*details, last] if text)])


def _details(tasks: object, *, is_open: bool) -> Iterator[str]:
    if isinstance(tasks, str) and tasks:
        raise ThrownError("TypeError: tasks.map is not a function")
    yield from (
        _detail(task, is_open=is_open) for task in (tasks if isinstance(tasks, list) else []) if truthy(task)
    )


def _detail(task: object, *, is_open: bool) -> str:
    headline = task_text(task, is_open=is_open)
    content = get(task, "content")
    body = rendered(content).strip() if isinstance(content, str) else "0" if number(content) == 0 else ""
    match get(task, "type"):
        case "thought":
            return body or headline
        case "custom":
            return f"{headline}\n{body}".strip()
        case "web_search":
            return "\n".join([headline, *map(child, _listed(get(task, "queries")))])
        case "file":
            sources = _listed(get(task, "sources"))
            return "\n".join([headline, *map(_source, sources)])
        case "image":
            return headline
        case _:
            return ""


def _source(source: object) -> str:
    title = get(source, "title")
    return child(title if truthy(title) else get(source, "filename"))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def task_text(task: object, *, is_open: bool) -> str:
    """The headline of one task; ``is_open``: the component is at it. Raises ThrownError where it cannot be
    drawn.
    """
    kind, title = get(task, "type"), get(task, "title")
    if truthy(title):
        return child(title)
    named = RULES.texts.open_tasks if is_open else RULES.texts.tasks
    return named.get(kind, RULES.texts.other_task) if isinstance(kind, str) else RULES.texts.other_task


_SEVERAL: Final = 2
"""From so many parts on a text is taken as a whole, be they empty."""


def label(value: object) -> str:
    """A text that shimmers while it waits: unlike others it has to have something in it."""
    text = child(value)
    if isinstance(value, list) and len(value) < _SEVERAL and not text:
        raise ThrownError("TypeError: Cannot read properties of undefined (reading 'length')")
    return text


def time_text(duration: object) -> str:
    """A time in seconds, in words."""
    if is_nullish(duration):
        return RULES.times.unknown
    seconds = _number_of(duration)
    if math.isnan(seconds):
        raise ThrownError("RangeError: Invalid time value")
    if seconds < RULES.times.moment_below_s:
        return RULES.times.moment
    minutes, rest = divmod(math.floor(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [RULES.times.hours.format(n=f"{hours:,}")] if hours else []
    parts += [RULES.times.minutes.format(n=minutes)] if minutes else []
    parts += [RULES.times.seconds.format(n=rest)] if rest and not hours else []
    return " ".join(parts)


def _number_of(value: object) -> float:
    """As ``Number(value)``."""
    if isinstance(value, bool | int | float):
        return float(value)
    text = string(value).strip()
    try:
        return float(text or 0)
    except ValueError:
        return math.nan
