"""Copies of the component that something is wrong with."""

from __future__ import annotations

from typing import get_args

import pytest

from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.damage import SLOW_FRAME_S, damage_of, damaged, delay_s
from chatkit_doctor.runtime.runtime import LOADER_PATH, frame_path
from chatkit_doctor.scenario.page import ComponentCopy

RUNTIME = choose("reference")
DOCUMENT = frame_path(RUNTIME.frame_build)
BUNDLE = "/deployments/chatkit/frame/main.js"
LATER = "/deployments/chatkit/frame/loaded-later.js"


def answers(damage: str) -> dict[str, int | None]:
    """The status of each kind of file, None where a whole copy answers."""
    paths = (LOADER_PATH, DOCUMENT, BUNDLE, LATER)
    found = {path: damaged(RUNTIME, damage, path) for path in paths}
    return {path: answer.status if answer else None for path, answer in found.items()}


@pytest.mark.parametrize(
    ("damage", "broken"),
    [
        ("frame-missing", {DOCUMENT: 404}),
        ("frame-challenged", {DOCUMENT: 403}),
        ("bundle-missing", {BUNDLE: 404}),
        ("parts-missing", {LATER: 404}),
        ("frame-slow", {}),
        ("", {}),
    ],
)
def test_a_damage_breaks_its_own_part_only(damage: str, broken: dict[str, int]) -> None:
    assert answers(damage) == {LOADER_PATH: None, DOCUMENT: None, BUNDLE: None, LATER: None, **broken}


def test_a_slow_frame_is_slow_to_come_and_nothing_else() -> None:
    assert delay_s("frame-slow", DOCUMENT) == SLOW_FRAME_S
    assert delay_s("frame-slow", LOADER_PATH) == delay_s("", DOCUMENT) == 0


@pytest.mark.parametrize("damage", [name for name in get_args(ComponentCopy) if name != "whole"])
def test_every_damage_of_a_scenario_does_something(damage: str) -> None:
    assert any(answers(damage).values()) or delay_s(damage, DOCUMENT)


@pytest.mark.parametrize(
    ("host", "damage"),
    [
        ("frame-missing.cdn.test", "frame-missing"),
        ("frame-missing.cdn.test:443", "frame-missing"),
        ("cdn.platform.openai.com", ""),
        ("cdn.test", ""),
    ],
)
def test_the_host_name_says_which_damage(host: str, damage: str) -> None:
    assert damage_of(host) == damage
