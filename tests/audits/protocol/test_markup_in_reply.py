"""Replies whose text is meant for a program."""

from __future__ import annotations

from chatkit_doctor.audits.protocol.markup_in_reply import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import good

CARD = '{"type": "Card", "children": [{"type": "Text", "value": "Gate 22"}]}'


def test_each_kind_has_its_own_words() -> None:
    (marker,) = failing(AUDIT, answered(good("Gate 22【4:0†flights.pdf】.")))
    (widget,) = failing(AUDIT, answered(good(CARD)))
    assert "annotations" in marker.fix
    assert "type widget" in widget.why


def test_the_turn_of_the_reply_is_named() -> None:
    found = failing(AUDIT, answered(good(), good(CARD, turn=2)))
    assert [failure.turn for failure in found] == [2]


def test_text_in_pieces_is_looked_at_as_a_whole() -> None:
    unfinished = good("Gate 22【4:0†flights.pdf】.")[:-2]
    assert len(failing(AUDIT, answered(unfinished))) == 1


def test_an_answer_and_code_are_silent() -> None:
    assert_silent(AUDIT, answered(good()))
    assert_silent(AUDIT, answered(good(f"```\n{CARD}\n```")))
