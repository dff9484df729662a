"""docs/scenarios.md says what the models say, and what it shows can be used."""

from __future__ import annotations

import re

import pytest

from chatkit_doctor.scenario.format_page import format_page, page_path
from chatkit_doctor.scenario.read import read
from tests.shipped import shipped


def test_the_page_is_not_stale() -> None:
    assert page_path().read_text(encoding="utf-8") == format_page(), "`make docs` writes it anew"


def test_every_example_on_the_page_can_be_used() -> None:
    examples = re.findall(r"^```yaml\n(.*?)^```", format_page(), re.MULTILINE | re.DOTALL)
    assert examples
    for example in examples:
        assert read(example.encode(), "docs/scenarios.md").steps


def test_every_link_leads_to_a_heading() -> None:
    page = format_page()
    headings = {
        heading.lower().replace(" ", "-") for heading in re.findall(r"^##+ (.+)$", page, re.MULTILINE)
    }
    links = set(re.findall(r"\]\(#(.+?)\)", page))
    assert links
    assert links <= headings


def test_every_key_that_the_catalogue_uses_is_on_the_page() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", format_page(), re.MULTILINE))
    for named in shipped():
        written = named.scenario.model_dump(exclude_unset=True, by_alias=True)
        assert written.keys() <= rows
        for part in ("page", "limits", "expect"):
            assert (written.get(part) or {}).keys() <= rows, named.name


@pytest.mark.parametrize(
    "row",
    [
        "| `title` | text | required | What is tested, in a few words. |",
        "| `backend` | [backend](#backends) | `kind: sdk` | The backend that the component talks to. |",
        "| `ids` | `true` or `false` | `false` | An `id:` line in each event. |",
        "| `status` | whole number from 100 to 599 | `200` | The HTTP status. |",
        "| `symptoms` | list of symptom | – | Exactly these symptoms, apart from those in `symptoms_may`. |",
        "| `cause` | cause | – | The root cause. |",
    ],
)
def test_a_row_says_what_may_be_written_and_what_it_means(row: str) -> None:
    assert row in format_page().splitlines()


def test_what_may_be_written_shorter_is_said() -> None:
    page = format_page()
    assert "Written `send: {…}`, for short `send: text`." in page
    assert "Written `reload`." in page
