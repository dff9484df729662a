"""Causes are proven in the browser: replayed as recorded, a session fails again; repaired, it passes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatkit_doctor.browser import silence
from chatkit_doctor.browser.target import Address
from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import Event, ReplayStarted, SessionJudged
from chatkit_doctor.engine.plan import Drive, Plan
from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.report.build import report_of
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.scenario.load import NamedScenario, load
from chatkit_doctor.scenario.page_check import page_check
from chatkit_doctor.scenario.select import catalogue
from chatkit_doctor.vocabulary import Confidence
from tests.own_pages import own_pages, without_end

LIMIT_S = 120.0
EMPTY = """
title: Events that are encoded twice, and bring no reply
backend:
  kind: script
  answers:
    "*":
      stream:
        - raw: >+
            data: "{\\"type\\": \\"thread.created\\", \\"thread\\": {\\"id\\": \\"thr_1\\",
            \\"created_at\\": \\"2026-01-01T00:00:00\\"}}"

steps:
  - send: Hello
expect:
  verdict: fail
  symptoms: [reply-missing]
  symptoms_may: [start-screen-returned, user-message-missing, user-message-vanished]
  cause: sse-double-encoded
"""
"""A cause whose repair does not help: there is no reply in what is encoded twice."""


async def told(plan: Plan) -> list[Event]:
    async with asyncio.timeout(LIMIT_S):
        return [event async for event in carry_out(plan)]


def proving(names: Sequence[str], runtime: str, folder: Path) -> list[Event]:
    sessions = tuple(
        Drive(load(catalogue().get(name, folder / f"{name}.yaml"), name), name) for name in names
    )
    plan = Plan("proof", sessions, folder, runtime=runtime, workers=1, trace=False, proves=True)
    return asyncio.run(told(plan))


@pytest.mark.browser
def test_the_three_attempts_of_the_report_are_proven(component: str, tmp_path: Path) -> None:
    events = proving([f"seed/attempt-{number}" for number in (1, 2, 3)], component, tmp_path)
    proofs = [event.judgement.proof for event in events if isinstance(event, SessionJudged)]
    assert [proof and proof.causes for proof in proofs] == [("wrong-dialect",)] * 3


@pytest.mark.browser
def test_what_the_repair_heals_is_proven_and_what_it_does_not_heal_is_not(
    component: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.yaml").write_text(EMPTY, encoding="utf-8")
    events = proving(("sse/no-blank-line", "empty"), component, tmp_path)
    replays = [event.repaired for event in events if isinstance(event, ReplayStarted)]
    judged = [event for event in events if isinstance(event, SessionJudged)]
    healed, ill = (report_of(event.judgement, {}) for event in judged)
    assert replays == [(), ("sse-bad-framing",), (), ("sse-double-encoded",)]
    for report, expected in ((healed, "proven"), (ill, "disproven")):
        assert report.proof is not None
        assert report.proof.outcome == expected
        assert report.expectation is not None
        assert report.expectation.drift == []
    assert healed.cause is not None
    assert healed.cause.confidence == "proven"
    assert ill.cause is not None
    assert ill.cause.confidence == "likely"
    assert healed.proof is not None
    before, after = healed.proof.replays
    assert (before.verdict, after.verdict, after.symptoms) == ("fail", "pass", [])
    assert any(message.role == "assistant" for message in after.messages)
    shots = [judged[0].session.directory / shot.file for shot in after.screenshots]
    assert shots
    assert all(shot.is_file() for shot in shots)


@pytest.mark.browser
def test_faults_of_the_page_are_proven_in_the_page(component: str, tmp_path: Path) -> None:
    names = {
        "page/script-refused-by-csp": "script-blocked-by-csp",
        "persistence/thread-not-remembered": "thread-not-restored",
    }
    events = proving(tuple(names), component, tmp_path)
    proofs = [event.judgement.proof for event in events if isinstance(event, SessionJudged)]
    assert [proof and proof.causes for proof in proofs] == [(cause,) for cause in names.values()]


@pytest.mark.browser
def test_on_a_persons_own_page_what_was_come_to_is_replayed_while_the_stream_stays_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first turn never ends: what the backend would have answered to the others is not known."""
    monkeypatch.setattr(silence, "SILENT_MS", 100)
    good = ControlBackend(SdkBackend())
    with own_pages(respond=without_end(good.answer)) as pages:
        url = f"{pages.url}/plain"
        check = page_check(url).scenario
        hurried = check.model_copy(update={"limits": check.limits.model_copy(update={"silence": 2_000})})
        session = Drive(NamedScenario("check", Path(), hurried), "check", Address(url))
        plan = Plan("check", (session,), tmp_path, runtime="reference", trace=False, proves=True)
        events = asyncio.run(told(plan))
    (judged,) = (event.judgement for event in events if isinstance(event, SessionJudged))
    cause, proof, recording = judged.diagnosis.cause, judged.proof, judged.recording
    assert cause is not None
    assert proof is not None
    assert (cause.id, cause.confidence) == ("stream-never-ends", Confidence.PROVEN)
    assert [replay.repaired for replay in proof.replays] == [(), ("stream-never-ends",)]
    assert proof.replays[0].recording.header.epoch_ms < recording.header.epoch_ms + recording.end_ms
