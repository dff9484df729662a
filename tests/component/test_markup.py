"""What is meant for a program, told from what is meant to be read."""

from __future__ import annotations

import pytest

from chatkit_doctor.component.markup import Markup, markup_in, markup_on_screen

CARD = '{"type": "Card", "children": [{"type": "Text", "value": "Gate 22"}]}'


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("Gate 22【4:0†flights.pdf】.", "【4:0†flights.pdf】"),
        ("Gate 22【7†source】", "【7†source】"),
        ("Gate 22 \ue200cite\ue202turn0search0\ue201.", "\ue200cite\ue202turn0search0\ue201"),
        ("Gate 22 citeturn0search0turn1view3.", "citeturn0search0turn1view3"),
        ("See fileciteturn0file1", "fileciteturn0file1"),
    ],
)
def test_a_citation_marker_is_found(text: str, marker: str) -> None:
    assert markup_in(text) == {Markup.CITATION: marker}


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        f"Here it is: {CARD}",
        "{'type': 'ListView', 'children': []}",
        '{\n  "children": [],\n  "type": "Basic"\n}',
        '{"widget": {"type": "Card", "children": [{"type": "Text", "value": "x"}]}}',
    ],
)
def test_the_json_of_a_widget_is_found(text: str) -> None:
    assert set(markup_in(text)) == {Markup.WIDGET}


@pytest.mark.parametrize(
    "text",
    [
        "Here is the answer.",
        f"```json\n{CARD}\n```",
        f"Write `{CARD}`.",
        "A marker is `【4:0†source】`.",
        "    citeturn0search0",
        'Its root has "type": "Card", and "children" below it.',
        '{"type": "Card"} is all that an empty card needs.',
        '{"type": "shopping list", "children": ["milk"]}',
        "【注意】 Mind the gap †",
        "To cite turn 3 of the talk, name its speaker.",
    ],
)
def test_code_and_words_are_no_markup(text: str) -> None:
    assert markup_in(text) == {}


def test_what_is_not_on_screen_is_not_shown() -> None:
    text = "Gate 22【4:0†flights.pdf】."
    assert markup_on_screen(text, "Gate 22.") == {}
    assert set(markup_on_screen(text, text)) == {Markup.CITATION}


def test_what_stands_on_screen_in_code_is_meant_to_be_read() -> None:
    assert markup_on_screen(f"```\n{CARD}\n```", CARD) == {}
