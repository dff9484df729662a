"""How long what a probe has seen stays in the page before the recorder is told."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.gather.probes import BINDING, HANDLE
from chatkit_doctor.paths import static_dir
from tests.session_runner import SessionRunner

CORE, DRIVE = (
    (static_dir() / "probes" / f"{name}.js").read_text(encoding="utf-8") for name in ("core", "drive")
)
CONFIG = json.dumps({"tee": False, "frameName": "chatkit", "componentOrigin": "https://cdn.example"})
SAYS = f"""([at_once, later]) => {{
  window.told = [];
  window.{BINDING} = (batch) => window.told.push(JSON.parse(batch).map((message) => message.entry.kind));
  const PROBE_CONFIG = {CONFIG};
  {CORE}
  {DRIVE}
  for (const kind of later) emit({{kind}}, UNHURRIED_MS);
  for (const kind of at_once) emit({{kind}});
}}"""


def told(reference: SessionRunner, at_once: list[str], later: list[str], after_ms: int) -> list[list[str]]:
    """The kinds in each batch by some time after a probe saw things of which some can wait."""

    async def tell() -> list[list[str]]:
        async with (await reference.unwatched()).tab() as tab:
            await tab.page.clock.install(time=0)
            await tab.page.clock.pause_at(1_000)
            await tab.page.evaluate(SAYS, [at_once, later])
            await tab.page.clock.run_for(after_ms)
            batches: list[list[str]] = await tab.page.evaluate("told")
            return batches

    return reference.run(tell())


@pytest.mark.browser
def test_what_is_waited_for_is_told_soon_and_takes_along_what_can_wait(reference: SessionRunner) -> None:
    assert told(reference, ["component.event"], ["sse.posted"], 20) == [["sse.posted", "component.event"]]


@pytest.mark.browser
def test_what_nobody_waits_for_waits_for_company(reference: SessionRunner) -> None:
    assert told(reference, [], ["sse.posted", "sse.posted"], 99) == []
    assert told(reference, [], ["sse.posted", "sse.posted"], 100) == [["sse.posted", "sse.posted"]]


@pytest.mark.browser
def test_nothing_is_told_twice(reference: SessionRunner) -> None:
    assert told(reference, ["component.event"], ["sse.posted"], 500) == [["sse.posted", "component.event"]]


@pytest.mark.browser
def test_whoever_is_told_that_a_document_rests_has_been_told_all_it_saw(reference: SessionRunner) -> None:
    rests = (
        f"() => {{ {HANDLE}.quietFor = () => 1_000; {HANDLE}.rest(50, 3_000).then(() => told.push([])); }}"
    )

    async def tell() -> list[list[str]]:
        async with (await reference.unwatched()).tab() as tab:
            await tab.page.clock.install(time=0)
            await tab.page.clock.pause_at(1_000)
            await tab.page.evaluate(SAYS, [[], ["dom.state"]])
            await tab.page.evaluate(rests)
            await tab.page.clock.run_for(90)
            batches: list[list[str]] = await tab.page.evaluate("told")
            return batches

    assert reference.run(tell()) == [["dom.state"], []]
