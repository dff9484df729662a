"""What the probes may say is checked against the types of the entries."""

from __future__ import annotations

import re

import pytest

from chatkit_doctor.gather.probe_typings import MESSAGES, typings, typings_path


def test_the_types_are_not_stale() -> None:
    assert typings_path().read_text(encoding="utf-8") == typings(), "run `make docs`"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_every_message_has_its_fields(message: type) -> None:
    found = re.search(rf"interface {message.__name__} \{{(.*?)^\}}", typings(), re.DOTALL | re.MULTILINE)
    assert found is not None
    named = set(re.findall(r"^  (\w+)\??:", found[1], re.MULTILINE))
    assert named == {"kind", *message.__struct_fields__}  # type: ignore[attr-defined]


def test_what_has_a_default_may_be_left_out() -> None:
    assert "  culprit?: Culprit | null;" in typings()
    assert "  covered_by?: string | null;" in typings()
    assert "  width: number;" in typings()
