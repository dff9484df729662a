"""Explanations by id, as the terminal shows them."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from chatkit_doctor.errors import UsageError
from chatkit_doctor.explain.lookup import explain
from chatkit_doctor.explain.terminal import print_explanation


def shown(id_: str, width: int = 80) -> str:
    """What the terminal shows."""
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_explanation(explain(id_), console)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_an_explanation_goes_from_what_is_wrong_to_what_is_right() -> None:
    text = shown("thread-created-missing")
    parts = ["thread-created-missing", "protocol layer, cause", "What it looks like", "On the network:"]
    parts += ["What goes wrong", "What the component does", "What to do instead", '{"type": "thread.created"']
    parts += ["yield ThreadCreatedEvent(", "In words", "How often", "Can cause", "See it"]
    places = [text.index(part) for part in [*parts, "What only looks like it"]]
    assert places == sorted(places)


def test_an_example_is_never_broken_over_lines() -> None:
    lines = shown("thread-created-missing", width=40).splitlines()
    assert any(line.strip().startswith('{"type": "thread.created"') and line.endswith("}}") for line in lines)


def test_lines_fit_and_do_not_end_in_blanks() -> None:
    lines = [line for line in shown("stream-cut", width=60).splitlines() if not line.startswith("    ")]
    assert all(len(line) <= 60 and line == line.rstrip() for line in lines)


def test_a_symptom_names_its_causes() -> None:
    assert "domain-not-verified" in shown("blank-panel", width=200)


def test_brackets_in_examples_are_no_markup() -> None:
    assert "data: [DONE]" in shown("sse-done-marker")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("thread-created-mising", "thread-created-missing"),
        ("Thread_Created_Missing", "thread-created-missing"),
        ("thread.item.update", "thread.item.updated"),
        ("text_delta", "assistant_message.content_part.text_delta"),
        ("dialect", "wrong-dialect"),
    ],
)
def test_for_an_unknown_id_the_nearest_is_named(asked: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain(asked)
    assert meant in caught.value.hint


def test_for_an_id_like_no_other_the_lists_are_named() -> None:
    with pytest.raises(UsageError) as caught:
        explain("zzzzzzzz")
    assert "list causes" in caught.value.hint
    assert "Did you mean" not in caught.value.hint


def test_a_scenario_to_see_it_in_can_be_copied() -> None:
    assert "  chatkit-doctor run seed/attempt-3\n" in shown("blank-panel")
