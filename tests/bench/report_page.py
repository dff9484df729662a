"""What the document of a run costs: 200 sessions, one of them of 20,000 events, written, opened and scrolled.

Opening is measured in wall time, which is longer on a busy machine; scrolling in what the page's own thread
works, which is not. Run with ``make bench``.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import msgspec
from playwright.sync_api import Page, sync_playwright

from chatkit_doctor.browser.find import find
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.pipeline import judge, with_remedies
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.report.build import build_run, report_of
from chatkit_doctor.report.html import write_html, write_run_html
from chatkit_doctor.report.model import ReportModel, ScreenshotModel
from chatkit_doctor.report.suite_page import FoldedReports
from tests.bench.diagnosis import faulty, recorded
from tests.report import examples
from tests.sessions import attempt, good_conversation

SESSIONS: Final = 200
EVENTS: Final = 20_000
OPEN_S: Final = 1.5
"""How long it may take until the list is there and answers."""
UNFOLD_S: Final = 1.5
"""How long it may take until the report of the longest session is there."""
MOST_BYTES: Final = 5_000_000
FRAME_MS: Final = 16.7
"""How long the page's own thread may work for a frame on average while it is scrolled: 60 a second."""
PICTURE_BYTES: Final = 25_000

_SCROLL: Final = """async () => {
  let frames = 0;
  for (let y = 0; y < document.documentElement.scrollHeight && y < 60000; y += 100, frames++) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  return frames;
}"""


def judged(recording: Recording) -> Judgement:
    return with_remedies(judge(recording, None))


def named(judgement: Judgement, name: str) -> Judgement:
    header = msgspec.structs.replace(judgement.recording.header, name=name, title=f"The scenario {name}")
    return dataclasses.replace(judgement, recording=dataclasses.replace(judgement.recording, header=header))


def write(folder: Path) -> Path:
    """A run as it comes: each session told of once, with two pictures."""
    kinds = [judged(attempt(kind)) for kind in ("responses", "assistants", "chatkit-invented")]
    kinds += [judged(good_conversation())] * 3
    kept, reports = FoldedReports(), []
    for number in range(SESSIONS):
        name = f"some/scenario-{number}"
        source = judged(recorded(faulty(EVENTS))) if number == 0 else kinds[number % len(kinds)]
        judgement = named(source, name)
        report = _with_pictures(report_of(judgement, {"folder": name}), folder / name)
        reports.append(report)
        write_html(report, folder / name, judgement, kept)
    return write_run_html(build_run(reports, duration_ms=1.0), folder, kept)


def _with_pictures(report: ReportModel, folder: Path) -> ReportModel:
    shots = [ScreenshotModel(name=n, why="", t_ms=1.0, file=f"screenshots/{n}.png") for n in ("start", "end")]
    for shot in shots:
        path = folder / shot.file
        examples.picture(path)
        # What follows the end of a picture is not looked at; noise cannot be compressed.
        path.write_bytes(path.read_bytes() + os.urandom(PICTURE_BYTES))
    return report.model_copy(update={"screenshots": shots})


def opened(page: Page, address: str) -> float:
    """Seconds until the list is there and its filter works."""
    begin = time.perf_counter()
    page.goto(address)
    page.locator("form.filter output").filter(has_text=f"{SESSIONS} of {SESSIONS}").wait_for()
    return time.perf_counter() - begin


def unfolded(page: Page, name: str) -> float:
    """Seconds from the click on a session until its report is there."""
    page.goto(f"{page.url.partition('#')[0]}#")
    page.locator("#overview").wait_for()
    begin = time.perf_counter()
    page.get_by_role("link", name=name, exact=True).click()
    page.locator("#detail [data-session]").wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - begin


def scrolled(page: Page) -> float:
    """How long the page's thread works for a frame (ms), while it is scrolled to its end."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = cdp.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")

    before = worked()
    frames: int = page.evaluate(_SCROLL)
    took = worked() - before
    cdp.detach()
    return took / frames * 1000


def main() -> int:
    """Measure, print, and return 1 where something takes too long or is too large."""
    browser_at = find()
    if browser_at is None:
        print("no browser on this machine", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        begin = time.process_time()
        path = write(Path(place))
        print(f"written in {time.process_time() - begin:.1f} s of CPU, with {SESSIONS} judgements told")
        browser = playwright.chromium.launch(executable_path=browser_at.executable)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        opens = min(opened(page, path.as_uri()) for _ in range(3))
        list_frame = scrolled(page)
        unfolds = min(unfolded(page, "some/scenario-0") for _ in range(3))
        detail_frame = scrolled(page)
        browser.close()
        size = path.stat().st_size
    measured = (
        ("size of the document", size / 1e6, MOST_BYTES / 1e6, "MB"),
        ("opened", opens, OPEN_S, "s"),
        (f"report of {EVENTS:,} events unfolded", unfolds, UNFOLD_S, "s"),
        ("work for a frame, list scrolled", list_frame, FRAME_MS, "ms"),
        ("work for a frame, report scrolled", detail_frame, FRAME_MS, "ms"),
    )
    for what, value, limit, unit in measured:
        print(f"{what:40} {value:8.2f} {unit:2} (at most {limit:g})")
    return int(any(value > limit for _, value, limit, _ in measured))


if __name__ == "__main__":
    sys.exit(main())
