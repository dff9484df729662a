"""The component's measured rules: data that the reference component loads as well.

They are in ``static/reference/frame/rules.json``. Every one was measured against the real component; the
scenarios below ``scenarios/behaviour`` hold them.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import msgspec

from chatkit_doctor.paths import static_dir


class RequestRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the component accepts as the answer to a streaming request, and when it asks again."""

    stream_type: str
    """How the content type of a stream begins. The component minds its case."""
    attempts: int
    """How often one request is sent at most."""
    first_wait_ms: float
    """The wait before the first retry; each later one is twice as long."""
    longest_wait_ms: float
    shortest_part: float
    """Waits are shortened at random, down to this part of their length."""
    final_from: int
    """Statuses from here to ``final_to`` are final: the request is not sent again."""
    final_to: int
    too_many: int
    """The one status of which the user is told."""
    list_attempts: int
    """How often the list of threads is requested at most."""
    list_first_wait_ms: float
    hosted_url: str
    """Where the frame sends its requests to in hosted mode, unless the client secret names a region."""


class DomainRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the component asks whether the domain of a page is allowed."""

    verify_url: str
    allowlist: str
    """Where a user allows a domain."""
    timeout_ms: float
    """How long one answer is waited for."""
    attempts: int
    """How often it asks at most."""


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the component writes by itself, in English."""

    greeting: str
    failed: str
    too_many: str
    crashed: str
    retry: str
    worked: str
    thought: str
    asked: str
    waiting: str
    skipped: str
    unknown_questions: str
    """Of questions with a status that there is not: a text that nobody has filled in."""
    skipped_answer: str
    image_ready: str
    image_pending: str
    tasks: dict[str, str]
    """The headline of a task without a title, by its type."""
    open_tasks: dict[str, str]
    """The same while the component is at it."""
    other_task: str
    """The headline of a task of another type, whatever its title."""
    workflow_done: str
    """The last line of an expanded workflow."""


class Times(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long something took, in words."""

    unknown: str
    moment: str
    moment_below_s: float
    hours: str
    minutes: str
    seconds: str


class Smoothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How text that streams in is revealed."""

    held_back: int
    """Characters kept back of a text until it is complete."""
    words_when_done: int
    """Words revealed in one animation frame once the text is complete; before, it is one."""


class ItemRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Item types by what the component does with them."""

    streamed: frozenset[str]
    """A stream can bring them; others in it are ignored."""
    shown: frozenset[str]
    """They have an element of their own."""


class FileRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an attached file is called."""

    by_type: dict[str, str]
    """By its MIME type."""
    image: str
    other: str


class WidgetRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Components of widgets."""

    words: dict[str, str]
    """Those that show a text, and the property that holds it."""
    growing: frozenset[str]
    """Those whose text can be streamed."""
    roots: frozenset[str]
    """Those that a widget can be."""
    boxes: frozenset[str]
    """Those that only hold others."""
    wordless: frozenset[str]
    """Those that show something without words."""


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    requests: RequestRules
    domain: DomainRules
    error_codes: frozenset[str]
    """Codes of an ``error`` event for which the component has words; with others only its message is told."""
    texts: Texts
    times: Times
    smoothing: Smoothing
    toast_ms: float
    """How long an error without a turn stays over the composer."""
    items: ItemRules
    files: FileRules
    widgets: WidgetRules


@cache
def _load() -> Rules:
    data = (static_dir() / "reference" / "frame" / "rules.json").read_bytes()
    return msgspec.json.decode(data, type=Rules)


RULES: Final = _load()
