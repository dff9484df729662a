"""The attached files of the control backend: their records in its database, their bytes on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from chatkit.store import AttachmentStore
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    FileAttachment,
    ImageAttachment,
)
from pydantic import AnyUrl

from chatkit_doctor.host.sqlite_store import SQLiteStore

MAX_FILE_BYTES: Final = 1024 * 1024
"""Larger files are refused: only small samples are attached here."""


class FileAttachments(AttachmentStore[None]):
    """The files of one control backend, below ``folder``; ``url`` is where they are uploaded and read."""

    def __init__(self, store: SQLiteStore, folder: Path, url: str) -> None:
        self._store = store
        self._folder = folder
        self._url = url

    async def create_attachment(self, input: AttachmentCreateParams, context: None) -> Attachment:  # noqa: A002
        """The record of a two-phase upload: the file itself is uploaded to the URL in it."""
        attachment = self._record(input.name, input.mime_type)
        url = AnyUrl(f"{self._url}/{attachment.id}")
        descriptor = AttachmentUploadDescriptor(url=url, method="PUT", headers={})
        return attachment.model_copy(update={"upload_descriptor": descriptor})

    async def delete_attachment(self, attachment_id: str, context: None) -> None:
        """Remove the file; the operation that requests it removes the record."""
        self._path(attachment_id).unlink(missing_ok=True)

    async def take(self, name: str, mime_type: str, content: bytes) -> Attachment:
        """Store a directly uploaded file and its record."""
        attachment = self._record(name, mime_type)
        await self._store.save_attachment(attachment, None)
        self._path(attachment.id).write_bytes(content)
        return attachment

    async def put(self, attachment_id: str, content: bytes) -> None:
        """The file that belongs to a record. Raises NotFoundError when there is none."""
        attachment = await self._store.load_attachment(attachment_id, None)
        self._path(attachment.id).write_bytes(content)

    async def read(self, attachment_id: str) -> tuple[str, bytes]:
        """MIME type and content of a file. Raises NotFoundError and OSError when there is none."""
        attachment = await self._store.load_attachment(attachment_id, None)
        return attachment.mime_type, self._path(attachment.id).read_bytes()

    def _record(self, name: str, mime_type: str) -> Attachment:
        id_ = self.generate_attachment_id(mime_type, None)
        if mime_type.startswith("image/"):
            preview = AnyUrl(f"{self._url}/{id_}")
            return ImageAttachment(id=id_, name=name, mime_type=mime_type, preview_url=preview)
        return FileAttachment(id=id_, name=name, mime_type=mime_type)

    def _path(self, attachment_id: str) -> Path:
        # An id is ours, but it comes back from outside.
        return self._folder / Path(attachment_id).name
