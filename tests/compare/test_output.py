"""The report of a comparison: both sides beside each other, and deaf to what foreign text asks of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from chatkit_doctor.compare.aspects import Aspect
from chatkit_doctor.compare.comparison import Pair, compare_scenario
from chatkit_doctor.compare.model import SCHEMA, ComparisonModel, KnownModel
from chatkit_doctor.compare.output import write
from tests.compare.runs import NAME, compared, comparison, run
from tests.report.documents import Document


def document(answer: ComparisonModel, folder: Path) -> Document:
    return Document.read(write(answer, folder))


def test_the_document_begins_with_the_verdict_and_the_runtimes(tmp_path: Path) -> None:
    page = document(comparison(compared([run()], [run()])), tmp_path)
    assert page.one("h1").text == "pass reference and snapshot"


def test_equal_scenarios_have_a_row_and_no_section(tmp_path: Path) -> None:
    page = document(comparison(compared([run()], [run()])), tmp_path)
    assert list(page.sections) == ["Agreement", "Scenarios", "What it ran with"]
    assert f"{NAME} equal" in page.sections["Scenarios"].text


def test_a_scenario_that_differs_has_a_section_that_its_row_leads_to(tmp_path: Path) -> None:
    page = document(comparison(compared([run()], [run(events=("ready",))])), tmp_path)
    (link,) = [each for each in page.all("a") if each.text == NAME]
    targets = [each.attributes.get("id") for each in page.all("h2") if each.text == NAME]
    assert [link.attributes["href"]] == [f"#{target}" for target in targets]


def test_rows_that_are_not_the_same_are_marked_and_stand_beside_each_other(tmp_path: Path) -> None:
    page = document(comparison(compared([run()], [run(transcript=("user: Hello",))])), tmp_path)
    marked = [row.text for row in page.all("tr") if row.attributes.get("class") == "apart"]
    assert marked == ["2 assistant: Hello to you nothing"]


def test_both_timelines_stand_beside_each_other_with_their_times(tmp_path: Path) -> None:
    first, second = run().moments
    other = replace(run(events=("ready",)), moments=(first, second.model_copy(update={"t_ms": 1_900})))
    page = document(comparison(compared([run()], [other])), tmp_path)
    rows = [row.text for row in page.all("tr")]
    assert (
        "412 ms request the backend answers after 12 ms 1,900 ms request the backend answers after 12 ms"
        in rows
    )


def test_the_last_pictures_of_both_sides_are_shown(tmp_path: Path) -> None:
    left = replace(run(), screenshot="reference/run-1/a/end.png")
    right = replace(run(events=("ready",)), screenshot="snapshot/run-1/a/end.png")
    page = document(comparison(compared([left], [right])), tmp_path)
    assert [image.attributes["src"] for image in page.all("img")] == [left.screenshot, right.screenshot]


def test_a_known_difference_is_told_with_its_reason(tmp_path: Path) -> None:
    known = KnownModel(scenario=NAME, aspect=Aspect.EVENTS, reason="other words")
    page = document(comparison(compared([run()], [run(events=("ready",))], known)), tmp_path)
    assert "Known: other words" in page.sections[NAME].text


def test_noise_is_shown_as_noise(tmp_path: Path) -> None:
    page = document(comparison(compared([run(), run(events=("ready",))], [run(), run()])), tmp_path)
    assert "Noise: events reference disagrees with itself" in page.sections[NAME].text


def test_noise_of_a_runtime_compared_with_itself_shows_both_timelines(tmp_path: Path) -> None:
    runs = [run(), run(events=("ready",))]
    scenario = compare_scenario(NAME, Pair("reference", "reference"), runs, runs)
    page = document(comparison(scenario, itself=True), tmp_path)
    assert page.one("h1").text == "fail reference against itself"
    assert "Both timelines" in page.sections[NAME].text


def test_stale_entries_are_named(tmp_path: Path) -> None:
    stale = [KnownModel(scenario=NAME, aspect=Aspect.STATES, reason="it was so")]
    page = document(comparison(compared([run()], [run()]), stale=stale), tmp_path)
    assert f"{NAME}: states it was so" in page.sections["Known differences that no longer occur"].text


def test_foreign_text_is_text(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    other = replace(run(transcript=(hostile,)), folder="../../etc", screenshot="../../etc/passwd")
    page = document(comparison(compared([run()], [other])), tmp_path)
    assert page.all("script", "img") == []
    assert not [link for link in page.all("a") if ".." in link.attributes["href"]]
    assert hostile in page.sections[NAME].text


def test_the_object_has_its_schema_and_every_row(tmp_path: Path) -> None:
    write(comparison(compared([run()], [run(events=("ready",))])), tmp_path)
    answer = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert answer["schema"] == SCHEMA
    (difference,) = answer["scenarios"][0]["differences"]
    assert [row["left"] for row in difference["rows"]] == list(run().behaviour.events)
