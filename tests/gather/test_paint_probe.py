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


def measured(reference: SessionRunner, folder: Path, style: str) -> dict[str, Any]:
    """What is measured of an element under an ancestor with such a style."""

    async def measure() -> dict[str, Any]:
        async with watched_page(reference, folder, WITHOUT_CHAT) as (page, _):
            await page.evaluate(PUT, style)
            box: dict[str, Any] = await page.evaluate(f"{HANDLE}.box()")
            return box

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
