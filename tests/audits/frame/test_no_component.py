"""Pages without a chat."""

from __future__ import annotations

from chatkit_doctor.audits.frame.no_component import AUDIT
from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from tests.audits.asking import ask, failures
from tests.recordings import Part, entry, opened, recording, state, step

LOADED: list[Part] = [
    step(0, "open", index=0, until=2_500, limit="ready"),
    entry(10, "page", "page.document", url="http://localhost:1/", status=200),
]


def test_a_page_without_the_element_has_no_component() -> None:
    inventory = entry(2_490, "page", "page.inventory", elements=0, defined=False, frames=0)
    (found,) = failures(AUDIT, LOADED, inventory)
    assert "no <openai-chatkit> element" in found.evidence[1].text


def test_an_element_without_a_frame_is_no_component() -> None:
    inventory = entry(2_490, "page", "page.inventory", elements=1, defined=True, frames=0)
    (found,) = failures(AUDIT, LOADED, entry(20, "page", "page.element", state="defined", count=1), inventory)
    assert found.evidence[-1].text == "the component's frame never loaded"


def test_a_frame_is_a_component_whatever_it_shows() -> None:
    assert not failures(AUDIT, opened())
    assert not failures(AUDIT, LOADED, state(50, view="blank"))


def test_a_page_that_was_not_loaded_cannot_be_judged() -> None:
    assert ask(AUDIT, recording(step(0, "open", index=0, until=90))).status == "not-testable"


def test_a_page_that_came_too_late_is_not_said_to_lack_anything() -> None:
    late = entry(2_600, "page", "page.document", url="http://localhost:1/", status=200)
    inventory = entry(2_610, "page", "page.inventory", elements=0, defined=False, frames=0)
    made = recording(step(0, "open", index=0, until=2_500, limit="navigation"), late, inventory)
    assert ask(AUDIT, made).status == "not-testable"
    assert diagnose(made, examine(made)).verdict == "inconclusive"


def test_a_chat_that_was_there_is_not_missed_where_the_page_comes_too_late_once_more() -> None:
    late = step(3_000, "reload", index=1, until=5_000, limit="navigation")
    assert ask(AUDIT, recording(opened(), late)).status == "passed"


def test_a_component_that_speaks_is_there_although_its_frame_was_not_observed() -> None:
    made = recording(LOADED, entry(30, "component", "component.event", name="ready", detail=None))
    assert ask(AUDIT, made).status == "not-testable"
