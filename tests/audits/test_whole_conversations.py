"""All cause audits together: nothing against what works, and one cause for what is broken in one place."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.audits.registry import audits, examine
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS
from tests.audits.frame.frames import asset, document
from tests.audits.page.pages import opening, page
from tests.audits.persistence.reads import STORED, thread
from tests.audits.protocol.cases import Sent
from tests.audits.protocol.test_wrong_dialect import ATTEMPT_1, ATTEMPT_2, ATTEMPT_3
from tests.chatkit_events import (
    HELLO,
    Event,
    added,
    created,
    delta,
    done,
    good,
    item,
    part,
    part_done,
    removed,
    reply,
    streamed,
    user,
    without,
)
from tests.conversations import STREAM, Handed, exchange, recorded, written
from tests.recordings import Part, entry, reloaded, send

JSON = "application/json"
FIRST = [created(), done(user())]


def session(*turns: Sequence[Part], more: Sequence[Part] = ()) -> Recording:
    """A page that opens well and these turns, each a second apart."""
    parts: list[Part] = [
        opening(),
        document(),
        asset("index-abc123.js"),
        exchange(100, "threads.list", {"data": [], "has_more": False}, mime=JSON),
        entry(400, "component", "component.event", name="ready", detail=None),
        entry(
            450, "paint", "paint.box", at="start", width=420, height=640, in_viewport=True, display="block"
        ),
    ]
    for number, turn in enumerate(turns, start=1):
        begin = 1000.0 * number
        parts += [
            send(begin, HELLO, turn=number, until=begin + 900),
            turn,
            entry(
                begin + 300,
                "component",
                "component.event",
                name="thread.change",
                detail={"threadId": "thr_1"},
            ),
            entry(begin + 800, "component", "component.event", name="response.end", detail=None),
        ]
    return recorded(*parts, *more, entry(9000, "page", "session.ended", state="thread"))


def first(body: bytes | Sequence[Sent], **options: object) -> list[Part]:
    """The answer to the first message."""
    return exchange(1100, body=body, **options)  # type: ignore[arg-type]


def causes(recording: Recording) -> set[str]:
    """The ids of all failed cause audits; none of them may have broken down."""
    findings = [finding for finding in examine(recording) if not finding.audit.is_symptom]
    assert [f.note for f in findings if f.status is Status.ERROR] == []
    return {finding.audit.id for finding in findings if finding.status is Status.FAILED}


def test_every_cause_but_the_unexplained_has_its_audit() -> None:
    assert {audit.id for audit in audits()} == (set(CAUSES) | set(SYMPTOMS)) - {"unexplained"}


def test_every_symptom_can_be_explained() -> None:
    explained = {symptom for audit in audits() for symptom in audit.explains}
    assert explained == set(SYMPTOMS)


def test_every_cause_says_what_to_do() -> None:
    assert [a.id for a in audits() if not a.is_symptom and not (a.passes and a.why and a.fix)] == []


def test_a_good_turn_has_no_cause_of_anything() -> None:
    assert causes(session(first(good()))) == set()


def test_two_turns_and_a_reload_have_none_either() -> None:
    second = exchange(
        2100, "threads.add_user_message", good("Yes.", "And?", turn=2), params={"thread_id": "thr_1"}
    )
    read = exchange(3100, "threads.get_by_id", thread(STORED), mime=JSON, params={"thread_id": "thr_1"})
    after: list[Part] = [
        *reloaded(3000),
        page("element", 3020, state="defined", count=1),
        page("options", 3030, options={"initialThread": "thr_1"}, threw=None),
        read,
    ]
    assert causes(session(first(good()), second, more=after)) == set()


@pytest.mark.parametrize("attempt", [ATTEMPT_1, ATTEMPT_2, ATTEMPT_3])
def test_the_three_attempts_have_one_cause_each(attempt: list[Sent]) -> None:
    assert causes(session(first(attempt))) == {"wrong-dialect"}


LINES = written(good())


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"".join(b"event: x\n" + written([e]) for e in good()), id="event names"),
        pytest.param(b"".join(b"id: 1\n" + written([e]) for e in good()), id="ids"),
        pytest.param(b"retry: 3000\n\n: hi\n\n" + LINES, id="retry and comments"),
        pytest.param(LINES.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(LINES.replace(b"\n", b"\r"), id="CR"),
        pytest.param(b"\xef\xbb\xbf" + LINES, id="BOM"),
        pytest.param(LINES.rstrip(b"\n"), id="no blank line after the last event"),
        pytest.param(LINES.replace(b"data: ", b"data:"), id="no space after the colon"),
        pytest.param(
            written(
                [json.dumps(e, indent=1).replace("\n", "\ndata: ").join(["data: ", "\n\n"]) for e in good()]
            ),
            id="several data lines",
        ),
        pytest.param(LINES + b"data:\n\n", id="an event without data"),
    ],
)
def test_tolerated_framing_is_no_cause(body: bytes) -> None:
    assert causes(session(first(body))) == set()


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(
            [{"type": "thread.created", "thread": {"id": "thr_1"}}, *good()[1:]], id="a bare thread id"
        ),
        pytest.param([created(items=None), *good()[1:]], id="a thread without items"),
        pytest.param([created(created_at=1_700_000_000), *good()[1:]], id="integer created_at"),
        pytest.param([created(), done(user(thread_id="x")), *streamed()], id="another thread_id"),
        pytest.param([created(), added(user()), *streamed()], id="the user item only added"),
        pytest.param([*FIRST, done(reply())], id="only thread.item.done"),
        pytest.param([*FIRST, done(reply()), done(reply())], id="the reply finished twice"),
        pytest.param([*good()[:3], {"type": "heartbeat"}, *good()[3:]], id="an unknown event"),
        pytest.param([*good(), *streamed("More.", "a2")], id="two replies"),
        pytest.param([*good(), {"type": "notice", "level": "info", "message": "x"}], id="a notice"),
        pytest.param([{"type": "progress_update", "text": "x"}, *good()], id="progress"),
        pytest.param([*good(), {"type": "thread.updated", "thread": {"id": "thr_1"}}], id="thread.updated"),
        pytest.param([*good(), removed("nobody")], id="removal of nobody"),
        pytest.param([*good(), done(item("end_of_turn", "e"))], id="end_of_turn"),
        pytest.param(
            [created(), done(without(user(), "inference_options")), *streamed()], id="missing options"
        ),
    ],
)
def test_tolerated_events_are_no_cause(events: list[Event]) -> None:
    assert causes(session(first(events))) == set()


@pytest.mark.parametrize("custom", [Handed(), Handed(at=(20.0,)), Handed(body=LINES.replace(b"\n", b"\r\n"))])
def test_a_page_fetch_that_passes_the_stream_on_is_no_cause(custom: Handed) -> None:
    assert causes(session(first(good(), custom=custom))) == set()


def test_a_content_type_with_a_charset_is_no_cause() -> None:
    assert causes(session(first(LINES, mime=f"{STREAM}; charset=utf-8"))) == set()


def test_telemetry_and_missing_icons_are_no_cause() -> None:
    noise: list[Part] = [
        entry(
            500, "frame", "frame.request", url="https://mixpanel.com/x", status=None, error="x", noise=True
        ),
        entry(510, "component", "component.console", level="error", text="Failed to fetch", noise=True),
        page(
            "csp",
            520,
            directive="img-src",
            blocked="https://x.example",
            disposition="report",
            where="component",
        ),
        page("error", 530, message="TypeError: of the page's own", stack=""),
    ]
    assert causes(session(first(good()), more=noise)) == set()


@pytest.mark.parametrize(
    ("turn", "cause"),
    [
        (first(good()[1:]), "thread-created-missing"),
        (first([done(user()), created(), *streamed()]), "thread-created-late"),
        (first([created(), *streamed()]), "user-item-missing"),
        (first(FIRST), "reply-item-missing"),
        (first([*FIRST, *streamed()[:-1]]), "item-never-done"),
        (first([*good(), removed("a1")]), "item-removed"),
        (first([created(), done(user(item_id="x")), done(reply(item_id="x"))]), "item-id-collision"),
        (first([*FIRST, part("x"), delta("x", "x"), part_done("x", "x")]), "item-id-mismatch"),
        (first([*FIRST, created("thr_2"), *streamed()]), "thread-id-mismatch"),
        (first([*FIRST, done(reply(content="text"))]), "invalid-event"),
        (first([*FIRST, done(reply(""))]), "empty-reply"),
        (first(LINES.replace(b"\n\n", b"\n")), "sse-bad-framing"),
        (first([*good(), "data: [DONE]\n\n"]), "sse-done-marker"),
        (first([*good()[:-1], 'data: {"type": \n\n', good()[-1]]), "sse-bad-json"),
        (first([f"data: {json.dumps(json.dumps(e))}\n\n" for e in good()]), "sse-double-encoded"),
        (first(good(), how="cut"), "stream-cut"),
        (first(b""), "empty-body"),
        (first(good(), mime="text/plain"), "wrong-content-type"),
        (first(b"x", status=503, mime="text/plain"), "server-error"),
        (first(b"x", status=404, mime="text/plain"), "wrong-url"),
        (first(b"x", status=401, mime="text/html"), "auth-rejected"),
        (first(b"x", status=422, mime=JSON), "request-rejected"),
        (first(good(), custom=Handed(mime=None)), "fetch-dropped-headers"),
        (first(good(), custom=Handed(body_used=True)), "fetch-consumed-body"),
        (first(good(), custom=Handed(what="undefined")), "fetch-not-a-response"),
        (first(good(), custom=Handed(threw="Error: x")), "fetch-threw"),
        (
            first(good(), custom=Handed(body=written([*good()[:-1], done(reply("Other."))]))),
            "fetch-altered-stream",
        ),
    ],
)
def test_one_fault_is_one_cause(turn: list[Part], cause: str) -> None:
    assert causes(session(turn)) == {cause}


ERROR: Event = {"type": "error", "code": "stream.error"}


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([*FIRST, ERROR], {"backend-error-event", "reply-item-missing"}),
        ([*FIRST, *streamed()[:-1], ERROR], {"backend-error-event", "item-never-done"}),
        ([created()], {"first-message-ignored", "user-item-missing", "reply-item-missing"}),
        (
            [ERROR],
            {
                "backend-error-event",
                "first-message-ignored",
                "reply-item-missing",
                "thread-created-missing",
                "user-item-missing",
            },
        ),
        (streamed(), {"thread-created-missing", "user-item-missing"}),
        ([created(), user(), reply()], {"item-not-wrapped", "user-item-missing", "reply-item-missing"}),
        (
            [*FIRST, {"type": "thread.item.complete", "item": reply()}],
            {"unknown-event", "reply-item-missing"},
        ),
        ([created(), "data: {\n\n", *streamed()], {"sse-bad-json", "user-item-missing"}),
    ],
)
def test_no_audit_is_silent_for_what_another_one_finds(events: list[Sent], found: set[str]) -> None:
    """Which of them is the cause is for the diagnosis to say."""
    assert causes(session(first(events))) == found
