"""What the simulated component writes for items that no scenario of the catalogue shows."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.component.item_text import is_drawn, words_of
from chatkit_doctor.component.thread import Item

QUESTION = {"id": "q", "question": "Which size?", "options": [{"value": "Small"}]}
LONG = "A text of which the last few characters stay back for a while."


def card(*children: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A widget."""
    return {"widget": {"type": "Card", "children": list(children), **more}}


@pytest.mark.parametrize(
    ("widget", "drawn"),
    [
        (card({"type": "Image", "src": "x"}), True),
        (card({"type": "Row", "children": [{"type": "Chart"}]}), True),
        (card({"type": "Row", "children": {"type": "Icon"}}), True),
        (card(), False),
        (card({"type": "Divider"}), False),
        (card({"type": "Unknown", "children": [{"type": "Icon"}]}), False),
    ],
)
def test_a_widget_can_show_something_without_words(widget: dict[str, Any], drawn: bool) -> None:
    """Measured, each alone in its widget."""
    assert is_drawn(Item("widget", widget)) == drawn


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("user_message", {"content": [{"type": "input_tag", "text": "Ann"}]}, "@Ann"),
        (
            "user_message",
            {
                "content": [{"type": "input_text", "text": "Look"}],
                "quoted_text": "this",
                "attachments": [{"type": "file", "name": "a.pdf"}],
            },
            "a.pdf\n“this”\nLook",
        ),
        ("structured_input", {"status": "pending", "inputs": [QUESTION]}, "Waiting for your answer"),
        ("structured_input", {"status": "skipped", "inputs": [QUESTION]}, "Skipped questions"),
        (
            "structured_input",
            {"status": "answered", "inputs": [QUESTION | {"answer": {"values": ["Small", "Red"]}}]},
            "Asked 1 question\nWhich size?\nSmall, Red",
        ),
        (
            "structured_input",
            {"status": "answered", "inputs": [QUESTION, QUESTION | {"answer": {"skipped": True}}]},
            "Asked 2 questions\nWhich size?\nSkipped",
        ),
        ("widget", card({"type": "Badge", "label": "New"}, {"type": "Button", "label": "Go"}), "New\nGo"),
        ("widget", card({"type": "Markdown", "value": "**Bold**"}), "Bold"),
        ("widget", card({"type": "Row", "children": [{"type": "Text", "value": "In"}]}), "In"),
        ("widget", card({"type": "Hologram", "children": [{"type": "Text", "value": "In"}]}), ""),
        (
            "widget",
            card(status={"text": "Open"}, confirm={"label": "Yes"}, cancel={"label": "No"}),
            "Open\nYes\nNo",
        ),
        ("generated_image", {"image": None}, "Creating image"),
        ("workflow", {"workflow": {"type": "reasoning", "summary": {"duration": 3}}}, "Thought for 3s"),
        ("workflow", {"workflow": {"type": "custom", "tasks": []}}, "Worked for a while"),
    ],
)
def test_what_an_item_says(kind: str, value: dict[str, Any], words: str) -> None:
    assert words_of(Item(kind, value), streaming=False, is_last=True) == words


def test_an_open_workflow_shows_the_task_under_way() -> None:
    value = {"workflow": {"type": "custom", "tasks": [{"title": "One"}, {"title": "Two"}]}}
    assert words_of(Item("workflow", value), streaming=True, is_last=True) == "Two"


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        (Item("assistant_message", {}, live=True), ""),
        (Item("assistant_message", {}, live=True, done=True), LONG),
        (Item("assistant_message", {}, live=True, finished_parts={0}), LONG),
        (Item("assistant_message", {}), LONG),
    ],
    ids=["streaming", "done", "part done", "stored"],
)
def test_only_a_text_in_the_making_keeps_its_tail_back(item: Item, shown: str) -> None:
    item.value["content"] = [{"type": "output_text", "text": LONG, "annotations": []}]
    words = words_of(item, streaming=True, is_last=True)
    assert words == (shown or LONG[: len(words)])
    assert bool(shown) or 0 < len(LONG) - len(words) <= 20


@pytest.mark.parametrize("content", [None, "text", [None], [{"type": "text", "text": "no"}], [{}]])
def test_what_is_no_text_part_says_nothing(content: object) -> None:
    item = Item("assistant_message", {"content": content}, done=True)
    assert words_of(item, streaming=False, is_last=True) == ""
