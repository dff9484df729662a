"""A rule of the reference that is flipped is told by the catalogue: which scenario, and what differs.

So each of these rules is held by a scenario, and nobody can change one unnoticed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chatkit_doctor.paths import static_dir
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime, RuntimeFile
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.select import catalogue
from tests.session_runner import SessionRunner


@dataclass(frozen=True, slots=True)
class Flip:
    """One rule of the reference, turned into another by a replacement in its code."""

    rule: str
    file: str
    """Below ``static/reference``."""
    old: str
    new: str
    scenario: str
    differs: str
    """The sentence about it."""


FLIPS = (
    Flip(
        "what the backend has not confirmed goes at the end of the stream",
        "frame/thread.js",
        "without(thread, isOptimistic)",
        "thread",
        "behaviour/order/no-user-item",
        "Message 1 on screen should be assistant: “Here is the answer.” but is user: “Hello”.",
    ),
    Flip(
        "events before thread.created are skipped",
        "frame/chat.js",
        "else if (run.created) this.#onThreadEvent(run, event);",
        "else this.#onThreadEvent(run, event);",
        "behaviour/order/thread-created-late",
        "Message 2 on screen is assistant: “Here is the answer.” but should not be there.",
    ),
    Flip(
        "an item with a known id takes the place of the one there",
        "frame/thread.js",
        "if (!thread.items.some(isIt)) return",
        "if (isIt) return",
        "behaviour/turns/ids-reused",
        "Message 5 on screen is assistant: “The second answer.” but should not be there.",
    ),
    Flip(
        "an answer that is no event stream is asked for again",
        "frame/rules.json",
        '"attempts": 6',
        '"attempts": 1',
        "behaviour/transport/status-500-then-good",
        "The requests should be “threads.list”, “threads.create”, “threads.create” but are "
        "“threads.list”, “threads.create”.",
    ),
    Flip(
        "an option that does not exist is refused",
        "frame/options.js",
        "unless(unknown.length === 0, strange)",
        "unless(true, strange)",
        "behaviour/options/unknown-key",
        "The component events should be “ready”, “error FatalAppError” but are “ready”, "
        "“response.start”, “thread.change id”, “response.end”.",
    ),
    Flip(
        "data that is not JSON is reported",
        "frame/channel.js",
        "if (data) onEvent",
        'if (data.startsWith("{")) onEvent',
        "behaviour/framing/done-marker",
        "The component events should be “ready”, “response.start”, “thread.change id”, “error "
        "StreamEventParsingError”, “response.end” but are “ready”, “response.start”, “thread.change "
        "id”, “response.end”.",
    ),
    Flip(
        "a turn that cannot be drawn shows a fallback",
        "frame/turns.js",
        "article.replaceChildren(heading, alertView(chat));",
        "article.replaceChildren(heading);",
        "behaviour/items/content-missing",
        "The banners on screen should be “crash: Something went wrong. Please try again later.” but "
        "are none.",
    ),
    Flip(
        "a client tool call without a handler is an error",
        "chatkit.js",
        'this.#emit("error", { error: revive({ __chatkit_error__: "IntegrationError", message }) });',
        "",
        "behaviour/items/client-tool-no-handler",
        "The component events should be “ready”, “response.start”, “thread.change id”, “error "
        "IntegrationError”, “response.end” but are “ready”, “response.start”, “thread.change id”, "
        "“response.end”.",
    ),
)


def flipped(flip: Flip, folder: Path) -> Runtime:
    """The reference with one rule changed, from a copy of its files."""
    copy = folder / "reference"
    shutil.copytree(static_dir() / "reference", copy)
    code = (copy / flip.file).read_text(encoding="utf-8")
    assert code.count(flip.old) == 1, f"{flip.file} says this exactly once: {flip.old}"
    (copy / flip.file).write_text(code.replace(flip.old, flip.new), encoding="utf-8")
    original = choose("reference")
    files = {
        url: RuntimeFile(copy / file.path.relative_to(static_dir() / "reference"), file.size)
        for url, file in original.files.items()
    }
    return replace(original, why="reference, with a rule changed", files=files)


@contextmanager
def laboratory_with(runtime: Runtime) -> Iterator[SessionRunner]:
    """A browser of its own: a warm one keeps the files that it has met."""
    session_runner = SessionRunner(runtime)
    try:
        yield session_runner
    finally:
        session_runner.close()


@pytest.mark.browser
@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: flip.rule.replace(" ", "-"))
def test_a_flipped_rule_is_told_as_drift(flip: Flip, tmp_path: Path) -> None:
    named = load(catalogue()[flip.scenario], flip.scenario)
    with laboratory_with(flipped(flip, tmp_path)) as session_runner:
        report = session_runner.diagnose(named, tmp_path / "run")
    assert report.name == flip.scenario
    assert report.expectation is not None
    assert flip.differs in report.expectation.drift
