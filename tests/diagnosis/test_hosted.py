"""Hosted mode: nothing passes, only what is the page's own fails, and what OpenAI answered is named."""

from __future__ import annotations

import pytest

from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.vocabulary import Verdict
from tests.conversations import exchange
from tests.recordings import SCRIPT, Part, entry, recording

OPEN = (
    entry(0, "page", "step.begin", index=0, do="open"),
    entry(5, "page", "page.document", url="http://localhost:3000/", status=200),
    entry(8, "page", "page.script", src=SCRIPT, state="loaded", status=200),
    entry(9, "page", "page.element", state="defined", count=1),
    entry(10, "page", "page.options", options={"api": {"getClientSecret": "[function]"}}),
    entry(20, "request", "secret.asked", call="a"),
)
GIVEN = entry(30, "request", "secret.given", call="a", what="text")
UNDEFINED = entry(30, "request", "secret.given", call="a", what="undefined")
READY = (
    entry(40, "dom", "dom.state", view="start", composer=True, by="frame"),
    entry(50, "page", "step.end", index=0, do="open", outcome="settled"),
)
LOST = (
    entry(100, "page", "step.begin", index=1, do="send", turn=1, text="Hello"),
    entry(110, "component", "component.event", name="response.start"),
    entry(120, "request", "hosted.request", op="threads.create", state="sent"),
    entry(200, "dom", "dom.state", view="start", composer=True, by="frame"),
    entry(300, "page", "step.end", index=1, do="send", turn=1, outcome="settled"),
)


def answered(status: int, t: float = 130) -> Part:
    return entry(t, "request", "hosted.request", op="threads.create", state="answered", status=status)


def diagnosed(*parts: Part) -> Diagnosis:
    return judge(recording(*OPEN, *parts), None).diagnosis


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "answered with 401: they reject the client secret"),
        (403, "answered with 403: they reject this project or this page"),
        (404, "answered with 404: they know no such workflow or thread"),
        (429, "answered with 429: there were too many requests"),
        (503, "They failed with a server error (503)"),
    ],
)
def test_what_openai_answers_is_named_and_nobodys_fault(status: int, words: str) -> None:
    found = diagnosed(GIVEN, *READY, *LOST[:3], answered(status), *LOST[3:])
    assert found.symptoms
    assert (found.verdict, found.cause, found.warnings) == (Verdict.INCONCLUSIVE, None, ())
    assert words in found.reason


def test_a_service_that_cannot_be_reached_is_named() -> None:
    failed = entry(
        130,
        "request",
        "hosted.request",
        op="threads.create",
        state="failed",
        error="net::ERR_NAME_NOT_RESOLVED",
    )
    found = diagnosed(GIVEN, *READY, *LOST[:3], failed, *LOST[3:])
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "could not be reached (net::ERR_NAME_NOT_RESOLVED)" in found.reason


def test_a_refusal_that_the_next_answer_takes_back_is_not_named() -> None:
    found = diagnosed(GIVEN, *READY, *LOST[:3], answered(401), answered(200, 140), *LOST[3:])
    assert (found.verdict, "401" in found.reason) == (Verdict.INCONCLUSIVE, False)


def test_what_is_not_the_pages_own_is_no_cause() -> None:
    refused = exchange(120, status=500, observed=False)
    found = diagnosed(GIVEN, *READY, *LOST[:2], refused, *LOST[3:])
    assert found.symptoms
    assert (found.verdict, found.cause, found.warnings) == (Verdict.INCONCLUSIVE, None, ())


def test_nothing_passes() -> None:
    found = diagnosed(GIVEN, *READY)
    assert (found.verdict, found.symptoms) == (Verdict.INCONCLUSIVE, ())
    assert found.reason.startswith("no message was sent") or "hosted mode" in found.reason


def test_a_secret_that_the_page_did_not_give_fails() -> None:
    found = diagnosed(UNDEFINED, *READY, *LOST[:3], answered(401), *LOST[3:])
    assert found.verdict is Verdict.FAIL
    assert found.cause is not None
    assert (found.cause.id, found.cause.confidence) == ("client-secret-failed", "certain")
