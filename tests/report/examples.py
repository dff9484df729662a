"""Reports as sessions really give them, for the tests of the outputs; and one whose every text is hostile."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Final

from chatkit_doctor.report.model import (
    CauseModel,
    CorrectionModel,
    EvidenceModel,
    ExpectationModel,
    FindingModel,
    MessageModel,
    MomentModel,
    PartingModel,
    RemainingModel,
    ReportModel,
    RequestModel,
    RunModel,
    RunTotals,
    ScreenshotModel,
    SymptomModel,
    UnansweredModel,
)
from chatkit_doctor.report.operation_model import (
    AnswerColumnModel,
    DifferenceModel,
    OperationModel,
    RequestColumnModel,
)
from chatkit_doctor.vocabulary import LAYERS

SNAPSHOT: Final[dict[str, object]] = {
    "name": "snapshot",
    "why": "the CDN did not answer within 3 s, and a snapshot is in the cache",
    "loader_sha256": "9f2c1e4ab07d5530f6d3c8a1b1e0c4ff6f6a7c0de4c1b7a2f5d8e90b3c2a1d47",
    "frame_build": "AbCdEf1234",
}
REFERENCE: Final[dict[str, object]] = {
    "name": "reference",
    "why": "the CDN did not answer and no snapshot is in the cache",
    "loader_sha256": "00ff11ee22dd33cc44bb55aa6699887766554433221100ffeeddccbbaa998877",
    "frame_build": "reference",
}
BROWSER: Final[dict[str, object]] = {"name": "chromium", "version": "156.0.1", "headless": True}
ARTIFACTS: Final = {
    "report": "report.json",
    "html": "index.html",
    "junit": "junit.xml",
    "markdown": "report.md",
    "recording": "recording.ndjson",
    "trace": "trace.zip",
    "screenshots": "screenshots",
}
NO_RELOAD: Final = UnansweredModel(
    id="history-lost", layer="dom", status="not-applicable", why="the page was not reloaded"
)
STARTED_AT: Final = "2026-03-02T09:30:00+00:00"

HOSTILE: Final = (
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> ]]> --> </style></title> {{ 7 * 7 }} {% raw %} '
    "[bold]markup[/bold] [/] [link=https://evil.example]click[/link] \x1b[31mred\x1b[0m \x00 \x07 \x9b2J "
    "\u202egnp.exe\u202c \ud800 \ufffe & 'single' \"double\" \rOVERWRITTEN"
)
"""What a backend could send to break out of any of the outputs."""


def control() -> ReportModel:
    """A good first turn."""
    return ReportModel(
        name="control/first-turn",
        title="A new thread with a streamed reply",
        verdict="pass",
        symptoms=[],
        cause=None,
        contributing=[],
        warnings=[],
        findings=[],
        passed=["reply-missing"],
        unanswered=[NO_RELOAD],
        layers={layer: "not-testable" if layer == "persistence" else "ok" for layer in LAYERS},
        messages=[
            MessageModel(
                role="user",
                kind="user-message",
                text="Hello, who are you?",
                appeared_ms=391.2,
                vanished_ms=None,
                visible_ms=498.4,
                turn=1,
            ),
            MessageModel(
                role="assistant",
                kind="assistant-message",
                text="I am a test backend, and I answer in small pieces.",
                appeared_ms=430.0,
                vanished_ms=None,
                visible_ms=459.6,
                turn=1,
            ),
        ],
        timeline=[
            MomentModel(t_ms=0.4, layer="page", text="Step 1: the page is opened", n=1),
            MomentModel(t_ms=385.0, layer="page", text='Step 2: "Hello, who are you?" is sent', n=22),
            MomentModel(t_ms=889.6, layer="page", text="The session ended", n=97),
        ],
        screenshots=[],
        expectation=ExpectationModel(met=True, drift=[]),
        runtime=SNAPSHOT,
        browser=BROWSER,
        target={"kind": "scenario", "url": "http://localhost:41001/chatkit"},
        artifacts={"folder": "control-first-turn", **ARTIFACTS},
        started_at=STARTED_AT,
        duration_ms=903.7,
    )


def attempt_3() -> ReportModel:
    """The third attempt of a self-hosted backend: Responses API events after a thread.created."""
    dialect_evidence = [
        EvidenceModel(n=31, t_ms=412.5, text="conversation.item.created belongs to the Responses API"),
        EvidenceModel(n=33, t_ms=440.1, text="response.output_item.added belongs to the Responses API"),
        EvidenceModel(n=0, t_ms=702.0, text="no thread.item.* event in the whole stream"),
    ]
    return ReportModel(
        name="seed/attempt-3",
        title="Responses API events in place of ChatKit's",
        verdict="fail",
        symptoms=[
            SymptomModel(
                id="blank-panel",
                turn=1,
                t_ms=731.0,
                title="The panel is empty: no start screen, no messages.",
                evidence=[EvidenceModel(n=52, t_ms=731.0, text="the panel is blank and stays so")],
            ),
            SymptomModel(
                id="user-message-vanished",
                turn=1,
                t_ms=731.0,
                title="The sent message was shown and then removed.",
                evidence=[
                    EvidenceModel(n=29, t_ms=398.0, text='"Hello, who are you?" appeared'),
                    EvidenceModel(n=52, t_ms=731.0, text="it is gone, 333 ms later"),
                ],
                details={"visible_ms": 333},
            ),
        ],
        cause=CauseModel(
            id="wrong-dialect",
            layer="protocol",
            confidence="certain",
            title="The backend speaks the Responses API, not ChatKit",
            why="8 of 9 events are of the Responses API (conversation.item.created, response.created, …). "
            "ChatKit ignores events of unknown type without a word. thread.created was understood, so the "
            "thread exists; nothing in it was ever confirmed, so the message was removed in the end.",
            fix="After thread.created send thread.item.done with the user's message, then thread.item.added, "
            "thread.item.updated and thread.item.done for the reply. With openai-chatkit, yield what "
            "stream_agent_response gives.",
            evidence=dialect_evidence,
            details={"dialect": "responses", "foreign_events": 8, "events": 9},
            also=["The second turn speaks it, too. Send ChatKit's own events."],
        ),
        contributing=[],
        warnings=[
            CauseModel(
                id="threads-list-invalid",
                layer="persistence",
                confidence="certain",
                title="threads.list fails or returns the wrong shape",
                why="threads.list was answered with 500. The chat works; the history does not.",
                fix='Answer threads.list with {"data": [], "has_more": false}.',
                evidence=[EvidenceModel(n=12, t_ms=301.0, text="threads.list answered 500")],
            )
        ],
        findings=[
            FindingModel(
                id="wrong-dialect",
                layer="protocol",
                role="root-cause",
                title="The events belong to another protocol",
                evidence=dialect_evidence,
                details={"dialect": "responses"},
            ),
            FindingModel(
                id="blank-panel",
                layer="dom",
                role="symptom",
                title="The panel is empty: no start screen, no messages.",
                evidence=[EvidenceModel(n=52, t_ms=731.0, text="the panel is blank and stays so")],
            ),
        ],
        passed=["stream-cut"],
        unanswered=[NO_RELOAD],
        layers={
            "page": "ok",
            "frame": "ok",
            "request": "ok",
            "wire": "ok",
            "fetch": "ok",
            "sse": "ok",
            "protocol": "broken",
            "component": "not-reached",
            "dom": "broken",
            "paint": "broken",
            "persistence": "not-testable",
        },
        messages=[
            MessageModel(
                role="user",
                kind="user-message",
                text="Hello, who are you?",
                appeared_ms=398.0,
                vanished_ms=731.0,
                visible_ms=333.0,
                turn=1,
            )
        ],
        timeline=[
            MomentModel(t_ms=0.4, layer="page", text="Step 1: the page is opened", n=1),
            MomentModel(t_ms=288.4, layer="component", text="chatkit.ready", n=9),
            MomentModel(t_ms=301.0, layer="wire", text="threads.list answered 500", n=12),
            MomentModel(t_ms=385.0, layer="page", text='Step 2: "Hello, who are you?" is sent', n=22),
            MomentModel(
                t_ms=398.0, layer="dom", text='The user\'s message appeared: "Hello, who are you?"', n=29
            ),
            MomentModel(t_ms=405.3, layer="wire", text="threads.create answered 200 text/event-stream", n=30),
            MomentModel(t_ms=412.5, layer="sse", text="First event: thread.created", n=31),
            MomentModel(
                t_ms=702.0, layer="wire", text="threads.create finished: 9 events, 2,114 bytes", n=48
            ),
            MomentModel(t_ms=704.1, layer="component", text="response.end", n=50),
            MomentModel(
                t_ms=731.0, layer="dom", text="The panel went blank; the user's message vanished", n=52
            ),
            MomentModel(t_ms=1180.0, layer="page", text="The session ended", n=80),
        ],
        screenshots=[
            ScreenshotModel(
                name="start", why="before anything was sent", t_ms=380.0, file="screenshots/start.png"
            ),
            ScreenshotModel(
                name="vanished",
                why="the user's message vanished",
                t_ms=745.0,
                file="screenshots/vanished.png",
            ),
            ScreenshotModel(
                name="end", why="the end of the session", t_ms=1170.0, file="screenshots/end.png"
            ),
        ],
        corrections=[
            CorrectionModel(
                turn=1,
                op="threads.create",
                file="corrected/turn-1.sse",
                events=14,
                text="".join(
                    f'data: {{"type": "thread.item.updated", "number": {n}}}\n\n' for n in range(14)
                ),
            )
        ],
        reproduce=[
            RequestModel(
                turn=1,
                op="threads.create",
                command='curl -N -X POST http://localhost:41002/chatkit -H "authorization: Bearer $TOKEN" '
                """--data-raw '{"type": "threads.create", "params": {"input": {"content": []}}}'""",
                variables=["TOKEN"],
            )
        ],
        expectation=ExpectationModel(met=True, drift=[]),
        runtime=SNAPSHOT,
        browser=BROWSER,
        target={"kind": "scenario", "url": "http://localhost:41002/chatkit"},
        artifacts={
            "folder": "seed-attempt-3",
            **ARTIFACTS,
            "corrected": "corrected",
            "reproduce": "reproduce.sh",
        },
        started_at=STARTED_AT,
        duration_ms=1193.0,
    )


def checked() -> ReportModel:
    """The same failure found by checking a backend: nothing was expected of it."""
    report = attempt_3()
    artifacts = {name: path for name, path in report.artifacts.items() if name != "folder"}
    return report.model_copy(
        update={
            "name": "check",
            "title": "http://localhost:8000/chatkit",
            "expectation": None,
            "artifacts": artifacts,
        }
    )


def own(verdict: str) -> ReportModel:
    """A scenario of the user's own that expects nothing, with this verdict."""
    found = {"pass": control(), "fail": checked(), "inconclusive": broken_off()}[verdict]
    name = f"mine/{verdict}"
    artifacts = {"folder": name, **ARTIFACTS}
    return found.model_copy(update={"name": name, "title": name, "expectation": None, "artifacts": artifacts})


