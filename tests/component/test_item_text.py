"""What the component writes for an item; every text was measured."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.component.item import Item
from chatkit_doctor.component.item_text import Place, item_text
from chatkit_doctor.component.javascript import ThrownError

QUESTION = {"id": "q", "question": "Which size?", "options": [{"value": "Small"}]}
ANSWERED = QUESTION | {"answer": {"values": ["Small", "Red"]}}
SKIPPED = QUESTION | {"answer": {"skipped": True}}
LONG = "A text of which the last few characters stay back for a while."
PDF = {"type": "file", "name": "a.pdf", "mime_type": "application/pdf"}
TASKS: list[dict[str, Any]] = [
    {"type": "custom", "title": "One", "content": "**Two**"},
    {"type": "thought", "title": "Hidden", "content": "Three"},
    {"type": "file", "sources": [{"title": "Four"}, {"filename": "five.pdf"}]},
    {"type": "unheard of", "title": "No"},
]
TASK_TEXTS = "Done so far\nOne\nTwo\nThree\nScanned document\nFour\nfive.pdf\nDone"
URL = {"type": "url", "title": "A", "url": "https://www.a.test/x"}


def card(*children: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A widget."""
    return {"widget": {"type": "Card", "children": list(children), **more}}


def flow(**workflow: Any) -> dict[str, Any]:
    """A workflow of one's own."""
    return {"workflow": {"type": "custom", "tasks": [], **workflow}}


def questions(status: str, *inputs: object) -> dict[str, Any]:
    """Questions to the user."""
    return {"status": status, "inputs": list(inputs)}


def said(*content: object, **more: Any) -> dict[str, Any]:
    """A message of the user's."""
    return {"content": list(content), "attachments": [], **more}


def replied(text: object, *annotations: object) -> dict[str, Any]:
    """A reply of one part."""
    return {"content": [{"type": "output_text", "text": text, "annotations": list(annotations)}]}


def cites(index: object, source: object = URL) -> dict[str, Any]:
    """An annotation."""
    return {"type": "annotation", "source": source, "index": index}


def drawn(kind: str, value: dict[str, Any], *, is_last: bool = True) -> str:
    """The text once nothing more comes."""
    return item_text(
        Item(kind, {"id": "x", **value}, done=True),
        Place(streaming=False, is_last=is_last, is_last_said=is_last),
    )


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (
            "user_message",
            said({"type": "input_tag", "text": "Ann"}, {"type": "input_tag", "text": ""}),
            "@Ann",
        ),
        (
            "user_message",
            said({"type": "input_text", "text": "Look"}, quoted_text="this", attachments=[PDF]),
            "“this”\na.pdf\nPDF\nLook",
        ),
        (
            "user_message",
            said(attachments=[{"type": "file", "name": "a", "mime_type": "image/png"}]),
            "a\nImage",
        ),
        ("user_message", said(attachments=[{"type": "image", "name": "a.png"}]), ""),
        ("user_message", {"attachments": []}, ""),
        ("structured_input", questions("pending", QUESTION), "Waiting for your answer"),
        ("structured_input", questions("skipped", QUESTION), "Skipped question"),
        ("structured_input", questions("skipped", ANSWERED, QUESTION), "Skipped questions"),
        ("structured_input", questions("answered", ANSWERED), "Asked 1 question\nWhich size?\nSmall, Red"),
        (
            "structured_input",
            questions("answered", ANSWERED, SKIPPED),
            "Asked 2 questions\nWhich size?\nSmall, Red\nWhich size?\nSkipped",
        ),
        ("structured_input", questions("answered", SKIPPED), "Asked 1 question"),
        ("structured_input", questions("answered", QUESTION), "Asked 1 question\nWhich size?\nSkipped"),
        ("widget", card({"type": "Badge", "label": "New"}, {"type": "Button", "label": "Go"}), "New\nGo"),
        ("widget", card({"type": "RadioGroup", "options": [{"label": "Yes"}, {"label": "No"}]}), "Yes\nNo"),
        ("widget", card({"type": "Markdown", "value": "**Bold**"}), "Bold"),
        ("widget", card({"type": "Row", "children": [{"type": "Text", "value": "In"}]}), "In"),
        ("widget", card({"type": "Row", "children": {"type": "Text", "value": 0}}), "0"),
        ("widget", card({"type": "Hologram", "children": [{"type": "Text", "value": "In"}]}), ""),
        ("widget", card({"type": "Card", "status": {"text": "No"}, "confirm": {"label": "Yes"}}), "Yes"),
        (
            "widget",
            card(status={"text": "Open"}, confirm={"label": "Yes"}, cancel={"label": "No"}),
            "Open\nYesNo",
        ),
        ("generated_image", {"image": None}, "Creating image"),
        ("generated_image", {"image": {"url": "data:,"}}, "Image created"),
        ("generated_image", {"image": {"url": "data:,"}, "progress": 0.9}, "Image created"),
        ("generated_image", {"image": 0, "progress": 1}, "Creating image"),
        ("workflow", flow(type="reasoning", summary={"duration": 3}), "Thought for 3s"),
        ("workflow", flow(summary={"duration": 2.9}), "Worked for a moment"),
        ("workflow", flow(summary={"duration": 59.6}), "Worked for 1m"),
        ("workflow", flow(summary={"duration": 90}), "Worked for 1m 30s"),
        ("workflow", flow(summary={"duration": 3_661}), "Worked for 1h 1m"),
        ("workflow", flow(), "Worked for a while"),
        ("workflow", flow(summary={"title": "Done so far"}, tasks=TASKS), "Done so far"),
        ("workflow", flow(summary={"title": "Done so far"}, tasks=TASKS, expanded=True), TASK_TEXTS),
        ("task", {"task": {"type": "custom"}}, "Worked for a while"),
        ("task", {"task": {"type": "web_search"}}, "Searched the web"),
        ("task", {"task": {"type": "unheard of", "title": "Mine"}}, "Mine"),
        ("task", {"task": "unheard of"}, "Working"),
        ("progress_update", {"text": "Looking"}, "Looking"),
        ("assistant_message", replied("Some words", cites(4)), "Some a.test words"),
        ("assistant_message", replied("Some words", cites(4), cites(4)), "Some a.test+1 words"),
        (
            "assistant_message",
            replied("Some words", cites(0), cites(99), cites("4"), cites(True)),
            "Some words",
        ),
        ("assistant_message", replied("👋👋", cites(2)), "👋 a.test👋"),
        ("assistant_message", replied("Some", cites(2, {"type": "url", "url": "/page"})), "So /pageme"),
        ("assistant_message", {"content": [{"type": "text", "text": "no"}, {}, "x"]}, ""),
    ],
)
def test_what_an_item_says(kind: str, value: dict[str, Any], text: str) -> None:
    assert drawn(kind, value) == text


