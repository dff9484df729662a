"""What watching costs: a warm scenario with everything gathered, beside a bare script that captures nothing.

Both use the same browser, the same warm cache and the same host page, and do the same steps: open, type,
Enter, wait for the whole reply. What the film costs is measured with it and without it, in turn, so that
what else the machine does weighs on both. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import expect

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.session import SessionOptions, record
from chatkit_doctor.browser.warm import WarmBrowsers, WarmProfile
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.runtime.server import RuntimeServer
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Send

STREAM_MS = 400
MESSAGE = "Hello there"
REPLY = "A reply of some words that takes its time to arrive, as replies do."


def scenario() -> NamedScenario:
    """The control with a stream of 0.4 s."""
    backend = SdkBackend(reply=REPLY, stream_ms=STREAM_MS)
    built = Scenario(title="bench", backend=backend, steps=[Send(text=MESSAGE)])
    return NamedScenario("bench", Path(), built)


async def bare(browser: WarmBrowsers, host: Host) -> None:
    """The same steps as a plain Playwright script would do them."""
    async with browser.tab() as tab:
        page = tab.page
        with host.site(scenario().scenario, LOADER_URL) as site:
            await page.goto(host.url(site), wait_until="commit")
            frame = page.frame_locator("openai-chatkit iframe")
            composer = frame.locator('[data-composer-root] [role="textbox"]')
            await composer.press_sequentially(MESSAGE)
            await composer.press("Enter")
            await expect(frame.locator('[data-thread-item="assistant-message"]')).to_have_text(REPLY)


async def turns(browser: WarmBrowsers, host: Host, folder: Path, runs: int) -> dict[bool, list[float]]:
    """How long the turn itself took (s) with a film (True) and without one, in turn."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for run in range(runs):
        for film in (True, False) if run % 2 else (False, True):
            place = folder / f"{run}-{film}"
            await record(scenario(), place, browser, host, SessionOptions(film=film))
            (turn,) = timeline(load(place)).turns
            found[film].append((turn.closed_ms - turn.begin_ms) / 1000)
    return found


async def measure(what: Callable[[], Awaitable[None]], runs: int) -> list[float]:
    """Wall time of each run in seconds, after one that warms the cache."""
    await what()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        await what()
        times.append(time.perf_counter() - begun)
    return times


async def main(runtime_name: str | None, runs: int) -> None:
    """Measure both and print the ratio."""
    runtime = choose(runtime_name)
    print(f"Runtime: {runtime.why}")
    with tempfile.TemporaryDirectory() as folder, RuntimeServer(runtime) as server, Host() as host:
        choice, count = choose_browser(), iter(range(10_000))
        async with WarmProfile(choice).open(server.started) as browser:

            async def watched() -> None:
                await record(scenario(), Path(folder) / str(next(count)), browser, host, SessionOptions())

            ours = await measure(watched, runs)
            filmed = await turns(browser, host, Path(folder) / "turns", 3 * runs)
        async with WarmProfile(choice, observed=False).open(server.started) as unwatched:
            plain = await measure(lambda: bare(unwatched, host), runs)
    measured = {
        "all gatherers on": ours,
        "bare script": plain,
        "turn with film": filmed[True],
        "turn without film": filmed[False],
    }
    for name, times in measured.items():
        low, middle, high = min(times), statistics.median(times), max(times)
        print(f"{name:18} {middle:6.3f} s  (min {low:.3f}, max {high:.3f}, {len(times)} warm runs)")
    print(f"{'ratio':18} {statistics.median(ours) / statistics.median(plain):6.2f}")
    # Pair by pair: what else the machine does changes from minute to minute.
    pairs = zip(filmed[True], filmed[False], strict=True)
    print(f"{'ratio of the film':18} {statistics.median(one / other for one, other in pairs):6.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    asyncio.run(main(options.runtime, options.runs))
