"""What a browser would refuse, in its own words, and what a user would see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.conversation.conversation import Call, Preflight
from chatkit_doctor.conversation.cors import refusal
from tests.chatkit_events import good
from tests.conversation.made import EVENT_STREAM, answer, conversation, first, judged, symptoms

ORIGIN: Final = "http://localhost:3000"
ALLOWED: Final = {"access-control-allow-origin": ORIGIN}
ASKED: Final = "chatkit-frame-instance-id,content-type"
ALLOWS: Final = ALLOWED | {"access-control-allow-headers": "Content-Type, chatkit-frame-instance-id"}


def cross_origin(
    answer: Mapping[str, str] = ALLOWED,
    preflight: Mapping[str, str] = ALLOWS,
    *,
    status: int | None = 204,
    asks: str = ASKED,
    origin: str = ORIGIN,
) -> Call:
    """A good first turn from a page at another origin."""
    return replace(
        first(good()),
        request_headers={"origin": origin},
        headers=EVENT_STREAM | dict(answer),
        preflight=Preflight(status, preflight, asks),
    )


@pytest.mark.parametrize(
    "call",
    [
        cross_origin(),
        cross_origin({"access-control-allow-origin": "*"}),
        cross_origin(preflight=ALLOWED | {"access-control-allow-headers": "*"}),
        cross_origin({}, {}, status=405, origin="http://localhost:8000"),
        first(good()),
    ],
    ids=["named", "any origin", "any header", "same origin", "no origin"],
)
def test_what_is_allowed_passes(call: Call) -> None:
    assert refusal(call) == ""


def test_what_a_browser_said_of_an_answer_that_nobody_else_saw_stands() -> None:
    kept = replace(
        cross_origin(), status=None, headers={}, chunks=(), refused="AllowOriginMismatch http://other"
    )
    assert refusal(kept) == "AllowOriginMismatch http://other"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (cross_origin({}), "MissingAllowOriginHeader"),
        (cross_origin({"access-control-allow-origin": "http://other"}), "AllowOriginMismatch http://other"),
        (cross_origin({"access-control-allow-origin": "a, b"}), "MultipleAllowOriginValues a, b"),
        (cross_origin(preflight={}), "PreflightMissingAllowOriginHeader"),
        (cross_origin(status=405), "PreflightInvalidStatus"),
        (cross_origin(status=307), "PreflightDisallowedRedirect"),
        (
            cross_origin(preflight=ALLOWED | {"access-control-allow-headers": "content-type"}),
            "HeaderDisallowedByPreflightResponse chatkit-frame-instance-id",
        ),
        (
            cross_origin(
                preflight=ALLOWED | {"access-control-allow-headers": "*"}, asks="authorization,content-type"
            ),
            "HeaderDisallowedByPreflightResponse authorization",
        ),
    ],
    ids=lambda given: given.split()[0] if isinstance(given, str) else "",
)
def test_what_is_refused_is_named_as_the_browser_names_it(call: Call, words: str, tmp_path: Path) -> None:
    assert refusal(call) == words
    report = judged(conversation(call), tmp_path)
    assert report.cause is not None
    assert (report.cause.id, report.cause.details["error"]) == ("cors-blocked", words.split(maxsplit=1)[0])
    assert {"error-shown", "start-screen-returned", "reply-missing"} <= set(symptoms(report))


def test_a_refused_preflight_is_the_end_of_it(tmp_path: Path) -> None:
    unsent = replace(cross_origin(preflight={}), status=None, headers={}, chunks=(), how="open")
    report = judged(conversation(unsent), tmp_path)
    assert report.cause is not None
    assert (report.cause.id, symptoms(report)[0]) == ("cors-blocked", "error-shown")


def test_what_a_browser_handed_over_was_allowed_whatever_a_file_kept_of_it(tmp_path: Path) -> None:
    assert answer(judged(conversation(cross_origin({}, {}), kind="har"), tmp_path)) == ("pass", "", [])


def test_the_usual_port_is_the_one_that_is_not_named() -> None:
    call = replace(cross_origin({}, {}, origin="http://localhost"), url="http://localhost:80/chatkit")
    assert refusal(call) == ""


def test_a_preflight_that_never_came_is_no_matter_of_headers() -> None:
    assert refusal(replace(cross_origin(status=None), status=None, error="refused")) == ""
