"""Whether the chat can be made out, as the probe in the page measures it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.gather.probes import HANDLE
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner
from tests.watched_page import watched_page

WITHOUT_CHAT = scenario_from({"title": "x", "page": {"script": {"load": "never"}}})
PUT = """style => {
  document.body.innerHTML = `<main style="${style}"><openai-chatkit style="display: block; height: 300px">`;
}"""

COVER = "position: fixed; inset: 0; z-index: 9"
IN_SHADOW = """([mode, inside, outside]) => {
  const tag = "openai-chatkit";
  if (!customElements.get(tag)) customElements.define(tag, class extends HTMLElement {});
  document.body.innerHTML = `<main></main>${outside}`;
  const outer = document.body.firstChild.attachShadow({ mode });
  outer.innerHTML = "<section></section>";
  const inner = outer.firstChild.attachShadow({ mode });
  inner.innerHTML = `<${tag} style="display: block; height: 300px"></${tag}>${inside}`;
}"""
"""Puts the element into a shadow root within another, and a cover over it from inside or outside."""


def measured(reference: SessionRunner, folder: Path, style: str) -> dict[str, Any]:
    """What is measured of an element under an ancestor with such a style."""

    return measured_each(reference, folder, PUT, style)[0]


def measured_each(
    reference: SessionRunner, folder: Path, put: str, *arguments: object
) -> list[dict[str, Any]]:
    """What is measured of an element that is put there by a script, with each of these arguments."""

    async def measure() -> list[dict[str, Any]]:
        boxes = []
        async with watched_page(reference, folder, WITHOUT_CHAT) as (page, _):
            for argument in arguments:
                await page.evaluate(put, argument)
                boxes.append(await page.evaluate(f"{HANDLE}.box()"))
        return boxes

    return reference.run(measure())


@pytest.mark.browser
@pytest.mark.parametrize(
    ("style", "how"),
    [
        ("opacity: 0.04", "opacity: 0.04"),
        ("display: none", "display: none"),
        ("visibility: hidden", "visibility: hidden"),
        ("height: 1px; overflow: hidden", "height: 1px"),
    ],
)
def test_the_ancestor_that_hides_the_chat_is_named(
    reference: SessionRunner, tmp_path: Path, style: str, how: str
) -> None:
    box = measured(reference, tmp_path, style)
    assert (box["culprit"]["element"], how in box["culprit"]["how"]) == ("main", True)


@pytest.mark.browser
@pytest.mark.parametrize("style", ["", "opacity: 0.06", "height: 3px", "display: contents"])
def test_a_chat_that_can_be_made_out_has_no_culprit(
    reference: SessionRunner, tmp_path: Path, style: str
) -> None:
    assert measured(reference, tmp_path, style)["culprit"] is None


@pytest.mark.browser
def test_a_chat_in_shadow_roots_is_covered_by_what_lies_over_it_and_not_by_what_holds_it(
    reference: SessionRunner, tmp_path: Path
) -> None:
    inside, outside = (f'<div class="{where}" style="{COVER}"></div>' for where in ("inside", "outside"))
    covers = (("", ""), (inside, ""), ("", outside))
    puts = [(mode, *cover) for mode in ("open", "closed") for cover in covers]
    boxes = measured_each(reference, tmp_path, IN_SHADOW, *puts)
    assert [box["covered_by"] for box in boxes] == [None, "div.inside", "div.outside"] * 2