def drifted() -> ReportModel:
    """A scenario that passed although a failure was expected."""
    return control().model_copy(
        update={
            "name": "transport/event-names",
            "title": "Every event carries an event: name",
            "expectation": ExpectationModel(
                met=False,
                drift=[
                    "The verdict is pass, expected was fail.",
                    "The symptom reply-missing was expected and not seen.",
                ],
            ),
            "artifacts": {"folder": "transport-event-names", **ARTIFACTS},
        }
    )


def broken_off() -> ReportModel:
    """The browser died in the middle of a turn."""
    return control().model_copy(
        update={
            "name": "control/reload",
            "title": "The thread is there again after a reload",
            "verdict": "inconclusive",
            "reason": "the recording has no footer: the run broke off (the browser process ended)",
            "passed": [],
            "unanswered": [],
            "messages": [],
            "layers": dict.fromkeys(LAYERS, "not-testable"),
            "expectation": ExpectationModel(
                met=False, drift=["The verdict is inconclusive, expected was pass."]
            ),
            "artifacts": {"folder": "control-reload", "recording": "recording.ndjson"},
        }
    )


def left_open() -> ReportModel:
    """One that the simulated experiments do not explain."""
    return attempt_3().model_copy(
        update={
            "remaining": [RemainingModel(id="reply-missing", turn=1)],
            "parting": PartingModel(
                n=41,
                t_ms=1204.0,
                event="event 9 (thread.item.done)",
                seen="the start screen",
                simulated="assistant: “Hi.”",
            ),
        }
    )


