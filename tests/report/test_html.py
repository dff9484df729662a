"""The HTML report: complete, readable by everybody, and deaf to what hostile text asks of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.paths import static_dir
from chatkit_doctor.report.build import report_of
from chatkit_doctor.report.document import STYLES, local_href
from chatkit_doctor.report.html import write_html, write_run_html
from chatkit_doctor.report.model import MomentModel, ReportModel
from chatkit_doctor.report.session_page import MAX_ROWS, SCRIPTS
from chatkit_doctor.report.wording import REFERENCE_NOTICE, SIMULATED_NOTICE
from chatkit_doctor.safe_text import printable
from tests.recordings import box, entry, opened, recording, send, state, user
from tests.report import examples
from tests.report.documents import Document, Element

EXAMPLES: list[Callable[[], ReportModel]] = [
    examples.control,
    examples.attempt_3,
    examples.checked,
    examples.drifted,
    examples.broken_off,
    examples.rewritten,
    examples.hostile,
]


def session(report: ReportModel, folder: Path) -> Document:
    return Document.read(write_html(report, folder))


# What a session's document says


def test_the_document_begins_with_the_verdict_and_what_it_is_of(tmp_path: Path) -> None:
    assert session(examples.attempt_3(), tmp_path).one("h1").text == "fail seed/attempt-3"


def test_sections_come_in_the_order_in_which_one_asks(tmp_path: Path) -> None:
    assert list(session(examples.attempt_3(), tmp_path).sections) == [
        "Symptoms: what the user saw",
        "Cause",
        "Fix",
        "Layers: how far the message came",
        "What to send instead",
        "Messages, and how long each was visible",
        "Screenshots",
        "Timeline",
        "Also found",
        "What the names mean",
        "All findings",
        "Send it again without a browser",
        "What it ran with",
        "Files",
    ]


def test_what_the_simulation_leaves_open_is_told_with_a_link_to_where_it_parts(tmp_path: Path) -> None:
    document = session(examples.left_open(), tmp_path)
    told = document.sections["What the simulation leaves open"].text
    assert "reply-missing (turn 1)" in told
    assert "there was the start screen; the simulated component shows assistant: “Hi.”" in told


@pytest.mark.parametrize(
    "expected",
    [
        "The backend speaks the Responses API, not ChatKit",
        "wrong-dialect (responses)",
        "layer: protocol",
        "confidence: certain",
        "8 of 9 events are of the Responses API",
        "412 ms conversation.item.created belongs to the Responses API entry 31",
        "no thread.item.* event in the whole stream never came",
    ],
)
def test_the_cause_is_told_in_full(tmp_path: Path, expected: str) -> None:
    assert expected in session(examples.attempt_3(), tmp_path).sections["Cause"].text


def test_what_to_change_is_told_beside_the_events_to_send(tmp_path: Path) -> None:
    text = session(examples.attempt_3(), tmp_path).sections["Fix"].text
    assert "After thread.created send thread.item.done" in text
    assert "Send instead thread.item.updated 14 ×" in text
    assert "chatkit-doctor explain wrong-dialect" in text


def test_every_layer_of_the_path_has_its_state_in_words(tmp_path: Path) -> None:
    report = examples.attempt_3()
    document = session(report, tmp_path)
    path = next(element for element in document.all("ol") if element.attributes.get("class") == "path")
    steps = [element.text for element in document.all("li") if element.parent is path]
    assert steps == [
        f"{layer} {state.replace('-', ' ')}" + (" root cause" if layer == "protocol" else "")
        for layer, state in report.layers.items()
    ]


def test_what_the_pages_fetch_did_is_a_table_with_a_row_for_each_operation(tmp_path: Path) -> None:
    document = session(examples.rewritten(), tmp_path)
    text = document.sections["What the page's fetch did"].text
    for expected in (
        "2 operations: 1 answered by the page, 1 changed by the page",
        "Operation The component requested The page sent The backend answered The page returned",
        "threads.list at 301 ms entry 12 answered by the page",
        "none Answered by the page. none Nobody was asked. 200 application/json",
        'different $.type: "threads.create" → absent and 2 more',
        "200 text/event-stream, 9 events the same",
        "4 more operations are in the recording.",
    ):
        assert expected in text
    assert [mark.text for mark in document.all("mark")] == ['$.type: "threads.create" → absent']
    (table,) = [each for each in document.all("table") if each.attributes.get("class") == "operations"]
    rows = [each for each in document.all("th") if each.attributes["scope"] == "row" and _is_in(each, table)]
    assert len(rows) == 2


def _is_in(element: Element, outer: Element) -> bool:
    within = element.parent
    while within is not None and within is not outer:
        within = within.parent
    return within is outer


@pytest.mark.parametrize(
    ("outcome", "own_fetch", "is_open"),
    [
        ("same", True, False),
        ("changed", True, True),
        ("changed", False, True),
        ("not-recorded", True, True),
        ("not-recorded", False, False),
    ],
)
def test_the_table_is_open_where_there_is_something_to_see(
    tmp_path: Path, outcome: str, own_fetch: bool, is_open: bool
) -> None:
    report = examples.rewritten()
    one = report.operations[1].model_copy(update={"outcome": outcome, "own_fetch": own_fetch})
    document = session(report.model_copy(update={"operations": [one]}), tmp_path)
    (details,) = [
        each
        for each in document.all("details")
        if each.inside("section") and each.text.startswith("1 operation:")
    ]
    assert ("open" in details.attributes) == is_open


def test_symptoms_are_told_with_turn_and_time(tmp_path: Path) -> None:
    text = session(examples.attempt_3(), tmp_path).sections["Symptoms: what the user saw"].text
    assert "The sent message was shown and then removed. user-message-vanished turn 1 at 731 ms" in text


def test_a_message_is_shown_with_how_long_it_could_be_seen(tmp_path: Path) -> None:
    text = session(examples.attempt_3(), tmp_path).sections["Messages, and how long each was visible"].text
    assert "user, turn 1 visible for 333 ms (398 ms to 731 ms, then gone) Hello, who are you?" in text


def test_a_message_has_a_bar_where_it_was_on_the_time_axis(tmp_path: Path) -> None:
    (bar,) = session(examples.attempt_3(), tmp_path).all("rect")
    # 398 to 731 ms on an axis that ends with the session at 1,180 ms, in thousandths.
    assert float(bar.attributes["x"]) == pytest.approx(398 / 1180 * 1000, abs=0.01)
    assert float(bar.attributes["width"]) == pytest.approx((731 - 398) / 1180 * 1000, abs=0.01)


def test_a_message_still_there_has_a_bar_to_the_end_of_the_axis(tmp_path: Path) -> None:
    for bar in session(examples.control(), tmp_path).all("rect"):
        assert float(bar.attributes["x"]) + float(bar.attributes["width"]) == pytest.approx(1000, abs=0.02)


def test_a_session_without_messages_says_so(tmp_path: Path) -> None:
    sections = session(examples.broken_off(), tmp_path).sections
    assert "No message was ever shown." in sections["Messages, and how long each was visible"].text


def test_screenshots_are_shown_with_name_reason_and_time(tmp_path: Path) -> None:
    report = examples.attempt_3()
    for shot in report.screenshots:
        examples.picture(tmp_path / shot.file)
    document = session(report, tmp_path)
    assert len([each for each in document.all("img") if each.inside("section")]) == 1 + len(
        report.screenshots
    )
    assert document.all("figcaption")[-2].text == "vanished 745 ms the user's message vanished"


def test_a_message_that_vanished_is_shown_in_the_frame_of_the_film_that_has_it(tmp_path: Path) -> None:
    frames = [
        entry(t, "paint", "paint.frame", file=f"film/{t}.jpg", width=480, height=680) for t in (370, 450)
    ]
    turn = (send(100, "Hi", until=900), state(200, user(1, "Hi")), state(400, view="blank"), box(850))
    judgement = judge(recording(opened(), *turn, *frames), None)
    for t in (370, 450):
        (tmp_path / "film").mkdir(exist_ok=True)
        (tmp_path / f"film/{t}.jpg").write_bytes(b"\xff\xd8\xff" + bytes([t // 10]))
    report = report_of(judgement, {})
    document = Document.read(write_html(report, tmp_path, judgement))
    pictures = [each.attributes["src"] for each in document.all("img") if each.inside("figure")]
    shown = [base64.b64decode(each.partition(",")[2])[-1] for each in pictures]
    assert shown == [37, 45]


def test_the_timeline_has_a_row_for_each_moment(tmp_path: Path) -> None:
    report = examples.attempt_3().model_copy(update={"cause": None, "findings": [], "symptoms": []})
    document = session(report, tmp_path)
    rows = [row for row in document.all("tr") if row.attributes.get("id", "").startswith("entry-")]
    assert len(rows) == len(report.timeline)
    assert rows[-1].text == "1,180 ms page The session ended 80"


def test_a_very_long_timeline_is_cut_and_the_cut_is_told(tmp_path: Path) -> None:
    moments = [MomentModel(t_ms=n, layer="dom", text=f"moment {n}", n=n) for n in range(1, MAX_ROWS + 8)]
    text = (
        session(examples.control().model_copy(update={"timeline": moments}), tmp_path)
        .sections["Timeline"]
        .text
    )
    assert f"moment {MAX_ROWS} " in text
    assert "7 more rows are in report.json." in text


def test_all_findings_are_there_to_be_unfolded(tmp_path: Path) -> None:
    report = examples.attempt_3()
    document = session(report, tmp_path)
    assert "4 audits: 2 failed, 1 passed, 1 not applicable" in [s.text for s in document.all("summary")]
    shown = [cell.text for cell in document.all("th") if cell.inside("details")]
    assert [id_ for id_ in shown if "-" in id_] == ["wrong-dialect", "blank-panel", "history-lost"]
    assert "Passed: stream-cut" in [paragraph.text for paragraph in document.all("p")]


def test_warnings_are_told_apart_from_the_cause(tmp_path: Path) -> None:
    text = session(examples.attempt_3(), tmp_path).sections["Also found"].text
    assert "threads-list-invalid warning: it caused no symptom" in text


@pytest.mark.parametrize("fact", ["AbCdEf1234", "chromium", "156.0.1", "http://localhost:41002/chatkit"])
def test_runtime_browser_and_target_are_named(tmp_path: Path, fact: str) -> None:
    assert fact in session(examples.attempt_3(), tmp_path).sections["What it ran with"].text


def test_the_files_are_linked_and_the_trace_comes_with_its_command(tmp_path: Path) -> None:
    document = session(examples.attempt_3(), tmp_path)
    assert {"trace.zip", "recording.ndjson", "report.json"} <= set(document.links)
    assert "playwright show-trace trace.zip" in [each.text for each in document.all("pre")]


def test_an_artifact_that_was_not_made_is_not_linked(tmp_path: Path) -> None:
    assert "trace.zip" not in session(examples.broken_off(), tmp_path).links


def test_an_inconclusive_session_says_why_and_names_no_cause(tmp_path: Path) -> None:
    document = session(examples.broken_off(), tmp_path)
    assert "the recording has no footer: the run broke off" in document.one("header").text
    assert (
        document.sections["Cause"].text == "Cause No cause is given because the check could not be completed."
    )


def test_a_good_session_has_nothing_to_explain(tmp_path: Path) -> None:
    text = session(examples.control(), tmp_path).sections["Cause"].text
    assert text == "Cause There is nothing to explain: no symptom was seen."


def test_drift_stands_beside_the_verdict(tmp_path: Path) -> None:
    header = session(examples.drifted(), tmp_path).one("header").text
    assert "This is not what the scenario expects: The verdict is pass, expected was fail." in header


def test_the_reference_runtime_is_named_in_plain_sight(tmp_path: Path) -> None:
    report = examples.attempt_3().model_copy(update={"runtime": examples.REFERENCE})
    assert REFERENCE_NOTICE in session(report, tmp_path).one("header").text


def test_what_was_only_simulated_says_so_in_plain_sight(tmp_path: Path) -> None:
    target = {"kind": "har", "notes": ["<b>no</b> times"]}
    report = examples.attempt_3().model_copy(update={"runtime": {"name": "model"}, "target": target})
    header = session(report, tmp_path).one("header").text
    assert SIMULATED_NOTICE in header
    assert "Note: <b>no</b> times" in header
    assert "Symptoms: what the user would see" in session(report, tmp_path).one("html").text


def test_the_real_component_gets_no_such_notice(tmp_path: Path) -> None:
    assert REFERENCE_NOTICE not in session(examples.attempt_3(), tmp_path).one("html").text


def test_a_session_of_a_run_links_back_to_the_overview(tmp_path: Path) -> None:
    nested = {"artifacts": {"folder": "seed/attempt-3"}}
    document = session(examples.attempt_3().model_copy(update=nested), tmp_path)
    assert document.all("nav")[0].text == "All scenarios of this run"
    assert "../../index.html" in document.links


def test_a_session_of_its_own_links_to_no_overview(tmp_path: Path) -> None:
    names = [nav.attributes["aria-label"] for nav in session(examples.checked(), tmp_path).all("nav")]
    assert names == ["Contents"]


# The overview of a run


def test_the_overview_links_to_each_session_where_it_lies(tmp_path: Path) -> None:
    run = examples.run()
    for report in run.scenarios:
        write_html(report, tmp_path / report.artifacts["folder"])
    document = Document.read(write_run_html(run, tmp_path))
    assert len(document.links) == len(run.scenarios)
    assert all((tmp_path / link).is_file() for link in document.links)


def test_the_overview_has_a_row_for_each_scenario(tmp_path: Path) -> None:
    run = examples.run()
    document = Document.read(write_run_html(run, tmp_path))
    rows = [row.text for row in document.all("tr")][1:]
    assert len(rows) == len(run.scenarios)
    assert rows[2] == "control/first-turn A new thread with a streamed reply as expected pass 904 ms"
    assert rows[3] == (
        "seed/attempt-3 Responses API events in place of ChatKit's as expected "
        "fail: wrong-dialect (responses); blank-panel, user-message-vanished 1,193 ms"
    )


def test_the_overview_says_how_a_scenario_drifted(tmp_path: Path) -> None:
    document = Document.read(write_run_html(examples.run(), tmp_path))
    row = next(row.text for row in document.all("tr") if "transport/event-names" in row.text)
    assert "drifted" in row
    assert "The symptom reply-missing was expected and not seen." in row


def test_the_overview_of_what_expects_nothing_shows_the_verdicts(tmp_path: Path) -> None:
    run = examples.run(examples.own("pass"), examples.own("fail"))
    document = Document.read(write_run_html(run, tmp_path))
    rows = [row.text for row in document.all("tr")][1:]
    assert [row.split(": ")[0].split(" ", 1)[0] for row in rows] == ["mine/fail", "mine/pass"]
    assert rows[1].endswith("passed pass 904 ms")
    assert " failed fail: " in rows[0]
    assert document.one("header").text.startswith("fail Run of 2 scenarios 1 passed, 1 failed")
    assert "expected" not in document.one("main").text


def test_the_overview_begins_with_the_verdict_and_the_totals(tmp_path: Path) -> None:
    header = Document.read(write_run_html(examples.run(), tmp_path)).one("header").text
    assert header.startswith("fail Run of 4 scenarios 2 as expected, 1 drifted, 1 inconclusive")


def test_the_overview_of_a_run_on_the_reference_says_so(tmp_path: Path) -> None:
    run = examples.run().model_copy(update={"runtime": examples.REFERENCE})
    assert REFERENCE_NOTICE in Document.read(write_run_html(run, tmp_path)).one("header").text


# For everybody


@pytest.mark.parametrize("example", EXAMPLES)
def test_headings_leave_out_no_level(tmp_path: Path, example: Callable[[], ReportModel]) -> None:
    levels = [int(heading.tag[1]) for heading in session(example(), tmp_path).all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(1 < after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("example", EXAMPLES)
def test_ids_are_unique_and_every_link_inside_leads_somewhere(
    tmp_path: Path, example: Callable[[], ReportModel]
) -> None:
    document = session(example(), tmp_path)
    ids = [element.attributes["id"] for element in document.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in document.links if link.startswith("#")} <= set(ids)


def test_an_entry_with_two_rows_in_the_timeline_is_linked_once(tmp_path: Path) -> None:
    twice = [MomentModel(t_ms=1.0, layer="dom", text=text, n=52) for text in ("one", "two")]
    document = session(examples.attempt_3().model_copy(update={"timeline": twice}), tmp_path)
    assert len([e for e in document.elements if e.attributes.get("id") == "entry-52"]) == 1


def test_pictures_tables_and_drawings_are_described(tmp_path: Path) -> None:
    document = session(examples.attempt_3(), tmp_path)
    assert document.one("html").attributes["lang"] == "en"
    assert all(image.attributes["alt"] for image in document.all("img"))
    assert all(cell.attributes.get("scope") for cell in document.all("th"))
    assert all(drawing.attributes.get("aria-hidden") == "true" for drawing in document.all("svg"))


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "link", "good", "bad", "unsure"])
@pytest.mark.parametrize("paper", ["paper", "raised"])
def test_text_can_be_read_on_its_ground(scheme: int, ink: str, paper: str) -> None:
    css = "".join((static_dir() / "report" / name).read_text(encoding="utf-8") for name in STYLES)
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme]))
    lighter, darker = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)
    # WCAG 2.2, criterion 1.4.3 (level AA).
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


# Hostile text


def test_no_text_becomes_an_element_or_a_handler(tmp_path: Path) -> None:
    ordinary = (examples.attempt_3(), examples.rewritten())
    tame = {element.tag for report in ordinary for element in session(report, tmp_path).elements}
    tame |= {"ul", "strong", "p"}
    document = session(examples.hostile(), tmp_path)
    assert {element.tag for element in document.elements} <= tame
    assert not [name for e in document.elements for name in e.attributes if name.startswith("on")]


def test_hostile_text_is_shown_as_it_is(tmp_path: Path) -> None:
    shown = " ".join(printable(examples.HOSTILE).split())
    assert shown in session(examples.hostile(), tmp_path).sections["Cause"].text


def test_no_link_leads_out_of_the_reports_folder(tmp_path: Path) -> None:
    links = session(examples.hostile(), tmp_path).links
    assert links
    assert not [link for link in links if re.match(r"[a-z][a-z0-9+.-]*:|/|\.\.", link, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("screenshots/end.png", "screenshots/end.png"),
        ("./trace.zip", "trace.zip"),
        ("a b/100%.png", "a%20b/100%25.png"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("https://evil.example/x", "https%3A/evil.example/x"),
        ("a?b#c", "a%3Fb%23c"),
        ("../secret", None),
        ("a/../../secret", None),
        ("/etc/passwd", None),
        ("//evil.example/x", None),
        ("\\\\evil\\x", None),
        ("", None),
    ],
)
def test_a_path_is_a_link_only_inside_the_folder(path: str, href: str | None) -> None:
    assert local_href(path) == href


def test_the_document_needs_nothing_but_itself(tmp_path: Path) -> None:
    document = session(examples.attempt_3(), tmp_path)
    assert document.all("link", "iframe", "object", "base") == []
    assert not [script for script in document.all("script") if "src" in script.attributes]
    assert not re.search(r"url\(|@import", document.one("style").text)


# In a browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 400, "height": 800}) as context:
        yield context.new_page()


@pytest.mark.browser
def test_nothing_hostile_runs_or_is_loaded(tmp_path: Path, page: Page) -> None:
    asked: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    path = write_html(examples.hostile(), tmp_path)
    page.goto(path.as_uri())
    assert dialogs == []
    own = {(static_dir() / "report" / name).read_text(encoding="utf-8") for name in SCRIPTS}
    assert set(page.locator("script").all_text_contents()) == own
    assert [url for url in asked if not url.startswith(tmp_path.as_uri())] == []


@pytest.mark.browser
def test_the_policy_lets_no_other_script_run_even_if_one_got_in(tmp_path: Path, page: Page) -> None:
    path = write_html(examples.control(), tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("</main>", "<script>document.title = 'ran'</script></main>"), encoding="utf-8"
    )
    page.goto(path.as_uri())
    assert page.title() == "pass: control/first-turn"


@pytest.mark.browser
def test_the_policy_lets_style_and_screenshots_through(tmp_path: Path, page: Page) -> None:
    report = examples.attempt_3()
    for shot in report.screenshots:
        examples.picture(tmp_path / shot.file)
    page.goto(write_html(report, tmp_path).as_uri())
    assert page.locator(".top").evaluate("e => getComputedStyle(e).borderLeftWidth") == "8px"
    assert page.locator("img").evaluate_all("all => all.map(e => e.naturalWidth)") == [40] * 4


@pytest.mark.browser
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_document_fits_a_narrow_screen(
    tmp_path: Path, page: Page, example: Callable[[], ReportModel]
) -> None:
    page.goto(write_html(example(), tmp_path).as_uri())
    page.locator("details").evaluate_all("all => all.forEach(e => { e.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_what_the_page_is_made_with_is_told_where_it_is_known(tmp_path: Path) -> None:
    report = examples.control().model_copy(update={"versions": {"next": "15.2.4"}})
    assert "Page next 15.2.4" in session(report, tmp_path / "a").sections["What it ran with"].text
    assert "Page" not in session(examples.control(), tmp_path / "b").sections["What it ran with"].text