def test_answers_are_shown_only_below_everything_else() -> None:
    assert drawn("structured_input", questions("answered", ANSWERED), is_last=False) == "Asked 1 question"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("user_message", said(attachments=None)),
        ("user_message", said(attachments=[None])),
        ("user_message", said(None)),
        ("user_message", said({"type": "input_text", "text": None})),
        ("user_message", {"content": "text", "attachments": []}),
        ("user_message", said(quoted_text={})),
        ("assistant_message", {}),
        ("assistant_message", {"content": "text"}),
        ("assistant_message", {"content": [None]}),
        ("assistant_message", replied(None)),
        ("assistant_message", replied("x", {})),
        ("assistant_message", {"content": [{"type": "output_text", "text": "x"}]}),
        ("widget", {"widget": {"type": "Nope"}}),
        ("widget", {"widget": None}),
        ("widget", card({"type": "Text", "value": {}})),
        ("widget", {"widget": {"type": "Card", "children": [None]}}),
        ("workflow", {"workflow": {"type": "custom"}}),
        ("workflow", flow(summary="short")),
        ("workflow", flow(summary={"duration": "long"})),
        ("task", {}),
        ("structured_input", {"status": "answered"}),
        ("structured_input", questions("answered", QUESTION | {"answer": {"values": "Small"}})),
        ("progress_update", {"text": "Looking", "icon": 5}),
    ],
)
def test_what_cannot_be_drawn(kind: str, value: dict[str, Any]) -> None:
    with pytest.raises(ThrownError):
        drawn(kind, value)


def test_the_buttons_of_a_card_come_when_it_is_done() -> None:
    item = Item("widget", card({"type": "Text", "value": "Sure?"}, confirm={"label": "Yes"}))
    assert item_text(item, Place(streaming=False, is_last=True)) == "Sure?"


def test_an_open_workflow_shows_the_task_under_way() -> None:
    item = Item("workflow", flow(tasks=[{"title": "One"}, {"title": "Two"}]))
    assert item_text(item, Place(streaming=True, is_last=True)) == "Two"


@pytest.mark.parametrize("streaming", [True, False])
def test_only_a_text_that_an_update_began_keeps_its_tail_back(streaming: bool) -> None:
    item = Item("assistant_message", {"content": []})
    place = Place(streaming, is_last=True)
    item.set_part(0, {"type": "output_text", "text": "", "annotations": []}, growing=True)
    item.grow(0, LONG)
    assert item_text(item, place) == "A text of which the last few characters stay"
    item.set_part(0, replied(LONG)["content"][0], growing=False)
    assert item_text(item, place) == LONG
    item.set_part(0, replied(LONG)["content"][0], growing=True)
    assert item_text(item, place) == LONG, "what was there in full is not typed out again"


def test_the_name_of_a_source_counts_for_more_than_is_kept_back() -> None:
    item = Item("assistant_message", replied("Some words", cites(7)))
    item.growing_parts.add(0)
    assert item_text(item, Place(streaming=False, is_last=True)) == "Some wo a.testrds"


def test_answers_of_questions_that_were_open_stay_folded() -> None:
    item = Item("structured_input", {"id": "x", **questions("answered", ANSWERED)}, was_asked=True)
    assert item_text(item, Place(streaming=False, is_last=True)) == "Asked 1 question"


@pytest.mark.parametrize(("item_id", "ends_turn"), [([], True), ([None], True), ("", False)])
def test_what_has_no_id_to_be_told_apart_by_cannot_be_drawn(item_id: object, ends_turn: bool) -> None:
    item = Item("assistant_message", {"id": item_id, **replied("x")})
    with pytest.raises(ThrownError):
        item_text(item, Place(streaming=False, is_last=ends_turn, ends_turn=ends_turn))
    assert item_text(Item("assistant_message", replied("x")), Place(False, is_last=False)) == "x"


def test_a_part_that_was_skipped_is_missed_once_nothing_more_comes() -> None:
    item = Item.of({"type": "assistant_message", "id": "a", "content": []}, done=False)
    item.set_part(1, {"type": "output_text", "text": "x", "annotations": []}, growing=False)
    assert item_text(item, Place(streaming=True, is_last=True)) == "x"
    with pytest.raises(ThrownError):
        item_text(item, Place(streaming=False, is_last=True))