def hostile() -> ReportModel:
    """A report in which every foreign text tries to break out, and paths try to lead elsewhere."""
    evidence = [EvidenceModel(n=52, t_ms=5.0, text=HOSTILE), EvidenceModel(n=0, t_ms=6.0, text="x" * 50_000)]
    cause = CauseModel(
        id=HOSTILE,
        layer="protocol",
        confidence=HOSTILE,
        title=HOSTILE,
        why=HOSTILE,
        fix=HOSTILE,
        evidence=evidence,
        details={HOSTILE: HOSTILE, "dialect": HOSTILE, "nested": {"list": [HOSTILE, None, float("nan")]}},
        also=[HOSTILE],
    )
    return ReportModel(
        name=f"seed/{HOSTILE}",
        title=HOSTILE,
        verdict="fail",
        reason=HOSTILE,
        experiment=HOSTILE,
        remaining=[RemainingModel(id=HOSTILE, turn=1)],
        parting=PartingModel(n=52, t_ms=5.0, event=HOSTILE, seen=HOSTILE, simulated=HOSTILE),
        symptoms=[
            SymptomModel(
                id=HOSTILE, turn=1, t_ms=5.0, title=HOSTILE, evidence=evidence, details={"a": HOSTILE}
            )
        ],
        cause=cause,
        contributing=[cause],
        warnings=[cause],
        findings=[
            FindingModel(
                id=HOSTILE,
                layer=HOSTILE,
                role=HOSTILE,
                title=HOSTILE,
                evidence=evidence,
                details={"a": HOSTILE},
            )
        ],
        passed=[HOSTILE],
        unanswered=[UnansweredModel(id=HOSTILE, layer=HOSTILE, status=HOSTILE, why=HOSTILE)],
        layers={"page": "ok", "protocol": "broken", HOSTILE: HOSTILE},
        operations=[_operation(HOSTILE), _operation("answered-by-page"), _operation("changed")],
        operations_left_out=7,
        messages=[
            MessageModel(
                role=HOSTILE,
                kind=HOSTILE,
                text=HOSTILE + "y" * 50_000,
                appeared_ms=1.0,
                vanished_ms=2.0,
                visible_ms=1.0,
            )
        ],
        timeline=[MomentModel(t_ms=5.0, layer=HOSTILE, text=HOSTILE, n=52)],
        screenshots=[
            ScreenshotModel(name=HOSTILE, why=HOSTILE, t_ms=5.0, file="javascript:alert(3)"),
            ScreenshotModel(name="outside", why=HOSTILE, t_ms=5.0, file="../../secret.png"),
            ScreenshotModel(name="remote", why=HOSTILE, t_ms=5.0, file="//evil.example/track.png"),
        ],
        corrections=[CorrectionModel(turn=1, op=HOSTILE, file="../../up.sse", events=9, text=HOSTILE)],
        reproduce=[RequestModel(turn=1, op=HOSTILE, command=HOSTILE, variables=[HOSTILE], shortened=True)],
        expectation=ExpectationModel(met=False, drift=[HOSTILE]),
        runtime={"name": "reference", "why": HOSTILE, HOSTILE: HOSTILE},
        browser={"name": HOSTILE, "version": HOSTILE},
        target={"kind": "backend", "url": "javascript:alert(4)"},
        artifacts={"trace": "a b;$(touch pwned)/trace.zip", HOSTILE: "https://evil.example/report"},
        started_at=HOSTILE,
        duration_ms=10.0,
    )


