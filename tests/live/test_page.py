"""The live page in a browser: it follows what comes, keeps it, and takes orders from nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.events import Progressed, RunFinished, RunStarted, SessionRef
from chatkit_doctor.live.page import LivePage
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.runtime.choose import choose
from tests.recordings import opened, recording, send, state, stream, user
from tests.report.accessibility import violations
from tests.sessions import attempt, good_conversation

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.pwned=1"></script><script>window.pwned=1</script>'


class Live:
    """A live page, what its session is told to do, and what it is told of."""

    def __init__(self, folder: Path) -> None:
        self.ended = 0
        self.folder = folder
        self._ref = SessionRef(0, "serve", folder)
        self.page = LivePage("A session", self._end)
        self.page.start()
        self.page.on_event(RunStarted("serve", folder, (self._ref,), choose("reference"), 1))

    def _end(self) -> None:
        self.ended += 1

    def tell(self, made: Recording) -> None:
        """More has come: this is all of it."""
        self.page.on_event(Progressed(self._ref, lambda: made))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    live = Live(tmp_path / "session")
    live.folder.mkdir()
    yield live
    live.page.close()


@pytest.fixture
def page(chromium: Browser, live: Live) -> Iterator[Page]:
    expect.set_options(timeout=30_000)  # What judges is loaded when there is something to be judged.
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(live.page.url)
        yield page
    expect.set_options(timeout=5_000)


def _state(page: Page) -> Locator:
    return page.locator("[data-place=state]")


def _answer(page: Page) -> Locator:
    return page.locator("[data-place=answer]")


def _turn_under_way(said: str = "Hello") -> Recording:
    return recording(
        opened(),
        send(100.0, said, until=None),
        stream(120.0, [(17, {"type": "response.created", "response": {"id": said}})]),
        state(140.0, user(1, said), responding=True),
    )


def test_nothing_is_answered_while_a_turn_is_under_way_and_then_why_it_failed(live: Live, page: Page) -> None:
    live.tell(_turn_under_way())
    expect(_state(page)).to_have_text("Turn 1 is in progress")
    expect(_answer(page)).to_have_text("Nothing has been sent yet.")
    live.tell(attempt("responses"))
    expect(_state(page)).to_contain_text("1 turn so far")
    expect(_answer(page)).to_contain_text("user-message-vanished")
    expect(_answer(page)).to_contain_text("wrong-dialect")
    expect(_answer(page)).to_contain_text("FIX: ")


def test_that_it_is_not_the_real_component_stands_in_plain_sight(page: Page) -> None:
    expect(page.get_by_text("The real ChatKit component was not used.")).to_be_visible()


def test_what_went_well_is_said_to(live: Live, page: Page) -> None:
    live.tell(good_conversation())
    expect(_answer(page)).to_have_text("Nothing that was looked for went wrong.")
    expect(page.locator("time-lanes .mark").first).to_be_visible()
    expect(page.locator("event-stream .raw-row").first).to_be_visible()


def test_what_is_looked_at_stays_when_more_comes(live: Live, page: Page) -> None:
    status = page.locator("time-lanes").get_by_role("status")
    live.tell(_turn_under_way())
    expect(status).to_be_visible()
    for _ in range(2):
        before = status.inner_text()
        page.get_by_role("button", name="Zoom in").click()
        expect(status).not_to_have_text(before)
    looked_at = status.inner_text().partition(":")[0]
    page.locator("event-stream").get_by_role("searchbox").fill("created")
    live.tell(attempt("responses"))
    expect(_state(page)).to_contain_text("1 turn so far")
    expect(status).to_contain_text(looked_at)
    expect(page.locator("event-stream").get_by_role("searchbox")).to_have_value("created")
    page.get_by_role("button", name="All", exact=True).click()
    live.tell(good_conversation())
    expect(page.get_by_role("button", name="Turn 2", exact=True)).to_be_visible()
    # Its last turn is over then.
    expect(status).to_contain_text("0 to 3,100 ms")


def test_a_page_that_is_loaded_anew_shows_all_there_was(live: Live, page: Page) -> None:
    live.tell(attempt("responses"))
    expect(_answer(page)).to_contain_text("wrong-dialect")
    page.reload()
    expect(_answer(page)).to_contain_text("wrong-dialect")
    expect(page.locator("time-lanes .mark").first).to_be_visible()


def test_what_is_kept_is_a_recording_with_the_same_answer(live: Live, page: Page) -> None:
    made = attempt("responses")
    live.tell(made)
    expect(_answer(page)).to_contain_text("wrong-dialect")
    for number in (1, 2):
        page.get_by_role("button", name="Save a recording").click()
        expect(page.locator("[data-place=done]")).to_have_text(f"Saved to {live.folder / f'kept-{number}'}")
    kept, before = load(live.folder / "kept-1"), diagnose(made, examine(made))
    after = diagnose(kept, examine(kept))
    assert kept.finished
    assert (after.verdict, after.cause and after.cause.id) == (
        before.verdict,
        before.cause and before.cause.id,
    )
    assert [s.id for s in after.symptoms] == [s.id for s in before.symptoms]


def test_a_folder_that_cannot_be_written_is_named(live: Live, page: Page) -> None:
    live.tell(attempt("responses"))
    expect(_answer(page)).to_contain_text("wrong-dialect")
    (live.folder / "kept-1").write_text("in the way")
    page.get_by_role("button", name="Save a recording").click()
    expect(page.locator("[data-place=done]")).to_contain_text(f"Not saved: cannot write it to {live.folder}")


def test_the_session_is_ended_from_the_page(live: Live, page: Page) -> None:
    with page.expect_response("**/end"):
        page.get_by_role("button", name="End the session").click()
    assert live.ended == 1
    live.page.on_event(RunFinished(1.0, interrupted=False))
    live.page.close()
    expect(_state(page)).to_have_text("The session is over. What it has shown stays here.")
    expect(page.get_by_role("button", name="End the session")).to_be_disabled()


@pytest.mark.parametrize("origin", [{}, {"origin": "http://localhost:1"}, {"origin": "null"}])
@pytest.mark.parametrize("order", ["end", "keep"])
def test_who_is_not_the_page_gives_no_orders(live: Live, order: str, origin: dict[str, str]) -> None:
    live.tell(attempt("responses"))
    assert httpx.post(f"{live.page.url}{order}", headers=origin).status_code == 403
    assert (live.ended, list(live.folder.iterdir())) == (0, [])


def test_who_comes_by_another_name_sees_nothing(live: Live) -> None:
    answer = httpx.get(live.page.url, headers={"host": "rebound.test"})
    assert answer.status_code == 421


def test_foreign_text_does_nothing(live: Live, page: Page) -> None:
    live.tell(_turn_under_way(HOSTILE))
    expect(page.locator("lane-track .mark").first).to_be_visible()
    expect(_state(page)).to_have_text("Turn 1 is in progress")
    assert page.evaluate("window.pwned") is None
    assert json.dumps(HOSTILE) in page.locator("event-stream").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_for_everybody(live: Live, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    live.tell(attempt("responses"))
    expect(_answer(page)).to_contain_text("wrong-dialect")
    assert violations(page, {}) == []
