"""The document of a run of many: what lies inside, what beside, and how it is used."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from chatkit_doctor.engine.pipeline import judge, with_remedies
from chatkit_doctor.report import suite_page
from chatkit_doctor.report.build import report_of
from chatkit_doctor.report.html import write_html, write_run_html
from chatkit_doctor.report.model import ExpectationModel, ReportModel, RunModel
from chatkit_doctor.report.suite_page import FoldedReports
from tests.report import examples
from tests.report.accessibility import violations
from tests.report.documents import Document
from tests.sessions import attempt

DRIFT = ExpectationModel(met=False, drift=["The symptom blank-panel was seen and not expected."])


def at(place: str, report: ReportModel) -> ReportModel:
    return report.model_copy(update={"artifacts": {**report.artifacts, "folder": place}})


def suite(folder: Path) -> RunModel:
    """A run of five, each with its folder: the last of them as the pipeline judges it."""
    judgement = with_remedies(judge(attempt("responses"), None))
    judged = report_of(judgement, {"folder": "judged/responses"})
    reports = [
        at("control/first-turn", examples.control()),
        at("seed/attempt-3", examples.attempt_3()),
        at("transport/drifted", examples.drifted()),
        at("hostile/texts", examples.hostile()),
    ]
    kept = FoldedReports()
    for report in reports:
        for shot in report.screenshots:
            if report.name == "seed/attempt-3":
                examples.picture(folder / report.artifacts["folder"] / shot.file)
        write_html(report, folder / report.artifacts["folder"], None, kept)
    write_html(judged, folder / "judged/responses", judgement, kept)
    run = examples.run(*reports, judged)
    write_run_html(run, folder, kept)
    return run


def inside(folder: Path) -> dict[str, str]:
    """What is folded up in the document, by its place."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'data-folded="([^"]*)">([^<]*)<', text)
    return {place: zlib.decompress(base64.b64decode(packed)).decode() for place, packed in found}


# What is in it


def test_what_failed_or_drifted_comes_first(tmp_path: Path) -> None:
    suite(tmp_path)
    rows = [
        row for row in Document.read(tmp_path / "index.html").all("tr") if "data-outcome" in row.attributes
    ]
    outcomes = [row.attributes["data-outcome"] for row in rows]
    assert outcomes.index("as expected") > max(outcomes.index("drifted"), outcomes.index("failed"))


def test_every_session_is_inside(tmp_path: Path) -> None:
    run = suite(tmp_path)
    assert set(inside(tmp_path)) == {report.artifacts["folder"] for report in run.scenarios}
    assert "The backend speaks the Responses API, not ChatKit" in inside(tmp_path)["seed/attempt-3"]


def test_what_finds_no_room_lies_beside_it_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = suite(tmp_path / "whole")
    first, *others = inside(tmp_path / "whole")
    size = len(base64.b64encode(zlib.compress(inside(tmp_path / "whole")[first].encode(), 9)))
    monkeypatch.setattr(suite_page, "MAX_DOCUMENT", suite_page._list_size(run.scenarios) + size + 150)
    suite(tmp_path / "short")
    assert set(inside(tmp_path / "short")) == {first}
    text = Document.read(tmp_path / "short" / "index.html").one("main").text
    assert f"The reports of {len(others)} scenarios did not fit" in text
    assert "seed/attempt-3/index.html" in Document.read(tmp_path / "short" / "index.html").links


def test_too_many_reports_are_not_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(suite_page, "MAX_HELD", 0)
    suite(tmp_path)
    assert inside(tmp_path) == {}


def test_where_room_is_short_a_break_that_was_found_as_expected_comes_before_what_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = suite(tmp_path / "whole")
    whole = inside(tmp_path / "whole")
    assert list(whole)[-1] == "control/first-turn", "nothing gives way to it"
    others = [body for place, body in whole.items() if place != "control/first-turn"]
    room = sum(len(base64.b64encode(zlib.compress(body.encode(), 9))) + 150 for body in others)
    monkeypatch.setattr(suite_page, "MAX_DOCUMENT", suite_page._list_size(run.scenarios) + room)
    suite(tmp_path / "short")
    assert set(inside(tmp_path / "short")) == set(whole) - {"control/first-turn"}


def test_where_room_is_short_the_pictures_of_what_drifted_come_before_any_other_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drifted = at("seed/attempt-3", examples.attempt_3().model_copy(update={"expectation": DRIFT}))
    passed = at("control/first-turn", examples.control())
    run = examples.run(passed, drifted)
    for shot in drifted.screenshots:
        examples.picture(tmp_path / "seed/attempt-3" / shot.file)

    def written() -> str:
        kept = FoldedReports()
        for report in run.scenarios:
            write_html(report, tmp_path / report.artifacts["folder"], None, kept)
        return write_run_html(run, tmp_path, kept).read_text(encoding="utf-8")

    shown = len(drifted.screenshots)
    assert shown > 0
    assert written().count('data-kept="seed/attempt-3/') == shown
    # Room for all of it but the smaller of the two reports, which would fit in place of the pictures.
    packed = {
        place: len(base64.b64encode(zlib.compress(body.encode(), 9)))
        for place, body in inside(tmp_path).items()
    }
    pictures = sum(map(len, re.findall(r"data:image/png;base64,[^\s\"'<]+", written())))
    room = packed["seed/attempt-3"] + 100 + max(packed["control/first-turn"] + 100, pictures + 100 * shown)
    monkeypatch.setattr(suite_page, "MAX_DOCUMENT", suite_page._list_size(run.scenarios) + room)
    assert written().count('data-kept="seed/attempt-3/') == shown
    assert set(inside(tmp_path)) == {"seed/attempt-3"}


# In a browser


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a document that was mailed: alone, without the folder it was written into."""
    folder = tmp_path_factory.mktemp("suite")
    suite(folder)
    alone = tmp_path_factory.mktemp("mailed") / "report.html"
    alone.write_bytes((folder / "index.html").read_bytes())
    return alone.as_uri()


@pytest.fixture
def page(chromium: Browser, document: str) -> Iterator[Page]:
    """The document, opened from disk. What it asks for, and what runs in it, must be its own."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))

        def dismiss(dialog: Dialog) -> None:
            wrong.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.goto(document)
        yield page
        own = {document, page.url.partition("#")[0]}
        assert {url.partition("#")[0] for url in asked if not url.startswith("data:")} == own
        assert wrong == []


@pytest.mark.browser
def test_a_session_is_one_click_away_and_the_way_back_too(page: Page) -> None:
    page.get_by_role("link", name="seed/attempt-3").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("fail seed/attempt-3")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.locator("#detail img").evaluate_all("all => all.map(e => e.naturalWidth)") == [40] * 4
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Run of 5 scenarios"))
    expect(page.get_by_role("link", name="seed/attempt-3")).to_be_focused()


@pytest.mark.browser
def test_the_first_screen_needs_no_scrolling(page: Page, tmp_path: Path) -> None:
    judgement = with_remedies(judge(attempt("responses"), None))
    page.goto(write_html(report_of(judgement, {}), tmp_path, judgement).as_uri())
    for what in (".top .word", ".scenes", "#cause + h3", ".instead"):
        box = page.locator(what).bounding_box()
        assert box is not None, what
        assert box["y"] + box["height"] <= 800, what
    expect(page.locator(".scenes")).to_contain_text("The panel is empty.")
    expect(page.locator(".instead")).to_contain_text("thread.item.done assistant_message “You have three”")


@pytest.mark.browser
def test_the_list_is_searched_and_filtered(page: Page) -> None:
    rows = page.locator("tr[data-outcome]:visible")
    page.get_by_role("searchbox").fill("BLANK-panel attempt-3")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 of 5 scenarios")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("checkbox", name="as expected").uncheck()
    assert "as expected" not in rows.evaluate_all("all => all.map(e => e.dataset.outcome)")
    expect(rows).not_to_have_count(5)


@pytest.mark.browser
def test_the_list_is_sorted_by_a_column_and_back(page: Page) -> None:
    def names() -> list[str]:
        return page.locator("tr[data-outcome] th a").all_text_contents()

    page.get_by_role("button", name="Scenario").click()
    assert names() == sorted(names())
    expect(page.get_by_role("columnheader", name="Scenario")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="Scenario").press("Enter")
    assert names() == sorted(names(), reverse=True)
    page.get_by_role("button", name="Took").click()
    took = [int(each) for each in page.locator("[data-ms]").evaluate_all("all => all.map(e => e.dataset.ms)")]
    assert took == sorted(took, reverse=True)
    assert len(set(took)) > 1
    page.get_by_role("button", name="Outcome").click()
    assert page.locator("tr[data-outcome]").last.get_attribute("data-outcome") == "as expected"
    expect(page.locator("th[aria-sort]")).to_have_count(1)


@pytest.mark.browser
def test_a_link_to_a_session_that_lies_beside_the_document_leads_to_its_row(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suite_page, "MAX_HELD", 0)
    suite(tmp_path)
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{(tmp_path / 'index.html').as_uri()}#/seed/attempt-3")
        expect(page.get_by_role("link", name="seed/attempt-3")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("fail seed/attempt-3")


@pytest.mark.browser
def test_a_link_leads_to_an_entry_of_a_session(page: Page, document: str) -> None:
    page.goto(f"{document}#/seed/attempt-3//entry-31")
    expect(page.locator("#entry-31")).to_be_in_viewport()
    expect(page.locator("#entry-31")).to_have_class("target")
    page.get_by_text("Evidence: 1 observation").first.click()
    page.locator("#detail .rests[open] a").first.click()
    expect(page).to_have_url(re.compile("#/seed/attempt-3//entry-52$"))
    expect(page.locator("#entry-52")).to_be_in_viewport()


@pytest.mark.browser
def test_the_keyboard_reaches_everything(page: Page) -> None:
    page.get_by_role("searchbox").focus()
    page.keyboard.type("attempt-3")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "seed/attempt-3":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("fail seed/attempt-3")


@pytest.mark.browser
def test_what_is_there_to_be_copied_is_copied_whole(page: Page, chromium: Browser) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="seed/attempt-3").click()
    page.get_by_role("button", name="Copy the fix").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    cause = examples.attempt_3().cause
    assert cause is not None
    assert page.evaluate("navigator.clipboard.readText()") == cause.fix


@pytest.mark.browser
def test_hostile_texts_run_nothing_once_they_are_unfolded(page: Page) -> None:
    page.goto(f"{page.url}#/hostile/texts")
    expect(page.locator("#detail h1")).to_be_visible()
    handlers = "all => all.flatMap(e => e.getAttributeNames()).filter(name => name.startsWith('on'))"
    assert page.locator("#detail *").evaluate_all(handlers) == []
    assert page.locator("#detail script:not([type='text/plain']):not([type='application/json'])").count() == 0
    hrefs = page.locator("#detail a").evaluate_all("all => all.map(e => new URL(e.href).protocol)")
    assert set(hrefs) == {"file:"}


@pytest.mark.browser
@pytest.mark.parametrize("place", ["", "#/judged/responses", "#/hostile/texts"])
def test_nothing_stands_in_the_way_of_anybody(page: Page, document: str, place: str) -> None:
    page.goto(document + place)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.locator("details").evaluate_all("all => all.forEach(e => { e.open = true; })")
    found = violations(page, {})
    page.emulate_media(color_scheme="dark")
    found += violations(page, {"runOnly": ["color-contrast"]})
    assert found == []


@pytest.mark.browser
def test_on_paper_everything_is_unfolded_and_nothing_is_there_to_be_pressed(page: Page) -> None:
    page.get_by_role("link", name="seed/attempt-3").click()
    expect(page.get_by_role("button", name="Copy the fix")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Copy the fix")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Contents")).to_be_hidden()
    hidden = page.locator("#detail details:not([open]) > :not(summary)").evaluate_all(
        "all => all.filter(e => !e.checkVisibility({ contentVisibilityAuto: true })).length"
    )
    assert hidden == 0