def _operation(outcome: str) -> OperationModel:
    """An operation with hostile text wherever there is any."""
    differences = [DifferenceModel(part=HOSTILE, before=HOSTILE, after=None)]
    request = RequestColumnModel(
        state=HOSTILE,
        differences=differences,
        left_out=3,
        note=HOSTILE,
        method=HOSTILE,
        url="javascript:alert(5)",
        headers={HOSTILE: HOSTILE},
        body=HOSTILE,
    )
    answer = AnswerColumnModel(
        state=HOSTILE, differences=differences, note=HOSTILE, status=200, content_type=HOSTILE, body=HOSTILE
    )
    return OperationModel(
        op=HOSTILE,
        turn=1,
        t_ms=5.0,
        n=52,
        outcome=outcome,
        own_fetch=True,
        requests=2,
        asked=request,
        sent=request,
        answered=answer,
        handed_back=answer,
    )


def rewritten() -> ReportModel:
    """A page whose fetch answers the history itself and sends messages in a form of its own."""
    asked = RequestColumnModel(
        state="shown",
        method="POST",
        url="http://localhost:41002/chatkit",
        headers={"content-type": "application/json"},
        body='{"type": "threads.create", "params": {}}',
    )
    changed = [DifferenceModel(part="$.type", before='"threads.create"', after=None)]
    answered = AnswerColumnModel(state="shown", status=200, content_type="text/event-stream", events=9)
    listed = OperationModel(
        op="threads.list",
        turn=None,
        t_ms=301.0,
        n=12,
        outcome="answered-by-page",
        own_fetch=True,
        requests=0,
        asked=asked,
        sent=RequestColumnModel(state="none", note="Answered by the page."),
        answered=AnswerColumnModel(state="none", note="Nobody was asked."),
        handed_back=AnswerColumnModel(
            state="shown", status=200, content_type="application/json", body='{"data": []}'
        ),
    )
    created = listed.model_copy(
        update={
            "op": "threads.create",
            "turn": 1,
            "outcome": "changed",
            "requests": 1,
            "sent": asked.model_copy(update={"state": "different", "differences": changed, "left_out": 2}),
            "answered": answered,
            "handed_back": answered.model_copy(update={"state": "same"}),
        }
    )
    return checked().model_copy(update={"operations": [listed, created], "operations_left_out": 4})


def run(*reports: ReportModel) -> RunModel:
    """A run of these sessions; without any, one of each kind."""
    sessions = list(reports or (control(), attempt_3(), drifted(), broken_off()))
    inconclusive = [report for report in sessions if report.verdict == "inconclusive"]
    free = [report for report in sessions if report.expectation is None and report not in inconclusive]
    met = sum(1 for report in sessions if report.expectation and report.expectation.met)
    passed = sum(1 for report in free if report.verdict == "pass")
    return RunModel(
        verdict="pass" if met + passed == len(sessions) else "fail",
        totals=RunTotals(
            scenarios=len(sessions),
            as_expected=met,
            drifted=len(sessions) - met - len(free) - len(inconclusive),
            passed=passed,
            failed=len(free) - passed,
            inconclusive=len(inconclusive),
            duration_ms=sum(report.duration_ms for report in sessions),
        ),
        runtime=sessions[0].runtime,
        browser=BROWSER,
        started_at=STARTED_AT,
        scenarios=sessions,
    )


def picture(path: Path, *, width: int = 40, height: int = 60) -> None:
    """Write a plain grey PNG, so that a report's pictures have something to show."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\xd8" * width for _ in range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
