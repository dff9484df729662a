"""The conversation in a browser: zoomed, filtered and picked from, with the mouse and with the keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.remedies import remedies_of
from chatkit_doctor.recording.entries import WireChunk
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.report.build import report_of
from chatkit_doctor.report.html import write_html
from tests.recordings import entry, opened, recording, send, state, stream, user
from tests.report import examples
from tests.report.accessibility import violations

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.pwned=1"></script><script>window.pwned=1</script>\u202e'
MOST_EVENTS = 20_000


def _foreign(said: str = "there.") -> Recording:
    """A turn answered in the events of another protocol: the message is dropped at the end."""
    events: list[tuple[float, dict[str, Any]]] = [
        (17, {"type": "response.created", "response": {"id": "resp"}}),
        (20, {"type": "response.output_text.delta", "item_id": "m", "delta": "Hi "}),
        (30, {"type": "response.output_text.delta", "item_id": "m", "delta": said}),
        (40, {"type": "response.completed", "response": {"id": "resp"}}),
    ]
    line = {"level": "error", "where": "page", "noise": False, "text": f"It broke: {said}"}
    return recording(
        opened(),
        send(100.0, f"Hello {said}", until=900.0),
        stream(120.0, events),
        state(140.0, user(1, f"Hello {said}"), responding=True),
        [entry(200.0 + n, "component", "component.console", **line) for n in range(3)],
        state(400.0, view="start"),
    )


def _long() -> Recording:
    update = {"type": "thread.item.updated", "item_id": "a1"}
    part = {"type": "assistant_message.content_part.text_delta", "content_index": 0}
    deltas = [
        (10.0 + n / 10, {**update, "update": {**part, "delta": f"word {n} "}}) for n in range(MOST_EVENTS)
    ]
    return recording(
        opened(), send(100.0, "Hello", until=3_000.0), stream(120.0, deltas), state(140.0, user(1, "Hello"))
    )


def _written(made: Recording, folder: Path, *, of: Recording | None = None) -> str:
    """The document of a recording, with the diagnosis of another one where it has none of its own."""
    judged = made if of is None else of
    diagnosis = diagnose(judged, examine(judged))
    judgement = Judgement(made, diagnosis, None, remedies=remedies_of(judged, diagnosis))
    return write_html(report_of(judgement, {}), folder, judgement).as_uri()


@pytest.fixture(scope="module")
def shared(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _written(_foreign(), tmp_path_factory.mktemp("foreign"))


@pytest.fixture
def page(shared: Page, document: str) -> Page:
    return _opened(shared, document)


def _opened(page: Page, url: str) -> Page:
    page.goto("about:blank")
    page.goto(url)
    page.locator("conversation-view").scroll_into_view_if_needed()
    expect(page.locator("conversation-view[data-ready]")).to_be_attached()
    expect(page.locator(".mark").first).to_be_visible()
    return page


def _lane(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True).locator(".mark")


def _status(page: Page) -> Locator:
    return page.locator("time-lanes").get_by_role("status")


def _rows(page: Page) -> Locator:
    return page.locator("event-stream .raw-row.pair")


# The time axis


def test_a_message_has_a_bar_where_it_was_on_screen(page: Page) -> None:
    bar, track = _lane(page, "Messages").bounding_box(), page.locator("lane-track").last.bounding_box()
    assert bar is not None
    assert track is not None
    # It was there from 140 to 400 ms; the axis ends with the step, at 900.01.
    assert (bar["x"] - track["x"]) / track["width"] == pytest.approx(140 / 900, abs=0.01)
    assert bar["width"] / track["width"] == pytest.approx(260 / 900, abs=0.01)


def test_zooming_takes_marks_apart(page: Page) -> None:
    # Of four events two came within 3 ms: on the whole session's axis they share a button.
    expect(_lane(page, "Events")).to_have_count(3)
    _lane(page, "Events").first.focus()
    for _ in range(3):
        page.keyboard.press("+")
    expect(_lane(page, "Events")).to_have_count(4)
    page.get_by_role("button", name="All", exact=True).click()
    expect(_lane(page, "Events")).to_have_count(3)
    page.get_by_role("button", name="Turn 1", exact=True).click()
    expect(_status(page)).to_contain_text("100 to 900 ms")


def test_the_wheel_zooms_with_a_key_and_scrolls_the_page_without(page: Page) -> None:
    _lane(page, "Messages").hover()
    whole = _status(page).inner_text()
    page.mouse.wheel(0, 10)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert _status(page).inner_text() == whole
    page.keyboard.down("Alt")
    page.mouse.wheel(0, -10)
    page.keyboard.up("Alt")
    expect(_status(page)).not_to_have_text(whole)


def test_marks_that_share_a_button_are_zoomed_to_by_it(page: Page) -> None:
    shared = page.locator(".mark.several").first
    whole = _status(page).inner_text()
    shared.click()
    expect(_status(page)).not_to_have_text(whole)


@pytest.mark.parametrize("by", ["hover", "focus"])
def test_what_a_mark_stands_for_is_told_where_it_is_pointed_at(page: Page, by: str) -> None:
    mark = _lane(page, "Messages")
    mark.hover() if by == "hover" else mark.focus()
    expect(page.locator("mark-tip")).to_have_text("140 ms to 400 ms: user: Hello there. (260 ms, then gone)")


def test_a_click_shows_the_entry_as_it_stands_in_the_journal(page: Page) -> None:
    _lane(page, "Messages").click()
    panel = page.get_by_role("region", name="The entry that was picked")
    shown = json.loads(panel.locator("pre").last.inner_text())
    assert (shown["t"], shown["data"]["kind"]) == (140.0, "dom.state")
    panel.get_by_role("link", name="user-message-vanished").click()
    expect(page.locator("#finding-user-message-vanished")).to_be_in_viewport()


def test_the_keyboard_reaches_every_mark(page: Page) -> None:
    names = "all => all.map(each => each.getAttribute('aria-label'))"
    every = set(page.eval_on_selector_all(".mark", names))
    page.locator(".mark[tabindex='0']").focus()
    reached = set()
    name = "document.activeElement.getAttribute('aria-label')"
    for _ in range(page.locator(".lane").count()):
        page.keyboard.press("Home")
        while True:
            here = page.evaluate(name)
            reached.add(here)
            page.keyboard.press("ArrowRight")
            if page.evaluate(name) == here:
                break
        page.keyboard.press("ArrowDown")
    assert reached == every


def test_escape_closes_what_was_picked_and_goes_back_to_the_mark(page: Page) -> None:
    _lane(page, "Messages").focus()
    page.keyboard.press("Enter")
    panel = page.locator("entry-panel")
    expect(panel).to_be_visible()
    panel.get_by_role("button", name="Close").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert "Hello there." in page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_a_lane_that_is_not_wanted_is_not_shown(page: Page) -> None:
    page.get_by_label("Messages", exact=True).and_(page.locator("input")).uncheck()
    expect(_lane(page, "Messages")).to_have_count(0)
    expect(_lane(page, "Requests")).not_to_have_count(0)


def test_marks_are_filtered_by_their_text(page: Page) -> None:
    page.get_by_label("Only marks with").fill("HELLO")
    expect(_lane(page, "Events")).to_have_count(0)
    expect(_lane(page, "Messages")).to_have_count(1)


def test_equal_errors_of_the_console_are_one_mark(page: Page) -> None:
    mark = _lane(page, "Component").and_(page.locator("[aria-label*='It broke']"))
    expect(mark).to_have_count(1)
    expect(mark).to_have_attribute("aria-label", "200 ms: error: It broke: there. (×3, until 202 ms)")


LATER = """late => {
  const lanes = ["actions", "requests", "bytes", "events", "component", "screen", "messages"];
  const axis = {
    end: 1800,
    lanes: lanes.map((id) => ({ id, name: id, layer: "dom", left_out: 0 })),
    marks: [late],
    turns: [{ name: "Turn 9", t: 1000, until: 1800 }],
  };
  document.querySelector("time-lanes").show(axis);
}"""


def test_what_has_come_since_takes_the_place_of_what_was_there(page: Page) -> None:
    late = [6, 1200, 1500, 0, "assistant: Late", "assistant", 0]
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.evaluate(LATER, late)
    expect(_lane(page, "Messages")).to_have_count(1)
    # All was looked at, and still is.
    expect(_status(page)).to_contain_text("0 to 1,800 ms")
    page.get_by_role("button", name="Zoom in").click()
    expect(_status(page)).not_to_contain_text("0 to 1,800 ms")
    looked_at = _status(page).text_content()
    page.evaluate(LATER, late)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert _status(page).text_content() == looked_at


def test_a_picture_of_the_film_stands_where_it_was_on_screen(shared: Page, tmp_path: Path) -> None:
    examples.picture(tmp_path / "film" / "001.png")
    frame = {"file": "film/001.png", "width": 480, "height": 680}
    made = recording(
        opened(),
        send(100.0, "Hello", until=900.0),
        state(140.0, user(1, "Hello")),
        entry(300.0, "paint", "paint.frame", **frame),
        state(400.0, view="start"),
    )
    page = _opened(shared, _written(made, tmp_path))
    expect(page.locator(".film img")).to_have_attribute("alt", "The page: the message “Hello”")
    mark = _lane(page, "On screen")
    expect(mark).to_have_attribute("aria-label", "140 ms to 400 ms: the message “Hello”")
    assert mark.locator("img").evaluate("image => image.naturalWidth") == 40


# The raw stream


def test_events_stand_beside_what_should_have_been_sent(page: Page) -> None:
    told = [row.inner_text().split("\n") for row in _rows(page).all()]
    first, *_ = told
    assert (first[0], first[1]) == ("add", "add")
    states = page.locator("event-stream .raw-state").all_inner_texts()
    assert states == [
        "add",
        "add",
        "leave out wrong-dialect",
        "replace by wrong-dialect",
        "and",
        "and",
        "replace by wrong-dialect",
        "and",
        "and",
        "leave out wrong-dialect",
    ]


def test_only_what_is_not_as_it_should_be(page: Page) -> None:
    page.get_by_label("Only events with").fill("there.")
    expect(_rows(page)).to_have_count(3)


def test_an_event_that_is_picked_is_shown_with_its_correction(page: Page) -> None:
    page.locator("event-stream .raw-row.other button").first.click()
    panel = page.locator("entry-panel")
    expect(panel).to_contain_text("Should have been sent")
    assert json.loads(panel.locator("pre").first.inner_text())["delta"] == "Hi "


def test_a_link_to_an_entry_leads_to_its_mark(shared: Page, document: str) -> None:
    n = _foreign().of(WireChunk)[0].n
    shared.goto("about:blank")
    shared.goto(f"{document}#entry-{n}")
    expect(shared.locator("entry-panel")).to_contain_text(f"Entry {n}:")
    expect(shared.locator("time-lanes")).to_be_in_viewport()


# Whatever stands in it, whoever reads it


def test_nothing_stands_in_the_way_of_anybody(page: Page) -> None:
    _lane(page, "Messages").click()
    expect(page.locator("entry-panel")).to_be_visible()
    found = violations(page, {})
    page.emulate_media(color_scheme="dark")
    found += violations(page, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    assert found == []


def test_nothing_foreign_becomes_markup(shared: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    note = lambda request: asked.append(request.url)  # noqa: E731 - it must be taken off again
    shared.on("request", note)
    page = _opened(shared, _written(_foreign(HOSTILE), tmp_path))
    for mark in ("Messages", "Events"):
        _lane(page, mark).first.click()
    page.locator("event-stream .raw-row button").first.click()
    shared.remove_listener("request", note)
    assert page.evaluate("window.pwned") is None
    assert page.locator("conversation-view img, conversation-view script:not([data-part])").count() == 0
    assert [url for url in asked if url.startswith("http")] == []
    assert "\u202e" not in page.locator("body").inner_text()


def test_twenty_thousand_events_are_there_at_once(shared: Page, tmp_path: Path) -> None:
    url = _written(_long(), tmp_path, of=_foreign())
    assert (tmp_path / "index.html").stat().st_size < 2_000_000
    session = shared.context.new_cdp_session(shared)
    # What the page itself worked, however busy the machine is.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page = _opened(shared, url)
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    assert metrics["TaskDuration"] < 1.5
    expect(page.locator("event-stream").get_by_role("status")).to_contain_text("20,000 of 20,000 events")
    assert page.locator(".mark").count() < 3_000
    page.get_by_role("button", name="unfold").click()
    page.locator(".raw-rows").focus()
    page.keyboard.press("End")
    expect(page.locator("event-stream")).to_contain_text(f"word {MOST_EVENTS - 1} ")
    assert page.locator(".raw-row").count() < 100
