"""Whether attached files were uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.single_answers import is_misshapen, refusal
from chatkit_doctor.protocol.payload import as_object
from chatkit_doctor.recording.entries import ComponentEvent, Entry, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import exchanges

_NO_METADATA: Final = "Upload endpoint did not return file metadata"
"""The component's error if the response to an upload is not an attachment (measured)."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per file that the component reports, except those whose record could not be created."""
    if not any(step.data.do == "attach" for step in recording.of(StepBegin)):
        raise NotApplicable("no file was attached")
    failed = [entry for entry in recording.of(ComponentEvent) if _tells_of_upload(entry)]
    records = [each for each in exchanges(recording) if each.op == "attachments.create"]
    without = sorted(each.t for each in records if refusal(each) or is_misshapen(recording, each))
    for entry in failed:
        if without and without[0] <= entry.t:
            del without[0]
            continue
        said = str(as_object(entry.data.details.get("error")).get("message") or "")
        yield Failure(
            (seen(entry, f"the component reports “{said}”"),),
            t_ms=entry.t,
            why=f"The component reports “{said}”. The file disappears from the composer, and a notice says "
            "that the upload failed.",
            details={"message": said},
        )


def _tells_of_upload(entry: Entry[ComponentEvent]) -> bool:
    error = as_object(entry.data.details.get("error"))
    is_named = error.get("name") == "FileAttachmentError" or error.get("message") == _NO_METADATA
    return entry.data.name == "error" and is_named


AUDIT = Audit(
    id="upload-failed",
    passes="Every attached file was uploaded.",
    why="The file did not reach the backend.",
    fix="Two-phase upload: accept the upload at upload_descriptor.url, with its method, and respond with a "
    "2xx. Direct upload: accept the form field file at uploadUrl, and respond with the attachment as "
    "JSON: id, type, name, mime_type. If that URL is on another origin than the page, it must allow the "
    "page's origin (CORS).",
    judge=judge,
    explains=frozenset({"error-shown"}),
)
