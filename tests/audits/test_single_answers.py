"""Operations that are answered with one document, and files that are uploaded beside them."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.audits.protocol.invalid_answer import AUDIT as INVALID_ANSWER
from chatkit_doctor.audits.wire.operation_failed import AUDIT as OPERATION_FAILED
from chatkit_doctor.audits.wire.upload_failed import AUDIT as UPLOAD_FAILED
from chatkit_doctor.recording.reader import Recording
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import exchange, failed, recorded
from tests.recordings import Part, entry, step

RECORD = {"id": "atc_1", "type": "file", "name": "note.txt", "mime_type": "text/plain"}
UPLOAD = {"upload_descriptor": {"url": "files/atc_1", "method": "PUT", "headers": {}}}


def asked(op: str, answer: object, status: int = 200, *, t: float = 2_000) -> Part:
    """One operation and its answer."""
    return exchange(t, op, answer, status=status, mime="application/json")


def after_a_turn(*parts: Part) -> Recording:
    """What happens when a turn has gone well."""
    return recorded(exchange(100, body=good()), *parts)


def reported(name: str, message: str, *, t: float = 2_500) -> Part:
    """An error that the component tells the page of."""
    return entry(
        t, "component", "component.event", name="error", detail={"error": {"name": name, "message": message}}
    )


def attaching(*parts: Part) -> Recording:
    """A step in which a file is attached."""
    return after_a_turn(step(1_900, "attach", index=9, until=4_000, text="note.txt"), *parts)


@pytest.mark.parametrize(
    "op",
    [
        "items.feedback",
        "threads.update",
        "threads.delete",
        "attachments.create",
        "threads.sync_custom_action",
    ],
)
@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_operation_that_is_refused_fails(op: str, status: int) -> None:
    (failure,) = failing(OPERATION_FAILED, after_a_turn(asked(op, {}, status)))
    assert failure.details == {"op": op, "status": status}
    assert failure.title == f"{op} failed"


def test_what_the_backend_says_of_it_is_quoted() -> None:
    (failure,) = failing(
        OPERATION_FAILED, after_a_turn(asked("items.feedback", {"detail": "no such column"}, 500))
    )
    assert "no such column" in failure.why


def test_an_operation_without_any_answer_fails() -> None:
    gone = failed(2_000, "items.feedback", error="net::ERR_EMPTY_RESPONSE")
    assert len(failing(OPERATION_FAILED, after_a_turn(gone))) == 1


def test_what_the_browser_held_back_was_refused_by_nobody() -> None:
    held = failed(
        2_000, "items.feedback", error="net::ERR_FAILED", blocked="cors", cors="MissingAllowOriginHeader"
    )
    assert_silent(OPERATION_FAILED, after_a_turn(held))


@pytest.mark.parametrize("op", ["threads.list", "threads.get_by_id", "items.list"])
def test_reading_what_is_stored_is_a_matter_of_its_own(op: str) -> None:
    assert_silent(OPERATION_FAILED, after_a_turn(asked(op, {}, 500)))


def test_an_operation_that_is_answered_passes() -> None:
    assert_silent(OPERATION_FAILED, after_a_turn(asked("items.feedback", {})))


@pytest.mark.parametrize(
    ("op", "answer"),
    [
        ("attachments.create", {}),
        ("attachments.create", RECORD),
        ("attachments.create", {**UPLOAD, "mime_type": "text/plain"}),
        ("attachments.create", [RECORD]),
        ("threads.sync_custom_action", {}),
        ("threads.sync_custom_action", {"id": "wig_1", "type": "widget"}),
        ("threads.sync_custom_action", b"data: {}\n\n"),
        ("input.transcribe", {"transcript": "Hello"}),
        ("input.transcribe", {"text": None}),
    ],
)
def test_an_answer_without_what_is_needed_fails(op: str, answer: Any) -> None:
    (failure,) = failing(INVALID_ANSWER, after_a_turn(asked(op, answer)))
    assert failure.details == {"op": op}


@pytest.mark.parametrize(
    ("op", "answer"),
    [
        ("attachments.create", {**RECORD, **UPLOAD}),
        ("attachments.create", {**RECORD, "upload_url": "files/atc_1"}),
        ("threads.sync_custom_action", {"updated_item": None}),
        ("threads.sync_custom_action", {"updated_item": {"id": "wig_1", "type": "widget"}}),
        ("input.transcribe", {"text": ""}),
        ("items.feedback", []),
        ("threads.update", {}),
    ],
)
def test_an_answer_with_all_that_is_needed_passes(op: str, answer: Any) -> None:
    assert_silent(INVALID_ANSWER, after_a_turn(asked(op, answer)))


def test_a_refusal_has_no_shape() -> None:
    assert_silent(INVALID_ANSWER, after_a_turn(asked("attachments.create", {}, 500)))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("FileAttachmentError", "Failed to upload file: Internal Server Error"),
        ("IntegrationError", "Upload endpoint did not return file metadata"),
    ],
)
def test_a_file_that_the_component_reports_fails(name: str, message: str) -> None:
    made = asked("attachments.create", {**RECORD, **UPLOAD})
    (failure,) = failing(UPLOAD_FAILED, attaching(made, reported(name, message)))
    assert message in failure.why


def test_another_error_is_no_upload() -> None:
    assert_silent(UPLOAD_FAILED, attaching(reported("StreamError", "There was an error.")))


@pytest.mark.parametrize(("answer", "status"), [({}, 500), (RECORD, 200)], ids=["refused", "without a URL"])
def test_a_file_without_a_record_is_no_upload_that_failed(answer: Any, status: int) -> None:
    told = reported("FileAttachmentError", "Failed to upload file: File upload URL missing")
    assert_silent(UPLOAD_FAILED, attaching(asked("attachments.create", answer, status), told))


def test_one_record_that_fails_hides_one_report() -> None:
    parts = [
        asked("attachments.create", {}, 500),
        reported("FileAttachmentError", "Failed to upload file: Internal Server Error"),
        reported("FileAttachmentError", "Failed to upload file: Bad Gateway", t=2_600),
    ]
    (failure,) = failing(UPLOAD_FAILED, attaching(*parts))
    assert "Bad Gateway" in failure.why
