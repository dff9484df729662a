"""What ``check`` takes for a person's own page, and what it refuses in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.cli.check import _only_for, _target
from chatkit_doctor.cli.page_options import PageOptions
from chatkit_doctor.client.page_or_endpoint import Kind
from chatkit_doctor.errors import UsageError


@pytest.mark.parametrize("text", ["1280x720", "1280X720", " 1280, 720 "])
def test_a_viewport_is_two_numbers(text: str) -> None:
    assert PageOptions(viewport=text).visitor().viewport == (1280, 720)


@pytest.mark.parametrize("text", ["", "wide", "1280", "0x0", "1280x720x2"])
def test_any_other_viewport_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="a viewport is written as WIDTHxHEIGHT"):
        PageOptions(viewport=text).visitor()


@pytest.mark.parametrize(
    ("given", "target"),
    [
        (("localhost:3000", None, None), ("localhost:3000", None)),
        ((None, "localhost:3000", None), ("localhost:3000", Kind.PAGE)),
        ((None, None, "http://localhost:8000"), ("http://localhost:8000", Kind.ENDPOINT)),
    ],
)
def test_one_url_is_looked_at(given: tuple[Any, Any, Any], target: tuple[str, Kind | None]) -> None:
    assert _target(*given) == target


@pytest.mark.parametrize("given", [(None, None, None), ("a", "b", None), (None, "a", "b")])
def test_neither_none_nor_two(given: tuple[Any, Any, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        _target(*given)
    assert "check URL" in refused.value.hint


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, []),
        ({"click": ["#open"]}, ["--click"]),
        ({"reload": False, "send": False}, ["--no-send", "--no-reload"]),
        ({"ignore_https_errors": True}, ["--ignore-https-errors"]),
    ],
)
def test_what_was_asked_for_is_known_by_its_name(options: dict[str, Any], names: list[str]) -> None:
    assert list(PageOptions(**options).given) == names


def test_what_makes_no_sense_for_a_backend_is_refused_and_not_dropped() -> None:
    with pytest.raises(UsageError, match="--click is only for a page"):
        _only_for("a page", "http://localhost:8000/chatkit", PageOptions(click=["#open"]).given)
